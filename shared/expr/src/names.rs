//! Where the values of names come from, and what one evaluation works with.

use std::cell::Cell;

use document::{Arena, Fuel, Item};
use jiff::Timestamp;

use crate::failure::{Lack, Stop};

/// Answers names. It gives the same answer to the same name for as long as one evaluation lasts.
pub trait Names<'a> {
    /// The value of a root and the member names that follow it, or the first of them; `None` when absent. [`descend`] walks the steps
    /// in an item.
    ///
    /// # Errors
    /// When a value is lacking that must be there, such as a declared configuration value.
    fn path(&self, root: &str, steps: &[Box<str>]) -> Result<Option<Item<'a>>, Lack>;
}

/// What lies below an item; absent as soon as a member is.
#[must_use]
pub fn descend<'a>(item: Item<'a>, steps: &[Box<str>]) -> Option<Item<'a>> {
    steps.iter().try_fold(item, |item, step| item.get(step))
}

/// No names at all: for expressions of constants.
impl<'a> Names<'a> for () {
    fn path(&self, _: &str, _: &[Box<str>]) -> Result<Option<Item<'a>>, Lack> {
        Ok(None)
    }
}

/// One name with its item, looked into.
impl<'a> Names<'a> for (&str, Item<'a>) {
    fn path(&self, root: &str, steps: &[Box<str>]) -> Result<Option<Item<'a>>, Lack> {
        Ok(if root == self.0 { descend(self.1, steps) } else { None })
    }
}

/// What an evaluation works with: where values are made, how many steps it may take, and what stands for the world.
#[derive(Debug)]
pub struct Cx<'a, 'c> {
    /// Where values are made.
    pub arena: &'a Arena,
    /// The steps that may still be taken.
    pub fuel: &'c Fuel,
    /// What `now()` gives: fixed for a run.
    pub now: Timestamp,
    /// What `uuid()` is derived from, besides the place: the run and the event.
    pub run: &'c str,
    /// JSON Pointer of the template or the field it makes.
    pub place: &'c str,
    /// The bytes of text one evaluation may make.
    pub most_output: usize,
    made: Cell<usize>,
    asked: Cell<u32>,
}

/// The steps an evaluation gets unless its caller says otherwise.
pub const DEFAULT_FUEL: u32 = 10_000;

/// The names one evaluation may ask before it pays for what is searched through.
const FREE_NAMES: u32 = 32;

/// The bytes of text one evaluation may make unless its caller says otherwise.
pub const DEFAULT_OUTPUT: usize = 1 << 20;

impl<'a, 'c> Cx<'a, 'c> {
    /// A context without run and place.
    #[must_use]
    pub fn new(arena: &'a Arena, fuel: &'c Fuel, now: Timestamp) -> Self {
        Self { arena, fuel, now, run: "", place: "", most_output: DEFAULT_OUTPUT, made: Cell::new(0), asked: Cell::new(0) }
    }

    /// With what `uuid()` is derived from.
    #[must_use]
    pub fn at(self, run: &'c str, place: &'c str) -> Self {
        Self { run, place, ..self }
    }

    /// Begins an evaluation.
    pub(crate) fn begin(&self) {
        self.made.set(0);
        self.asked.set(0);
    }

    /// Says that so many bytes of text are about to be made, and pays for them.
    pub(crate) fn make(&self, bytes: usize) -> Result<(), Stop> {
        let made = self.made.get().saturating_add(bytes);
        if made > self.most_output {
            return Err(Stop::output(format!("more than {} bytes of text would be made", self.most_output)));
        }
        self.made.set(made);
        self.read(bytes)
    }

    /// Pays for looking at so many bytes.
    pub(crate) fn read(&self, bytes: usize) -> Result<(), Stop> {
        // Free up to 255 bytes: the step of the node pays for them.
        if bytes >= 256 { Ok(self.fuel.spend(bytes / 256)?) } else { Ok(()) }
    }

    /// What lies below an item; a search among many members is paid for.
    pub(crate) fn descend(&self, item: Item<'a>, steps: &[Box<str>]) -> Result<Option<Item<'a>>, Stop> {
        let mut found = item;
        for step in steps {
            self.searched(found)?;
            match found.get(step) {
                Some(below) => found = below,
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    /// Pays for a search among the members of an item.
    fn searched(&self, item: Item<'a>) -> Result<(), Stop> {
        let members = item.len();
        if members >= 64 { self.spend(members / 64) } else { Ok(()) }
    }

    /// The value of a name. Whoever answers looks into its own structures, unpaid: what asks often pays for what is looked through.
    #[inline]
    pub(crate) fn ask(&self, names: &dyn Names<'a>, root: &str, steps: &[Box<str>]) -> Result<Option<Item<'a>>, Stop> {
        self.asked.set(self.asked.get().saturating_add(1));
        if self.asked.get() > FREE_NAMES {
            self.pay(names, root, steps)?;
        }
        Ok(names.path(root, steps)?)
    }

    #[cold]
    fn pay(&self, names: &dyn Names<'a>, root: &str, steps: &[Box<str>]) -> Result<(), Stop> {
        for level in 0..steps.len() {
            if let Ok(Some(item)) = names.path(root, &steps[..level]) {
                self.searched(item)?;
            }
        }
        Ok(())
    }

    /// Pays for so many values.
    pub(crate) fn spend(&self, steps: usize) -> Result<(), Stop> {
        Ok(self.fuel.spend(steps)?)
    }
}
