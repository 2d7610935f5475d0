//! The progress guard: a listing that repeats itself, stays empty or never ends is stopped, and told by the pages it repeats.
//!
//! Some pages are remembered by number and hash: the last ones, and one that moves to ever later pages (Brent), so that a
//! circle of any length is met.

use connector::Pagination;
use document::{Value, object};
use fault::Simple;

/// What is known of the pages read so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Guard {
    /// Pages read.
    pub(crate) pages: i64,
    /// Empty pages in a row.
    pub(crate) empty: i64,
    /// Pages remembered: number and hash.
    marks: Vec<(i64, String)>,
    /// The page a circle is looked for from.
    brent: Option<(i64, String)>,
}

/// How a listing goes on behind a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Onward {
    /// To where something with this hash says.
    To(String),
    /// To what is counted.
    Counted,
    /// It is over.
    Over,
}

/// How many of the last pages are remembered.
const LAST: usize = 4;
/// Digits of a remembered hash.
const DIGITS: usize = 16;

impl Guard {
    /// Takes a page into account: the hash of what it holds, and how the listing goes on. A page that comes again is one
    /// too many even where the listing is over: it stands where another should.
    ///
    /// # Errors
    /// `cursor_loop` with the pages that are the same, or what there is too much of.
    pub(crate) fn page(&mut self, limits: &Pagination, records: usize, content: &str, next: &Onward) -> Result<(), Simple> {
        self.pages = self.pages.saturating_add(1);
        let stop = |message: String| Err(Simple::reject("cursor_loop", message));
        // Where pages are counted an empty one may end the listing.
        if self.pages > i64::from(limits.max_pages) && (records > 0 || *next != Onward::Over) {
            return stop(format!("more than {} pages were read", limits.max_pages));
        }
        if records == 0 {
            self.empty = self.empty.saturating_add(1);
            return if *next != Onward::Over && self.empty > i64::from(limits.max_empty) { stop(format!("{} pages in a row are empty, the last being page {}", self.empty, self.pages)) } else { Ok(()) };
        }
        self.empty = 0;
        let short = |text: &str| text.get(..DIGITS).unwrap_or(text).to_owned();
        let position = if let Onward::To(position) = next { Some(format!("p{}", short(position))) } else { None };
        let content = format!("r{}", short(content));
        for hash in position.iter().chain([&content]) {
            if let Some((page, _)) = self.marks.iter().chain(&self.brent).find(|(_, known)| known == hash) {
                let what = if hash.starts_with('p') { "leads where page" } else { "holds what page" };
                return stop(format!("page {} {what} {page} does: the listing repeats itself", self.pages));
            }
        }
        // The page at a power of two may have been empty.
        if self.brent.as_ref().is_none_or(|(page, _)| self.pages / 2 >= *page) {
            self.brent = Some((self.pages, position.clone().unwrap_or_else(|| content.clone())));
        }
        self.marks.extend(position.map(|position| (self.pages, position)).into_iter().chain([(self.pages, content)]));
        let surplus = self.marks.len().saturating_sub(2 * LAST);
        self.marks.drain(..surplus);
        Ok(())
    }

    /// As it is kept between pages.
    pub(crate) fn value(&self) -> Option<Value> {
        let pair = |(page, hash): &(i64, String)| Value::Array(vec![(*page).into(), hash.as_str().into()]);
        let marks = (!self.marks.is_empty()).then(|| Value::Array(self.marks.iter().map(pair).collect()));
        (self.pages > 0).then(|| object([("n", Some(self.pages.into())), ("e", (self.empty > 0).then(|| self.empty.into())), ("m", marks), ("b", self.brent.as_ref().map(pair))]))
    }

    /// As it was kept.
    pub(crate) fn of(value: Option<&Value>) -> Self {
        let number = |key: &str| value.and_then(|value| value.get(key)).and_then(Value::as_i64).unwrap_or(0);
        let pair = |value: &Value| Some((value.items()?.first()?.as_i64()?, value.items()?.get(1)?.as_str()?.to_owned()));
        let marks = value.and_then(|value| value.get("m")).and_then(Value::items).unwrap_or_default().iter().filter_map(pair).collect();
        Self { pages: number("n"), empty: number("e"), marks, brent: value.and_then(|value| value.get("b")).and_then(pair) }
    }
}
