//! Where one level of a fan-out stands: which of its parents, which page of it, and which values of that page are read.
//!
//! The page is read again by whoever goes on, and may be another one then: what was read is known by its print, so that no
//! value is passed over, wherever it stands by now.

use std::collections::BTreeSet;

use connector::FanOut;
use document::{Value, object};
use fault::Simple;

use super::{entries::Entry, parents::Page, prints::{self, Print, Prints}, state::State};

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
    /// The same as other parents know them, where another parent follows.
    named: Vec<Print>,
    /// The last value of the page as it was read last, and how often in a row nothing that was known was there any more.
    seen: Vec<Print>,
    lost: usize,
    /// Values of this parent that are read, where another parent follows.
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
/// So often in a row a page may have nothing that it had: a list of which each read takes one away may do so for a while.
const MOST_LOST: usize = 100;
/// Values of earlier parents that are remembered; those beyond are read again.
const MOST_EARLIER: usize = 10_000;

impl Level {
    /// What is being read, as long as it is there: empty where nothing is, `None` where what was being read has gone.
    pub(crate) fn held<'p>(&self, page: &'p Page) -> Option<Vec<&'p Entry>> {
        self.read.iter().map(|print| page.values.iter().find(|entry| entry.print == *print)).collect()
    }

    /// Takes the next values, as many as the level reads at once; empty where none is left.
    ///
    /// # Errors
    /// `cursor_loop` where the page has others each time it is read.
    pub(crate) fn take<'p>(&mut self, page: &'p Page, level: &FanOut) -> Result<Vec<&'p Entry>, Simple> {
        self.compare(page)?;
        if self.part.1 == 0 {
            self.part.1 = page.values.len().div_ceil(MOST_PART);
        }
        let (part, parts) = self.part;
        let here = |entry: &&Entry| parts <= 1 || usize::from(u16::from_le_bytes([entry.print[0], entry.print[1]])) % parts == part;
        let left = page.values.iter().filter(here).filter(|entry| !self.passed.has(&entry.print) && !self.earlier.has(&entry.first));
        let taken: Vec<_> = left.take(several(level)).collect();
        self.read = taken.iter().map(|entry| entry.print).collect();
        let follows = self.parent + 1 < level.from.len();
        self.named = taken.iter().filter(|_| follows).map(|entry| entry.first).collect();
        self.seen = page.values.last().map(|entry| entry.print).into_iter().collect();
        Ok(taken)
    }

    /// Compares a page with what is known of it: what has gone needs no print where there are too many, and a list of which nothing
    /// ever stays has no end.
    fn compare(&mut self, page: &Page) -> Result<(), Simple> {
        if self.passed.count() > 2 * MOST_PART {
            let there: BTreeSet<Print> = page.values.iter().map(|entry| entry.print).collect();
            self.passed.keep(&there);
        }
        let nothing = page.values.is_empty() || (self.passed.count() == 0 && self.seen.is_empty());
        let known = |entry: &Entry| self.passed.has(&entry.print) || self.seen.contains(&entry.print);
        self.lost = if nothing { self.lost } else if page.values.iter().any(known) { 0 } else { self.lost + 1 };
        if self.lost > MOST_LOST {
            return Err(Simple::reject("cursor_loop", "the parents of `fan_out` are others each time they are read: their `value` has to name what stays, such as an id, not an address or a token that is made anew"));
        }
        Ok(())
    }

    /// Gives up what was being read.
    pub(crate) fn drop(&mut self) {
        self.read.clear();
        self.named.clear();
    }

    /// Moves on behind the node of the tree, or else behind the values being read.
    pub(crate) fn pass(&mut self) {
        if self.node.take().is_none() {
            self.passed.add(self.read.drain(..));
            self.turned.join(self.named.drain(..), MOST_EARLIER);
        }
    }

    /// Begins a tree with the value being read.
    pub(crate) fn root(&mut self, value: Value) {
        self.pass();
        self.node = Some((value, 1));
    }

    /// Moves on to the next part of the page; false where there is none.
    pub(crate) fn turn_part(&mut self) -> bool {
        let there = self.part.0 + 1 < self.part.1;
        if there {
            (self.part.0, self.passed) = (self.part.0 + 1, Prints::default());
        }
        there
    }

    /// Moves on to the next page of the parent.
    pub(crate) fn turn_page(&mut self, next: State) {
        *self = Self { parent: self.parent, at: Some(Box::new(next)), turned: std::mem::take(&mut self.turned), earlier: std::mem::take(&mut self.earlier), ..Self::default() };
    }

    /// Moves on to the next parent; false where there is none.
    pub(crate) fn turn_parent(&mut self, level: &FanOut) -> bool {
        let there = self.parent + 1 < level.from.len();
        if there {
            self.earlier.join(self.turned.all(), MOST_EARLIER);
            *self = Self { parent: self.parent + 1, earlier: std::mem::take(&mut self.earlier), ..Self::default() };
        }
        there
    }

    /// Forgets what only saves doubles.
    pub(crate) fn lighten(&mut self) {
        (self.turned, self.earlier) = (Prints::default(), Prints::default());
    }

    /// As it is kept in a cursor.
    pub(crate) fn value(&self) -> Value {
        let node = |(value, depth): &(Value, i64)| Value::Array(vec![value.clone(), (*depth).into()]);
        let pending = (!self.pending.is_empty()).then(|| Value::Array(self.pending.iter().map(node).collect()));
        let number = |value: usize| i64::try_from(value).ok().filter(|value| *value > 0).map(Value::from);
        object([
            ("parent", number(self.parent)), ("at", self.at.as_ref().map(|state| state.value())), ("part", number(self.part.0)), ("parts", number(self.part.1).filter(|_| self.part.1 > 1)),
            ("passed", self.passed.value()), ("read", prints::text(&self.read)), ("named", prints::text(&self.named)), ("seen", prints::text(&self.seen)), ("lost", number(self.lost)), ("turned", self.turned.value()), ("earlier", self.earlier.value()), ("node", self.node.as_ref().map(node)), ("pending", pending),
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
            named: prints::of(value.get("named")),
            seen: prints::of(value.get("seen")),
            lost: number("lost"),
            turned: prints("turned"),
            earlier: prints("earlier"),
            node: value.get("node").and_then(node),
            pending: value.get("pending").and_then(Value::items).unwrap_or_default().iter().filter_map(node).collect(),
        }
    }
}

/// How many values of a list are read at once.
fn several(level: &FanOut) -> usize {
    level.batch.and_then(|batch| usize::try_from(batch).ok()).unwrap_or(1).max(1)
}
