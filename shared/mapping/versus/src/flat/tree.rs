//! Rows through `serde_json::Value`, changed by hand.
//!
//! Decimals become floats, because the tree holds no others; that is what a program written this way does.

use regex::Regex;
use serde_json::{Map, Value};

use crate::{contender::{Contender, Refusal}, tree::{moved, put_float, put_integer, text}};

const REMOVED: [&str; 10] = ["usr", "ses", "tm1", "tm2", "chk", "crc", "lck", "ver", "bat", "prn"];

/// Rows by a tree.
pub(super) struct Tree {
    not_phone: Regex,
    unit: Regex,
}

impl Tree {
    pub(super) fn new() -> Self {
        Self { not_phone: super::pattern(super::NOT_PHONE), unit: super::pattern(super::UNIT) }
    }

    fn map(&self, row: &mut Map<String, Value>) -> Result<(), Refusal> {
        for (from, to) in [("art", "sku"), ("ben", "name"), ("grp", "group"), ("lev", "supplier"), ("ean", "barcode")] {
            moved(row, from, to);
        }
        for field in ["res", "min", "pac", "vat"] {
            put_integer(row, field)?;
        }
        for field in ["cst", "wgt", "vol", "dsc"] {
            put_float(row, field)?;
        }
        let (stock, price) = (put_integer(row, "stk")?, put_float(row, "pri")?);
        for field in REMOVED {
            row.swap_remove(field);
        }
        for (field, pattern) in [("tel", &self.not_phone), ("wid", &self.unit)] {
            row[field] = pattern.replace_all(text(row, field)?, "").into();
        }
        if stock <= 0 {
            row["sts"] = "out".into();
        }
        row.insert("class".into(), if price > 500.0 { "A" } else { "B" }.into());
        let brand = text(row, "brd")?;
        if !brand.is_empty() {
            let label = format!("{brand} {}", text(row, "name")?);
            row.insert("label".into(), label.into());
        }
        Ok(())
    }
}

impl Contender for Tree {
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let mut value: Value = serde_json::from_slice(record)?;
        self.map(value.as_object_mut().ok_or("a row is an object")?)?;
        Ok(serde_json::to_writer(out, &value)?)
    }
}
