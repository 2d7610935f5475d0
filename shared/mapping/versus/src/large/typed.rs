//! A large order through typed structs.
//!
//! Its lines are all held at once, as everybody's are; what is not cast is a raw value.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{contender::{Contender, Refusal}, exact::{Exact, decimal, whole}};

type Raw<'a> = &'a RawValue;

/// A large order by typed structs.
pub(super) struct Typed;

impl Contender for Typed {
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let order: Order<'_> = serde_json::from_slice(record)?;
        Ok(serde_json::to_writer(out, &order)?)
    }
}

#[derive(Deserialize, Serialize)]
struct Order<'a> {
    #[serde(borrow)]
    id: Raw<'a>,
    status: Raw<'a>,
    lines: Vec<Line<'a>>,
    note: Raw<'a>,
}

#[derive(Deserialize, Serialize)]
struct Line<'a> {
    #[serde(borrow)]
    sku: Raw<'a>,
    title: Raw<'a>,
    #[serde(deserialize_with = "whole")]
    qty: i64,
    #[serde(deserialize_with = "decimal")]
    price: Exact,
    tax: Raw<'a>,
    bin: Raw<'a>,
}
