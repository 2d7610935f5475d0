//! Products through `serde_json::Value`, changed by hand.
//!
//! The whole tree is built for two fields.

use serde_json::Value;

use crate::{contender::{Contender, Refusal}, tree::{moved, put_integer}};

/// Products by a tree.
pub(super) struct Tree;

impl Contender for Tree {
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let mut value: Value = serde_json::from_slice(record)?;
        let product = value.as_object_mut().ok_or("a product is an object")?;
        moved(product, "body_html", "description");
        put_integer(product, "vendor_id")?;
        Ok(serde_json::to_writer(out, &value)?)
    }
}
