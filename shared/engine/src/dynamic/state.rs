//! The cursor as others carry it: page state and watermark in one JSON text, saved together.

use document::{Value, object, parse_str};
use fault::Simple;

/// Where a run stands. What is absent has not happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The watermark this run asks from; fixed while it lasts.
    pub(crate) since: Option<Mark>,
    /// The greatest time seen, which the next run asks from.
    pub(crate) high: Option<Mark>,
    /// The last cursor the source named.
    pub(crate) last: Option<Value>,
    /// The page in progress.
    pub(crate) at: Option<At>,
    /// Which batch of keys a scan is at.
    pub(crate) batch: usize,
}

/// A time, and the text the source wrote it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) ms: i64,
    pub(crate) text: String,
}

/// The page to read next, where it is not the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum At {
    /// A cursor.
    Cursor(Value),
    /// A page number, how many records came before, and the hash of the page before.
    Page { number: i64, seen: i64, before: String },
    /// An address.
    Url(String),
}

impl State {
    /// Reads a cursor.
    pub(crate) fn read(cursor: Option<&str>) -> Result<Self, Simple> {
        let Some(text) = cursor else { return Ok(Self::default()) };
        let value = parse_str(text).map_err(|_| Simple::park("argument_invalid", "the cursor is not one of ours"))?;
        let batch = value.get("batch").and_then(Value::as_i64).and_then(|batch| usize::try_from(batch).ok()).unwrap_or(0);
        Ok(Self { since: mark(value.get("since")), high: mark(value.get("high")), last: value.get("last").cloned(), at: value.get("at").and_then(at), batch })
    }

    /// The cursor as text.
    pub(crate) fn text(&self) -> String {
        let mark = |mark: &Option<Mark>| mark.as_ref().map(|mark| object([("ms", Some(mark.ms.into())), ("text", Some(mark.text.as_str().into()))]));
        let batch = i64::try_from(self.batch).ok().filter(|batch| *batch > 0).map(Value::from);
        object([("since", mark(&self.since)), ("high", mark(&self.high)), ("last", self.last.clone()), ("at", self.at.as_ref().map(At::value)), ("batch", batch)]).to_string()
    }

    /// Takes a time of a record into account.
    pub(crate) fn seen(&mut self, ms: i64, text: String) {
        if self.high.as_ref().is_none_or(|high| high.ms < ms) {
            self.high = Some(Mark { ms, text });
        }
    }

    /// The state after the last page: the next run asks from the greatest time seen.
    pub(crate) fn ended(self) -> Self {
        let since = match (self.since, self.high) {
            (Some(since), Some(high)) if high.ms < since.ms => Some(since),
            (since, high) => high.or(since),
        };
        Self { since, last: self.last, ..Self::default() }
    }
}

impl At {
    fn value(&self) -> Value {
        match self {
            At::Cursor(cursor) => object([("cursor", Some(cursor.clone()))]),
            At::Page { number, seen, before } => object([("page", Some((*number).into())), ("seen", Some((*seen).into())), ("before", Some(before.as_str().into()))]),
            At::Url(url) => object([("url", Some(url.as_str().into()))]),
        }
    }
}

fn mark(value: Option<&Value>) -> Option<Mark> {
    let value = value?;
    Some(Mark { ms: value.get("ms")?.as_i64()?, text: value.get("text")?.as_str()?.to_owned() })
}

fn at(value: &Value) -> Option<At> {
    if let Some(cursor) = value.get("cursor") {
        return Some(At::Cursor(cursor.clone()));
    }
    if let Some(url) = value.get("url") {
        return Some(At::Url(url.as_str()?.to_owned()));
    }
    Some(At::Page { number: value.get("page")?.as_i64()?, seen: value.get("seen")?.as_i64()?, before: value.get("before")?.as_str()?.to_owned() })
}
