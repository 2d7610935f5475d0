//! What is measured: a way from the bytes of a record to the bytes of its mapped form.
//!
//! A file that speaks for a new contender implements `Contender` and adds itself to the lists of the workloads.

use std::error::Error;

/// Why a record was refused.
pub type Refusal = Box<dyn Error>;

/// One way of mapping records, made ready for one mapping.
pub trait Contender {
    /// Maps one record. `out` comes empty and takes the JSON text; nothing of one record may reach the next.
    ///
    /// # Errors
    /// The record is not JSON, or a value cannot be cast.
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal>;
}

/// A contender before it is made ready: its name in the table, and what makes it ready.
pub struct Entry {
    /// The first column of the table.
    pub name: &'static str,
    /// Reads and compiles the mapping; timed on its own.
    pub prepare: fn() -> Box<dyn Contender>,
}

/// One kind of record, one mapping, and everyone who can do it.
pub struct Workload {
    /// The heading of its table.
    pub title: &'static str,
    /// What is done, in one sentence.
    pub says: &'static str,
    /// Writes the record of a number.
    pub make: fn(u64, &mut Vec<u8>),
    /// Typed structs first, the floor last.
    pub entries: Vec<Entry>,
}
