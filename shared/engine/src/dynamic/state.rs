//! The cursor as others carry it: where a run stands and what is known from earlier ones, in one JSON text, saved together.

use document::{Value, object};
use fault::Simple;

use super::{back::Back, level::Level, noticed::Noticed};
pub(crate) use super::{mark::{Mark, Point}, part::Part};

/// Where a run stands. What is absent has not happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// Where each level of the fan-out stands; empty before the first partition.
    pub(crate) levels: Vec<Level>,
    /// The present partition.
    pub(crate) part: Part,
    /// What earlier runs read of each partition.
    pub(crate) marks: Vec<(String, Mark)>,
    /// What earlier runs read where there are no partitions, or one mark holds for all.
    pub(crate) mark: Option<Mark>,
    /// What this run read so far of all partitions, where one mark holds for all.
    pub(crate) whole: Option<Mark>,
    /// The last cursor the source named, where the request asks by `{{cursor}}` alone.
    pub(crate) last: Option<Value>,
    /// Where the outermost parents stand for the next run, by name, where only changed parents are read.
    pub(crate) parents: Vec<(String, State)>,
    /// How records told their changes when the marks were made.
    pub(crate) made: Option<String>,
    /// When a run over several partitions began.
    pub(crate) began: Option<i64>,
    /// The source held something back, or moved while it was read: nothing is concluded from what is not there.
    pub(crate) partial: bool,
    /// Which batch of keys a scan is at.
    pub(crate) batch: usize,
    /// Which of several scans of one type is read.
    pub(crate) scan: usize,
    /// What was noticed of parents since the last page: it goes with the next one, and is not kept.
    pub(crate) noticed: Noticed,
}

/// To what most clocks are cut.
const STEP_MS: i64 = 1_000;

/// The page to read next, where it is not the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum At {
    /// A page number or an offset.
    Number(i64),
    /// A cursor.
    Cursor(Value),
    /// An address as it stands.
    Url(String),
    /// An address that has names for secrets.
    Href(String),
    /// Values by which the next page is asked for.
    Values(Vec<(String, Value)>),
    /// A listing to be closed.
    Close(Value),
    /// A numbered page once more.
    Back(Back),
}

impl State {
    /// Reads a cursor.
    pub(crate) fn read(cursor: Option<&str>) -> Result<Self, Simple> {
        let Some(text) = cursor else { return Ok(Self::default()) };
        let limits = document::Limits { depth: 64, ..document::Limits::default() };
        let value = document::parse(text.as_bytes(), &limits).map_err(|_| Simple::park("argument_invalid", "the cursor is not one of ours"))?;
        if value.entries().is_none() {
            return Err(Simple::park("argument_invalid", "the cursor is not one of ours"));
        }
        Ok(Self::of(&value))
    }

    /// The same, asking for everything from an instant on: no mark lies behind it.
    pub(crate) fn before(mut self, ceiling: Option<i64>) -> Self {
        let Some(ceiling) = ceiling else { return self };
        let marks = self.mark.iter_mut().chain(self.marks.iter_mut().map(|(_, mark)| mark)).map(|mark| &mut mark.point);
        for point in marks.filter(|point| point.value > ceiling) {
            point.value = ceiling;
        }
        // A page that is read again shows later versions than those whose children were read.
        let known = self.mark.iter_mut().chain(self.marks.iter_mut().map(|(_, mark)| mark)).map(|mark| &mut mark.known);
        known.for_each(|known| known.retain(|(value, _)| *value < ceiling.saturating_sub(STEP_MS)));
        self
    }

    /// Forgets what only saves doubles.
    pub(crate) fn lighten(&mut self) {
        for level in &mut self.levels {
            level.lighten();
            level.at.iter_mut().for_each(|state| state.lighten());
        }
        self.parents.iter_mut().for_each(|(_, state)| state.lighten());
    }

    /// The cursor as text.
    pub(crate) fn text(&self) -> String {
        self.value().to_string()
    }

    pub(crate) fn value(&self) -> Value {
        let marks = (!self.marks.is_empty()).then(|| Value::Object(self.marks.iter().map(|(key, mark)| (key.clone(), mark.value())).collect()));
        let levels = (!self.levels.is_empty()).then(|| Value::Array(self.levels.iter().map(Level::value).collect()));
        let parents = (!self.parents.is_empty()).then(|| Value::Object(self.parents.iter().map(|(name, state)| (name.clone(), state.value())).collect()));
        object([
            ("levels", levels), ("part", self.part.value()), ("marks", marks), ("mark", self.mark.as_ref().map(Mark::value)), ("whole", self.whole.as_ref().map(Mark::value)), ("last", self.last.clone()),
            ("parents", parents), ("made", self.made.as_deref().map(Value::from)), ("began", self.began.map(Value::from)), ("partial", self.partial.then(|| true.into())), ("batch", number(self.batch)), ("scan", number(self.scan)),
        ])
    }

    pub(crate) fn of(value: &Value) -> Self {
        let marks = value.get("marks").and_then(Value::entries).unwrap_or_default();
        Self {
            levels: value.get("levels").and_then(Value::items).unwrap_or_default().iter().map(Level::of).collect(),
            part: Part::of(value.get("part")),
            marks: marks.iter().filter_map(|(key, mark)| Some((key.clone(), Mark::of(mark)?))).collect(),
            mark: value.get("mark").and_then(Mark::of),
            whole: value.get("whole").and_then(Mark::of),
            last: value.get("last").cloned(),
            parents: value.get("parents").and_then(Value::entries).unwrap_or_default().iter().map(|(name, state)| (name.clone(), Self::of(state))).collect(),
            made: value.get("made").and_then(Value::as_str).map(str::to_owned),
            began: value.get("began").and_then(Value::as_i64),
            partial: value.get("partial").is_some(),
            batch: count(value.get("batch")),
            scan: count(value.get("scan")),
            noticed: Noticed::default(),
        }
    }
}

impl At {
    pub(crate) fn value(&self) -> Value {
        let one = |key: &str, value: Value| Value::Object(vec![(key.to_owned(), value)]);
        match self {
            At::Number(number) => one("number", (*number).into()),
            At::Cursor(cursor) => one("cursor", cursor.clone()),
            At::Url(url) => one("url", url.as_str().into()),
            At::Href(url) => one("href", url.as_str().into()),
            At::Values(values) => one("values", Value::Object(values.clone())),
            At::Close(id) => one("close", id.clone()),
            At::Back(back) => one("back", back.value()),
        }
    }

    pub(crate) fn of(value: &Value) -> Option<Self> {
        let (key, value) = value.entries()?.first()?;
        Some(match key.as_str() {
            "number" => At::Number(value.as_i64()?),
            "cursor" => At::Cursor(value.clone()),
            "url" => At::Url(value.as_str()?.to_owned()),
            "href" => At::Href(value.as_str()?.to_owned()),
            "values" => At::Values(value.entries()?.to_vec()),
            "close" => At::Close(value.clone()),
            "back" => At::Back(Back::of(value)?),
            _ => return None,
        })
    }
}

fn number(value: usize) -> Option<Value> {
    i64::try_from(value).ok().filter(|value| *value > 0).map(Value::from)
}

fn count(value: Option<&Value>) -> usize {
    value.and_then(Value::as_i64).and_then(|value| usize::try_from(value).ok()).unwrap_or(0)
}
