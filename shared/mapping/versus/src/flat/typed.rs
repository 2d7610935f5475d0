//! Rows through a typed struct, one for both ways: serde renames, casts as it reads, and passes over what is removed.
//!
//! The best that is reasonable by hand. It knows all sixty columns in advance, which a mapping does not.

use std::borrow::Cow;

use regex::Regex;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{contender::{Contender, Refusal}, exact::{Exact, decimal, whole}};

type Raw<'a> = &'a RawValue;

/// Rows by a typed struct.
pub(super) struct Typed {
    not_phone: Regex,
    unit: Regex,
}

impl Typed {
    pub(super) fn new() -> Self {
        Self { not_phone: super::pattern(super::NOT_PHONE), unit: super::pattern(super::UNIT) }
    }
}

impl Contender for Typed {
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let mut row: Row<'_> = serde_json::from_slice(record)?;
        if let Cow::Owned(digits) = self.not_phone.replace_all(&row.tel, "") {
            row.tel = digits.into();
        }
        if let Cow::Owned(width) = self.unit.replace_all(&row.wid, "") {
            row.wid = width.into();
        }
        if row.stk <= 0 {
            row.sts = "out".into();
        }
        row.class = if row.pri.0 > Decimal::from(500) { "A" } else { "B" };
        row.label = (!row.brd.is_empty()).then(|| format!("{} {}", row.brd, row.ben));
        Ok(serde_json::to_writer(out, &row)?)
    }
}

#[derive(Deserialize, Serialize)]
struct Row<'a> {
    #[serde(borrow, rename(serialize = "sku"))]
    art: Raw<'a>,
    #[serde(borrow, rename(serialize = "name"))]
    ben: Cow<'a, str>,
    #[serde(borrow)]
    brd: Cow<'a, str>,
    #[serde(borrow, rename(serialize = "group"))]
    grp: Raw<'a>,
    #[serde(borrow, rename(serialize = "supplier"))]
    lev: Raw<'a>,
    #[serde(borrow, rename(serialize = "barcode"))]
    ean: Raw<'a>,
    #[serde(deserialize_with = "whole")]
    stk: i64,
    #[serde(deserialize_with = "whole")]
    res: i64,
    #[serde(deserialize_with = "whole")]
    min: i64,
    #[serde(deserialize_with = "whole")]
    pac: i64,
    #[serde(deserialize_with = "whole")]
    vat: i64,
    #[serde(deserialize_with = "decimal")]
    pri: Exact,
    #[serde(deserialize_with = "decimal")]
    cst: Exact,
    #[serde(deserialize_with = "decimal")]
    wgt: Exact,
    #[serde(deserialize_with = "decimal")]
    vol: Exact,
    #[serde(deserialize_with = "decimal")]
    dsc: Exact,
    #[serde(borrow)]
    tel: Cow<'a, str>,
    #[serde(borrow)]
    wid: Cow<'a, str>,
    #[serde(borrow)]
    sts: Cow<'a, str>,
    col: Raw<'a>,
    siz: Raw<'a>,
    mat: Raw<'a>,
    cou: Raw<'a>,
    ori: Raw<'a>,
    cus: Raw<'a>,
    loc: Raw<'a>,
    shf: Raw<'a>,
    bin: Raw<'a>,
    cat: Raw<'a>,
    sub: Raw<'a>,
    sea: Raw<'a>,
    yrs: Raw<'a>,
    fit: Raw<'a>,
    lng: Raw<'a>,
    txt: Raw<'a>,
    url: Raw<'a>,
    img: Raw<'a>,
    inf: Raw<'a>,
    crt: Raw<'a>,
    upd: Raw<'a>,
    own: Raw<'a>,
    apr: Raw<'a>,
    buy: Raw<'a>,
    sel: Raw<'a>,
    acc: Raw<'a>,
    cos: Raw<'a>,
    prj: Raw<'a>,
    adr: Raw<'a>,
    zip: Raw<'a>,
    rem: Raw<'a>,
    #[serde(skip_deserializing)]
    class: &'static str,
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
}
