//! A large order through `serde_json::Value`, changed by hand.
//!
//! The tree of all lines is what its memory goes into.

use serde_json::Value;

use crate::{contender::{Contender, Refusal}, tree::{put_float, put_integer}};

/// A large order by a tree.
pub(super) struct Tree;

impl Contender for Tree {
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let mut value: Value = serde_json::from_slice(record)?;
        let lines = value.get_mut("lines").and_then(Value::as_array_mut).ok_or("an order has lines")?;
        for line in lines.iter_mut().filter_map(Value::as_object_mut) {
            put_integer(line, "qty")?;
            put_float(line, "price")?;
        }
        Ok(serde_json::to_writer(out, &value)?)
    }
}
