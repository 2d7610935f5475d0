//! Where one level of a fan-out stands: which of its parents, which page of it, and which values of that page are read.
//!
//! The page is read again by whoever goes on, and may be another one then: what was read is known by its print, so that no
//! value is passed over, wherever it stands by now.

use connector::FanOut;
use document::{Value, object};

use super::{parents::{Entry, Page}, prints::{self, Print, Prints}, state::State};

/// One level of a fan-out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Level {
    /// Which of several parents its values come from.
    pub(crate) parent: usize,
    /// The page of that parent; `None` is the first.
    pub(crate) at: Option<Box<State>>,
    /// Which part of a large page is read, and of how many; a value belongs to one by its print.
    part: (usize, usize),
    /// The values of that part that are read.
    passed: Prints,
    /// The value being read; of a batch all of them.
    read: Vec<Print>,
    /// Values of the pages of this parent before this one, where another parent follows.
    turned: Prints,
    /// Values of the parents before this one.
    earlier: Prints,
    /// The node of a tree that is read, and its depth.
    pub(crate) node: Option<(Value, i64)>,
    /// Nodes still to be read.
    pub(crate) pending: Vec<(Value, i64)>,
}

/// Values of a part: their prints take 32 KB.
const MOST_PART: usize = 4_096;
/// Values of earlier parents that are remembered; those beyond are read again.
const MOST_EARLIER: usize = 10_000;

impl Level {
    /// What is being read, as long as it is there: empty where nothing is, `None` where what was being read has gone.
    pub(crate) fn held<'p>(&self, page: &'p Page) -> Option<Vec<&'p Entry>> {
        self.read.iter().map(|print| page.values.iter().find(|entry| entry.print == *print)).collect()
    }

    /// Takes the next values, so many at once; empty where none is left.
    pub(crate) fn take<'p>(&mut self, page: &'p Page, most: usize) -> Vec<&'p Entry> {
        if self.part.1 == 0 {
            self.part.1 = page.values.len().div_ceil(MOST_PART);
        }
        let (part, parts) = self.part;
        let here = |entry: &&Entry| parts <= 1 || usize::from(u16::from_le_bytes([entry.print[0], entry.print[1]])) % parts == part;
        let left = page.values.iter().filter(here).filter(|entry| !self.passed.has(&entry.print) && !self.earlier.has(&entry.first));
        let taken: Vec<_> = left.take(most).collect();
        self.read = taken.iter().map(|entry| entry.print).collect();
        taken
    }

    /// Gives up what was being read.
    pub(crate) fn drop(&mut self) {
        self.read.clear();
    }

    /// Moves on behind the node of the tree, or else behind the values being read.
    pub(crate) fn pass(&mut self) {
        if self.node.take().is_none() {
            self.passed.add(self.read.drain(..));
        }
    }

    /// Begins a tree with the value being read.
    pub(crate) fn root(&mut self, value: Value) {
        self.pass();
        self.node = Some((value, 1));
    }

    /// Moves on to the next part of the page; false where there is none.
    pub(crate) fn turn_part(&mut self, level: &FanOut) -> bool {
        let there = self.part.0 + 1 < self.part.1;
        if there {
            self.note(level);
            (self.part.0, self.passed) = (self.part.0 + 1, Prints::default());
        }
        there
    }

    /// Moves on to the next page of the parent.
    pub(crate) fn turn_page(&mut self, level: &FanOut, next: State) {
        self.note(level);
        *self = Self { parent: self.parent, at: Some(Box::new(next)), turned: std::mem::take(&mut self.turned), earlier: std::mem::take(&mut self.earlier), ..Self::default() };
    }

    /// Moves on to the next parent; false where there is none.
    pub(crate) fn turn_parent(&mut self, level: &FanOut) -> bool {
        let there = self.parent + 1 < level.from.len();
        if there {
            self.note(level);
            self.earlier.join(&self.turned, MOST_EARLIER);
            *self = Self { parent: self.parent + 1, earlier: std::mem::take(&mut self.earlier), ..Self::default() };
        }
        there
    }

    /// Remembers what was read for the parents that follow.
    fn note(&mut self, level: &FanOut) {
        if self.parent + 1 < level.from.len() {
            self.turned.join(&self.passed, MOST_EARLIER);
        }
    }

    /// As it is kept in a cursor.
    pub(crate) fn value(&self) -> Value {
        let node = |(value, depth): &(Value, i64)| Value::Array(vec![value.clone(), (*depth).into()]);
        let pending = (!self.pending.is_empty()).then(|| Value::Array(self.pending.iter().map(node).collect()));
        let number = |value: usize| i64::try_from(value).ok().filter(|value| *value > 0).map(Value::from);
        object([
            ("parent", number(self.parent)), ("at", self.at.as_ref().map(|state| state.value())), ("part", number(self.part.0)), ("parts", number(self.part.1).filter(|_| self.part.1 > 1)),
            ("passed", self.passed.value()), ("read", prints::text(&self.read)), ("turned", self.turned.value()), ("earlier", self.earlier.value()), ("node", self.node.as_ref().map(node)), ("pending", pending),
        ])
    }

    /// As it was kept.
    pub(crate) fn of(value: &Value) -> Self {
        let node = |value: &Value| Some((value.items()?.first()?.clone(), value.items()?.get(1)?.as_i64()?));
        let number = |key: &str| value.get(key).and_then(Value::as_i64).and_then(|value| usize::try_from(value).ok()).unwrap_or(0);
        let prints = |key: &str| Prints::of(value.get(key));
        Self {
            parent: number("parent"),
            at: value.get("at").map(|state| Box::new(State::of(state))),
            part: (number("part"), number("parts")),
            passed: prints("passed"),
            read: prints::of(value.get("read")),
            turned: prints("turned"),
            earlier: prints("earlier"),
            node: value.get("node").and_then(node),
            pending: value.get("pending").and_then(Value::items).unwrap_or_default().iter().filter_map(node).collect(),
        }
    }
}
