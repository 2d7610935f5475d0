//! Workload B: wide flat rows, so that nothing is tuned to orders. Twenty-one operations on sixty columns.
//!
//! `mappings/flat.json` is the mapping.

mod make;
mod tree;
mod typed;

use std::collections::HashMap;

use regex::Regex;

use crate::{contender::{Entry, Workload}, floor, ours::Ours, program};

/// The mapping, in our own language.
const MAPPING: &str = include_str!("../../mappings/flat.json");
const PROGRAM: &str = include_str!("../../programs/flat.vrl");
const NOT_PHONE: &str = "[^0-9+]";
const UNIT: &str = "(?i) ?(mm|cm)$";

/// The workload with everyone who can do it.
#[must_use]
pub fn workload() -> Workload {
    Workload {
        title: "B: flat rows of sixty columns, one kilobyte, 21 operations",
        says: "Five renames, ten casts, ten columns removed, two regular expressions, and three values that depend on a condition.",
        make: make::row,
        entries: vec![
            Entry { name: "typed structs", prepare: || Box::new(typed::Typed::new()) },
            Entry { name: "ours", prepare: || Box::new(Ours::new(MAPPING)) },
            Entry { name: "`serde_json::Value`, by hand", prepare: || Box::new(tree::Tree::new()) },
            Entry { name: "vrl", prepare: || Box::new(program::Compiled::new(PROGRAM, HashMap::new())) },
            floor::ENTRY,
        ],
    }
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is part of this program")
}
