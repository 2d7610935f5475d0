//! Products through a typed struct whose other fields are raw values: checked as JSON, copied, never built.
//!
//! Nothing that has to read the whole record can be much quicker.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{contender::{Contender, Refusal}, exact::whole};

type Raw<'a> = &'a RawValue;

/// Products by a typed struct.
pub(super) struct Typed;

impl Contender for Typed {
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let product: Product<'_> = serde_json::from_slice(record)?;
        Ok(serde_json::to_writer(out, &product)?)
    }
}

#[derive(Deserialize, Serialize)]
struct Product<'a> {
    #[serde(borrow)]
    id: Raw<'a>,
    title: Raw<'a>,
    #[serde(borrow, rename(serialize = "description"))]
    body_html: Raw<'a>,
    #[serde(deserialize_with = "whole")]
    vendor_id: i64,
    vendor: Raw<'a>,
    handle: Raw<'a>,
    status: Raw<'a>,
    created_at: Raw<'a>,
    updated_at: Raw<'a>,
    published: Raw<'a>,
    template: Raw<'a>,
    tags: Raw<'a>,
    options: Raw<'a>,
    variants: Raw<'a>,
    images: Raw<'a>,
}
