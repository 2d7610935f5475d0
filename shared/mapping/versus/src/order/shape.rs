//! An order as it comes and as it goes, for typed structs.
//!
//! A text that is read is borrowed unless it has escapes; what is only carried over is a raw value and is not read at all.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::exact::{Exact, Utc};

type Raw<'a> = &'a RawValue;

#[derive(Deserialize)]
pub(super) struct Order<'a> {
    #[serde(borrow)]
    pub id: Raw<'a>,
    #[serde(borrow)]
    pub order_number: Cow<'a, str>,
    pub status: Raw<'a>,
    #[serde(borrow)]
    pub created: Cow<'a, str>,
    #[serde(borrow)]
    pub updated_at: Cow<'a, str>,
    #[serde(borrow)]
    pub item_count: Cow<'a, str>,
    #[serde(borrow)]
    pub weight_grams: Cow<'a, str>,
    #[serde(borrow)]
    pub total: Cow<'a, str>,
    #[serde(borrow)]
    pub shipping: Cow<'a, str>,
    #[serde(borrow)]
    pub currency: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub channel: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub customer: Customer<'a>,
    #[serde(borrow)]
    pub address: Address<'a>,
    #[serde(borrow)]
    pub warehouse: Cow<'a, str>,
    #[serde(borrow)]
    pub tags: Cow<'a, str>,
    #[serde(borrow)]
    pub lines: Vec<Line<'a>>,
    pub note: Raw<'a>,
    pub gateway: Raw<'a>,
    pub token: Raw<'a>,
    pub risk: Raw<'a>,
    pub landing: Raw<'a>,
    pub client: Raw<'a>,
    pub taxes_included: Raw<'a>,
    pub cancelled_at: Raw<'a>,
    pub attributes: Raw<'a>,
}

#[derive(Deserialize)]
pub(super) struct Customer<'a> {
    #[serde(borrow)]
    pub id: Raw<'a>,
    #[serde(borrow)]
    pub first: Cow<'a, str>,
    #[serde(borrow)]
    pub last: Cow<'a, str>,
    #[serde(borrow)]
    pub email: Cow<'a, str>,
    pub phone: Raw<'a>,
}

#[derive(Deserialize)]
pub(super) struct Address<'a> {
    #[serde(borrow)]
    pub street: Raw<'a>,
    pub zip: Raw<'a>,
    pub city: Raw<'a>,
    pub region: Raw<'a>,
    pub country: Raw<'a>,
}

#[derive(Deserialize)]
pub(super) struct Line<'a> {
    #[serde(borrow)]
    pub sku: Raw<'a>,
    pub title: Raw<'a>,
    #[serde(borrow)]
    pub qty: Cow<'a, str>,
    #[serde(borrow)]
    pub price: Cow<'a, str>,
    pub tax: Raw<'a>,
}

#[derive(Serialize)]
pub(super) struct Mapped<'a> {
    pub id: Raw<'a>,
    pub number: &'a str,
    pub status: Raw<'a>,
    pub created: Utc,
    pub updated_at: Utc,
    pub item_count: i64,
    pub weight_grams: i64,
    pub total: Exact,
    pub shipping: Exact,
    pub currency: &'a str,
    pub channel: &'a str,
    pub name: String,
    pub customer: MappedCustomer<'a>,
    pub address_street: Raw<'a>,
    pub address_zip: Raw<'a>,
    pub address_city: Raw<'a>,
    pub address_region: Raw<'a>,
    pub address_country: Raw<'a>,
    pub warehouse: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warehouse_name: Option<&'a str>,
    pub large: bool,
    pub tags: Vec<&'a str>,
    pub lines: Vec<MappedLine<'a>>,
    pub note: Raw<'a>,
    pub gateway: Raw<'a>,
    pub token: Raw<'a>,
    pub risk: Raw<'a>,
    pub landing: Raw<'a>,
    pub client: Raw<'a>,
    pub taxes_included: Raw<'a>,
    pub cancelled_at: Raw<'a>,
    pub attributes: Raw<'a>,
}

#[derive(Serialize)]
pub(super) struct MappedCustomer<'a> {
    pub id: Raw<'a>,
    pub first: &'a str,
    pub last: &'a str,
    pub email: String,
    pub phone: Raw<'a>,
}

#[derive(Serialize)]
pub(super) struct MappedLine<'a> {
    pub sku: Raw<'a>,
    pub name: Raw<'a>,
    pub qty: i64,
    pub price: Exact,
    pub tax: Raw<'a>,
}
