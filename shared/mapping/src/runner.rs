//! Runs a mapping over records, one after the other: bytes in, bytes out.

use std::{cell::{Cell, RefCell}, collections::HashSet};

use document::{Arena, Fuel, Item, Limits, Parser};
use fault::{Disposition, Fault};

use crate::{
    Failure, Mapping, Run,
    context::Cx,
    field::Field,
    operation::{Dropped, Verdict},
    plan::{self, Step},
    seen::Seen,
    work::Work,
};

/// Steps every record may take, and further ones for each of its values: work stays linear in the size of the record.
const FUEL: usize = 100_000;
const FUEL_PER_VALUE: usize = 64;
/// More memory than this is not kept for the next record.
const KEPT_BYTES: usize = 1 << 20;

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was mapped.
    Mapped,
    /// It ended on purpose.
    Dropped(Dropped),
    /// Tables of elsewhere have to be asked for these keys first: table and key. Nothing was written.
    Wanting(Vec<(String, String)>),
}

/// A record that cannot be mapped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is no document.
    #[error(transparent)]
    Document(#[from] document::Error),
    /// An operation cannot go on.
    #[error(transparent)]
    Failure(Box<Failure>),
}

impl Fault for Error {
    fn code(&self) -> &'static str {
        match self {
            Error::Document(error) => error.code(),
            Error::Failure(failure) => failure.code(),
        }
    }

    fn disposition(&self) -> Disposition {
        Disposition::Reject
    }
}

/// Runs one mapping; what it needs on the way is kept between records.
#[derive(Debug)]
pub struct Runner<'m> {
    mapping: &'m Mapping,
    parser: Parser,
    arena: Arena,
    seen: RefCell<Seen>,
    /// Levels a record may have, before and after.
    depth: usize,
    /// Whether the record before needed a tape worth giving back.
    large: bool,
}

impl<'m> Runner<'m> {
    /// A runner of a mapping; records are held to limits.
    #[must_use]
    pub fn new(mapping: &'m Mapping, limits: Limits) -> Self {
        Self { mapping, parser: Parser::new(limits), arena: Arena::new(), seen: RefCell::default(), depth: limits.depth, large: false }
    }

    /// Maps one record. The result is appended to `out` as one line of JSON without its end; nothing is appended unless the
    /// record is [`Outcome::Mapped`].
    ///
    /// # Errors
    /// What is wrong with the record, and which operation says so.
    pub fn run(&mut self, record: &[u8], run: &Run<'_>, out: &mut Vec<u8>) -> Result<Outcome, Error> {
        self.traced(record, run, out, &mut |_, _, _| {})
    }

    /// As [`Runner::run`], telling what stands after every operation.
    pub(crate) fn traced(&mut self, record: &[u8], run: &Run<'_>, out: &mut Vec<u8>, after: Tell<'_>) -> Result<Outcome, Error> {
        self.rest();
        self.large = record.len() > KEPT_BYTES;
        let doc = self.parser.parse(record)?;
        one(self.mapping, &self.arena, (&self.seen, self.depth), doc.root(), run, out, after)
    }

    /// As [`Runner::run`], of a value that is already parsed.
    ///
    /// # Errors
    /// As [`Runner::run`].
    pub fn run_item(&mut self, record: Item<'_>, run: &Run<'_>, out: &mut Vec<u8>) -> Result<Outcome, Error> {
        self.rest();
        one(self.mapping, &self.arena, (&self.seen, self.depth), record, run, out, &mut |_, _, _| {})
    }

    fn rest(&mut self) {
        self.seen.get_mut().settle(false);
        if self.arena.bytes() > KEPT_BYTES {
            self.arena = Arena::new();
        } else {
            self.arena.reset();
        }
        if std::mem::take(&mut self.large) {
            self.parser.rest();
        }
    }
}

/// Told what stands after an operation.
pub(crate) type Tell<'t> = &'t mut dyn FnMut(&Step, &Work<'_>, Verdict);

/// What records are held against: what was seen of those before, and how deep they may nest.
type Held<'h> = (&'h RefCell<Seen>, usize);

fn one<'a>(mapping: &'a Mapping, arena: &'a Arena, (seen, depth): Held<'_>, record: Item<'a>, run: &'a Run<'a>, out: &mut Vec<u8>, after: Tell<'_>) -> Result<Outcome, Error> {
    let fuel = fuel(record);
    let wanted = RefCell::default();
    let heap = Cell::new(false);
    let cx = Cx { arena, run, fuel: &fuel, record: None, place: None, seen, wanted: &wanted, heap: &heap };
    let mut work = Work::new(arena, record);
    let result = plan::run(&mapping.steps, &mut work, &cx, &mut |step, work, verdict| after(step, work, verdict));
    let mut wanted: Vec<(String, String)> = wanted.take();
    seen.borrow_mut().settle(result.is_ok() && wanted.is_empty());
    if !wanted.is_empty() {
        let mut once = HashSet::new();
        wanted.retain(|key| once.insert(key.clone()));
        return Ok(Outcome::Wanting(wanted));
    }
    match result.map_err(Error::Failure)? {
        Some(dropped) => Ok(Outcome::Dropped(dropped)),
        None if work.root.is_deeper(depth, &mut 0) => {
            let whole = Field::whole();
            let failure = cx.fail("mapping_too_deep", &whole, None, format!("the record has more than {depth} levels of arrays and objects after its operations"));
            Err(Error::Failure(failure.of(mapping.steps.last().map_or("", |step| &step.at), mapping.steps.last().map_or("", |step| step.name))))
        }
        None => {
            work.root.write(out, true);
            if !heap.get() {
                // All of it lies in the arena, which is given back at once: nobody has to walk through it again.
                std::mem::forget(work);
            }
            Ok(Outcome::Mapped)
        }
    }
}

/// The steps a record may take.
pub(crate) fn fuel(record: Item<'_>) -> Fuel {
    let values = record.weight(usize::MAX / FUEL_PER_VALUE);
    Fuel::new(u32::try_from(values.saturating_mul(FUEL_PER_VALUE).saturating_add(FUEL)).unwrap_or(u32::MAX))
}
