//! Workload A: a shop's order, seventeen operations.
//!
//! `mappings/order.json` is the mapping; the table of the lookup is read from it by everyone, so that all look up the same.

mod make;
mod shape;
mod tree;
mod typed;

use std::collections::HashMap;

use serde::Deserialize;

use crate::{contender::{Entry, Workload}, floor, ours::Ours, program};

/// The mapping, in our own language.
const MAPPING: &str = include_str!("../../mappings/order.json");
const PROGRAM: &str = include_str!("../../programs/order.vrl");

/// The workload with everyone who can do it.
#[must_use]
pub fn workload() -> Workload {
    Workload {
        title: "A: orders of one kilobyte, 17 operations",
        says: "One rename, four casts, two dates, two defaults, a template, a lower, a lookup among 200, a flatten of five fields, a comparison, a split, and of the lines a filter and a map.",
        make: make::order,
        entries: vec![
            Entry { name: "typed structs", prepare: || Box::new(typed::Typed::new()) },
            Entry { name: "ours", prepare: || Box::new(Ours::new(MAPPING)) },
            Entry { name: "`serde_json::Value`, by hand", prepare: || Box::new(tree::Tree::new()) },
            Entry { name: "vrl", prepare: || Box::new(program::Compiled::new(PROGRAM, warehouses())) },
            floor::ENTRY,
        ],
    }
}

/// The table of the lookup.
fn warehouses() -> HashMap<String, String> {
    #[derive(Deserialize)]
    struct Mapping {
        tables: Tables,
    }
    #[derive(Deserialize)]
    struct Tables {
        warehouses: Table,
    }
    #[derive(Deserialize)]
    struct Table {
        values: HashMap<String, String>,
    }
    let mapping: Mapping = serde_json::from_str(MAPPING).expect("the mapping is part of this program");
    mapping.tables.warehouses.values
}
