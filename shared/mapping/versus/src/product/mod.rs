//! Workload C: products of four kilobytes of which two fields are touched, so that what is carried over shows its cost.
//!
//! `mappings/product.json` is the mapping.

mod make;
mod tree;
mod typed;

use std::collections::HashMap;

use crate::{contender::{Entry, Workload}, floor, ours::Ours, program};

/// The mapping, in our own language.
const MAPPING: &str = include_str!("../../mappings/product.json");
const PROGRAM: &str = include_str!("../../programs/product.vrl");

/// The workload with everyone who can do it.
#[must_use]
pub fn workload() -> Workload {
    Workload {
        title: "C: products of four kilobytes, three levels deep, 2 operations",
        says: "A rename and a cast at the top; six variants with their inventories and locations, options and images are carried over as they are.",
        make: make::product,
        entries: vec![
            Entry { name: "typed structs", prepare: || Box::new(typed::Typed) },
            Entry { name: "ours", prepare: || Box::new(Ours::new(MAPPING)) },
            Entry { name: "`serde_json::Value`, by hand", prepare: || Box::new(tree::Tree) },
            Entry { name: "vrl", prepare: || Box::new(program::Compiled::new(PROGRAM, HashMap::new())) },
            floor::ENTRY,
        ],
    }
}
