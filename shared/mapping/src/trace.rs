//! A mapping told step by step: the record after each operation, for the person who writes one.

use crate::{Error, Outcome, Run, Runner, operation::Verdict};

/// What stood after one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// JSON Pointer to the operation.
    pub op: String,
    /// Its name.
    pub name: &'static str,
    /// Whether the record went on.
    pub went_on: bool,
    /// The record, as JSON.
    pub record: String,
}

impl Runner<'_> {
    /// Maps a record as [`Runner::run`] does; also what stood after each operation of the outermost level, as far as it came.
    pub fn trace(&mut self, record: &[u8], run: &Run<'_>, out: &mut Vec<u8>) -> (Vec<Traced>, Result<Outcome, Error>) {
        let mut traced = Vec::new();
        let result = self.traced(record, run, out, &mut |step, work, verdict| {
            let mut record = Vec::new();
            work.root.write(&mut record, false);
            let record = String::from_utf8(record).unwrap_or_default();
            traced.push(Traced { op: step.at.clone(), name: step.name, went_on: verdict == Verdict::Go, record });
        });
        (traced, result)
    }
}
