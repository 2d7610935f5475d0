//! The floor: a record parsed into `serde_json::Value` and written again, with nothing done to it.
//!
//! Whoever goes through such a tree cannot be faster than this.

use serde_json::Value;

use crate::contender::{Contender, Entry, Refusal};

/// Its name in the tables.
pub const NAME: &str = "`Value`, parsed and written only";

/// The entry every workload ends with.
pub const ENTRY: Entry = Entry { name: NAME, prepare: || Box::new(Floor) };

struct Floor;

impl Contender for Floor {
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let value: Value = serde_json::from_slice(record)?;
        Ok(serde_json::to_writer(out, &value)?)
    }
}
