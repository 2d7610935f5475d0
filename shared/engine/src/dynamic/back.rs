//! Numbered pages that are looked at again once the next was read, because their listing may have moved meanwhile.
//!
//! A record that leaves its place makes each one behind it move up, the first of the next page behind the last of this one: what stands
//! there now and did not before is read then. That costs a second request a page. In ascending order of change it is done where one time
//! fills the pages, so that none can begin anew; in any other order wherever changes are read by their time, for what is passed over would lie
//! behind the mark; and in a scan of which absence is concluded, until a page is met that shows others than it did.

use connector::{EventMapping, Order, Read};
use document::{Item, Value, hash_bytes, hash_item, object};

use super::{anew::{self, Next}, change, fetch::{Fetched, Reach}, state::{At, State}};

/// A page that is looked at again, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Back {
    /// Where it is; `None` is the first.
    pub(crate) at: Option<Box<At>>,
    /// The page that follows.
    page: Option<Box<At>>,
    /// The start of what follows, where it begins anew. Nothing follows where there is neither.
    from: Option<i64>,
}

/// A page that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tail {
    /// Where it is; `None` is the first.
    at: Option<At>,
    /// What its last record is known by.
    last: String,
    /// What all its records are known by.
    all: String,
    /// How many there are.
    count: i64,
}

/// Digits of the hash of an id.
const DIGITS: usize = 16;

/// What follows a page with these records, before any is expanded: first the page before it once more, where both are numbered and their listing may move.
pub(crate) fn checked(read: &Read, events: &EventMapping, state: &mut State, fetched: &Fetched, records: &[Item<'_>], next: Next) -> Next {
    let before = state.part.tails.pop();
    let follows = match &next {
        Next::Page(_) => state.part.by_number,
        Next::Anew(_) => true,
        Next::First | Next::None => false,
    };
    let looked = match fetched.reach {
        // What is read from behind the last record is looked at again where that cannot be done; any other order always.
        Reach::Changes => read.incremental.as_ref().is_some_and(|incremental| incremental.order != Order::Ascending || anew::moves(read, fetched)),
        Reach::Whole => !state.partial,
        Reach::Every => true,
        Reach::All => false,
    };
    if !looked {
        return next;
    }
    let tail = follows.then(|| records.last().map(|last| Tail { at: fetched.state.part.at.clone(), last: print(read, events, *last), all: all(read, events, records), count: i64::try_from(records.len()).unwrap_or(i64::MAX) })).flatten();
    state.part.tails = before.clone().into_iter().chain(tail).collect();
    let Some(before) = before else { return next };
    // Behind a page that is not full there was nothing that could have moved up.
    let size = read.pagination.as_ref().and_then(|pagination| pagination.size).map_or(1, i64::from);
    if records.is_empty() && before.count < size && (before.at.is_none() || before.count < state.part.most) {
        return next;
    }
    let (page, from) = match next {
        Next::Page(at) if follows => (Some(Box::new(at)), None),
        Next::Anew(from) => (None, Some(from)),
        Next::None => (None, None),
        other => return other,
    };
    Next::Page(At::Back(Back { at: before.at.map(Box::new), page, from }))
}

/// The records on a page that was looked at again that were not there before, of those that stood on it and what became of them. A scan is no more whole where it shows others.
pub(crate) fn moved_up<'r>(read: &Read, events: &EventMapping, state: &mut State, reach: Reach, stood: &[Item<'r>], mut records: Vec<Item<'r>>) -> Vec<Item<'r>> {
    let Some(before) = state.part.tails.first() else { return records };
    let moved = all(read, events, stood) != before.all;
    state.partial |= reach == Reach::Whole && moved;
    if !read.records.expand.is_empty() {
        // Which of them came of which record is not known any more.
        return if moved { records } else { Vec::new() };
    }
    let last = records.iter().rposition(|record| print(read, events, *record) == before.last);
    records.split_off(last.map_or(0, |last| last + 1))
}

impl Back {
    /// What follows.
    pub(crate) fn next(&self, state: &mut State) -> Next {
        state.part.tails.drain(..1.min(state.part.tails.len()));
        self.page.clone().map(|page| Next::Page(*page)).or(self.from.map(Next::Anew)).unwrap_or(Next::None)
    }

    /// As it is kept between pages.
    pub(crate) fn value(&self) -> Value {
        let place = |at: &Option<Box<At>>| at.as_ref().map(|at| at.value());
        object([("at", place(&self.at)), ("page", place(&self.page)), ("from", self.from.map(Value::from))])
    }

    /// As it was kept.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        let place = |key: &str| value.get(key).and_then(At::of).map(Box::new);
        value.entries().map(|_| Self { at: place("at"), page: place("page"), from: value.get("from").and_then(Value::as_i64) })
    }
}

impl Tail {
    /// As it is kept between pages.
    pub(crate) fn value(&self) -> Value {
        object([("at", self.at.as_ref().map(At::value)), ("last", Some(self.last.as_str().into())), ("all", Some(self.all.as_str().into())), ("n", Some(self.count.into()))])
    }

    /// As it was kept.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        Some(Self { at: value.get("at").and_then(At::of), last: text("last")?, all: text("all")?, count: value.get("n")?.as_i64()? })
    }
}

/// What a record is known by.
fn print(read: &Read, events: &EventMapping, record: Item<'_>) -> String {
    if !read.records.expand.is_empty() {
        // The id is that of what it is expanded to.
        return short(&hash_item(record));
    }
    short(change::external_id(record, events, Some(&read.records)).as_bytes())
}

/// What all records of a page are known by.
fn all(read: &Read, events: &EventMapping, records: &[Item<'_>]) -> String {
    short(records.iter().map(|record| print(read, events, *record)).collect::<String>().as_bytes())
}

fn short(bytes: &[u8]) -> String {
    let mut text = hex::encode(hash_bytes(bytes));
    text.truncate(DIGITS);
    text
}
