//! What an operation is: how it is told, how it is read, and what it does to a record.
//!
//! Each lives in a file of its own under `ops/` and is listed there once; nothing else knows any of them by name.

use std::fmt::Debug;

use document::authored::Node;

use crate::{Failure, context::Cx, reader::Reader, types::{Notes, Shape}, work::Work};

/// A compiled operation.
pub(crate) trait Operation: Debug + Send + Sync {
    /// Changes the record.
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>>;

    /// Changes what is known of the record as `run` will change the record, and notes what may go wrong.
    fn shape(&self, shape: &mut Shape, notes: &mut Notes);
}

/// What becomes of the record after an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes on.
    Go,
    /// It ends here, on purpose, and is counted.
    Drop(Dropped),
}

/// Why a record, or an element inside `each`, ended on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// A `filter` did not let it pass.
    Filtered,
    /// A `lookup` found nothing and skips such records.
    Missed,
    /// A `dedupe` has seen its like in this run.
    Duplicate,
}

/// An operation as the reference tells it and the reader finds it.
#[derive(Debug)]
pub struct Entry {
    /// The word of `op`.
    pub name: &'static str,
    /// What it does, one sentence.
    pub summary: &'static str,
    /// Its keys besides `op` and `when`.
    pub params: &'static [Param],
    /// What exactly happens, in sentences: absent, null, errors, limits.
    pub semantics: &'static [&'static str],
    /// Worked examples; each is run by a test and shown in the reference.
    pub examples: &'static [Example],
    /// The `tables` the examples speak of, as JSON.
    pub tables: Option<&'static str>,
    pub(crate) read: fn(&mut Reader, &Node<'_>) -> Option<Box<dyn Operation>>,
}

/// A key of an operation.
#[derive(Debug)]
pub struct Param {
    /// The key.
    pub name: &'static str,
    /// What it takes, in a few words: `field`, `path`, `expression`, a list of words.
    pub takes: &'static str,
    /// Whether it has to be there.
    pub required: bool,
    /// What it means.
    pub doc: &'static str,
}

/// An operation at work.
#[derive(Debug)]
pub struct Example {
    /// The operation, as JSON.
    pub op: &'static str,
    /// A record, as JSON.
    pub input: &'static str,
    /// The record afterwards, as JSON; `filtered`, `missed` or `duplicate` where it ends; or the code of the failure.
    pub output: &'static str,
}

/// A key that has to be there.
pub(crate) const fn need(name: &'static str, takes: &'static str, doc: &'static str) -> Param {
    Param { name, takes, required: true, doc }
}

/// A key that may be there.
pub(crate) const fn may(name: &'static str, takes: &'static str, doc: &'static str) -> Param {
    Param { name, takes, required: false, doc }
}

/// An example.
pub(crate) const fn example(op: &'static str, input: &'static str, output: &'static str) -> Example {
    Example { op, input, output }
}
