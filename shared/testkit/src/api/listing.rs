//! A list cut into pages, and every way in which pages go wrong. How a page is asked for is the families' business.

use document::Value;

use super::kept::count;
use super::misbehaviour::Words;
use super::stamp::Zone;
use super::{Misbehaviour, Thing};

/// What an endless list says it holds.
const ENDLESS: u64 = 1_000_000;

/// A list to be read in pages of one size.
#[derive(Debug)]
pub(crate) struct Listing<'a> {
    rows: Vec<Thing>,
    total: u64,
    size: usize,
    words: &'a Words,
}

/// One page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// Its records.
    pub(crate) rows: Vec<Thing>,
    /// Where the next one begins, if there is one or is said to be.
    pub(crate) next: Option<usize>,
}

impl<'a> Listing<'a> {
    /// A list of these records, in this order.
    pub(crate) fn new(mut rows: Vec<Thing>, size: usize, words: &'a Words) -> Self {
        let total = if words.has(Misbehaviour::EmptyForever) { ENDLESS } else { rows.len() as u64 };
        if words.has(Misbehaviour::Duplicate)
            && let Some(moved) = rows.get(size.saturating_sub(1)).copied()
        {
            rows.insert(size, moved);
        }
        Self { rows, total, size, words }
    }

    /// How many records it says it holds.
    pub(crate) fn total(&self) -> Value {
        count(self.total)
    }

    /// How many pages it says it has.
    pub(crate) fn pages(&self) -> Value {
        count(self.total.div_ceil(self.size as u64))
    }

    /// Where the records begin that follow all those for which this holds.
    pub(crate) fn after(&self, passed: impl Fn(&Thing) -> bool) -> usize {
        self.rows.partition_point(passed)
    }

    /// The page that begins here.
    pub(crate) fn page(&self, start: usize) -> Page {
        let (len, size) = (self.rows.len(), self.size);
        let has = |word| self.words.has(word);
        let last = len.saturating_sub(1) / size * size;
        let start = self.turned(start, last);
        let end = start.saturating_add(size).min(len);
        let mut rows = self.rows.get(start..end).unwrap_or_default().to_vec();
        let next = if has(Misbehaviour::SameCursor) {
            (len > size).then_some(size)
        } else if has(Misbehaviour::Loop) {
            Some(self.turned(start + size, last))
        } else if has(Misbehaviour::RepeatLast) {
            Some(if end < len { end } else { last })
        } else if has(Misbehaviour::EmptyForever) {
            Some(start.saturating_add(size))
        } else {
            (end < len).then_some(end)
        };
        let lacks = (has(Misbehaviour::ShortLast) && end == len) || (has(Misbehaviour::ShortMiddle) && start == size && end < len);
        if lacks {
            rows.pop();
        }
        Page { rows, next }
    }

    /// Where a page really begins when the list leads back.
    fn turned(&self, start: usize, last: usize) -> usize {
        let size = self.size;
        if self.words.has(Misbehaviour::SameCursor) {
            start.min(size)
        } else if self.words.has(Misbehaviour::Loop) {
            let lap = (3 * size).min(last + size);
            let back = if lap > size { size } else { 0 };
            if start >= lap {
                back + (start - lap) % (lap - back)
            } else if start >= self.rows.len() {
                back
            } else {
                start
            }
        } else if self.words.has(Misbehaviour::RepeatLast) {
            start.min(last)
        } else {
            start
        }
    }
}

impl Page {
    /// Its records as JSON.
    pub(crate) fn shown(&self, zone: Zone) -> Value {
        Value::Array(self.rows.iter().map(|thing| thing.shown(zone)).collect())
    }
}
