//! Attributes in and out.

use std::collections::HashMap;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};

/// A row.
pub(crate) type Row = HashMap<String, AttributeValue>;

pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

#[expect(clippy::needless_pass_by_value, reason = "numbers are copied")]
pub(crate) fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(crate) fn b(bytes: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

pub(crate) fn text<'r>(row: &'r Row, name: &str) -> Option<&'r str> {
    row.get(name)?.as_s().ok().map(String::as_str)
}

pub(crate) fn number<T: std::str::FromStr>(row: &Row, name: &str) -> Option<T> {
    row.get(name)?.as_n().ok()?.parse().ok()
}

/// A row of the given key and attributes; absent ones are left out.
pub(crate) fn row<const N: usize>(pk: String, sk: impl Into<String>, attributes: [(&str, Option<AttributeValue>); N]) -> Row {
    let mut row: Row = attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    row.insert("pk".into(), s(pk));
    row.insert("sk".into(), s(sk));
    row
}
