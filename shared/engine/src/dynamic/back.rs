//! Numbered pages in ascending order that cannot begin anew, because one time fills them: each is looked at again once the next was read.
//!
//! A record that changes meanwhile leaves its place, and the first of the next page moves up behind the last of this one: what stands there
//! now and did not before is read then. That costs such pages a second request each, and nothing is passed over.

use connector::{EventMapping, Read};
use document::{Item, Value, hash_bytes, object};

use super::{anew::{self, Next}, asking, change, fetch::Fetched, state::{At, State}};

/// A page that is looked at again, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Back {
    /// Its number or offset.
    pub(crate) number: i64,
    /// The number of the page that follows.
    page: Option<i64>,
    /// The start of what follows, where it begins anew. Nothing follows where there is neither.
    from: Option<i64>,
}

/// Numbers of pages, and what the last record on each is known by.
pub(crate) type Tails = Vec<(i64, String)>;

/// Digits of the hash of an id.
const DIGITS: usize = 16;

/// What follows a page with this record as its last: first the page before it once more, where both are numbered and their listing moves.
pub(crate) fn checked(read: &Read, events: &EventMapping, state: &mut State, fetched: &Fetched, last: Option<Item<'_>>, next: Next) -> Next {
    let numbered = matches!(fetched.state.part.at, None | Some(At::Number(_)));
    let Some(number) = asking::number(read, &fetched.state).and_then(|number| number.parse().ok()).filter(|_| numbered && anew::moves(read, fetched)) else { return next };
    let before = state.part.tails.pop();
    state.part.tails = before.clone().into_iter().chain(last.map(|last| (number, print(read, events, last)))).collect();
    // Behind a page that is not full there was nothing that could have moved up.
    let size = read.pagination.as_ref().and_then(|pagination| pagination.size).map_or(1, i64::from).max(1);
    if last.is_none() && state.part.count % size != 0 {
        return next;
    }
    let Some((before, _)) = before else { return next };
    let (page, from) = match next {
        Next::Page(At::Number(page)) => (Some(page), None),
        Next::Anew(from) => (None, Some(from)),
        Next::None => (None, None),
        other => return other,
    };
    Next::Page(At::Back(Back { number: before, page, from }))
}

/// The records on a page that was looked at again that were not there before.
pub(crate) fn moved_up<'r>(read: &Read, events: &EventMapping, state: &State, mut records: Vec<Item<'r>>) -> Vec<Item<'r>> {
    let last = state.part.tails.first().and_then(|(_, last)| records.iter().rposition(|record| print(read, events, *record) == *last));
    records.split_off(last.map_or(0, |last| last + 1))
}

impl Back {
    /// What follows.
    pub(crate) fn next(&self, state: &mut State) -> Next {
        state.part.tails.drain(..1.min(state.part.tails.len()));
        self.page.map(|page| Next::Page(At::Number(page))).or(self.from.map(Next::Anew)).unwrap_or(Next::None)
    }

    /// As it is kept between pages.
    pub(crate) fn value(&self) -> Value {
        object([("n", Some(self.number.into())), ("page", self.page.map(Value::from)), ("from", self.from.map(Value::from))])
    }

    /// As it was kept.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        let integer = |key: &str| value.get(key).and_then(Value::as_i64);
        Some(Self { number: integer("n")?, page: integer("page"), from: integer("from") })
    }
}

/// What a record is known by.
fn print(read: &Read, events: &EventMapping, record: Item<'_>) -> String {
    let mut text = hex::encode(hash_bytes(change::external_id(record, events, Some(&read.records)).as_bytes()));
    text.truncate(DIGITS);
    text
}
