//! What the contenders that change a `serde_json::Value` by hand do again and again.
//!
//! Plain and direct, as such programs are; nothing here is slowed down or made cleverer than they are.

use serde_json::{Map, Value};

use crate::contender::Refusal;

/// The text of a field.
///
/// # Errors
/// It has none.
pub fn text<'a>(of: &'a Map<String, Value>, field: &str) -> Result<&'a str, Refusal> {
    of.get(field).and_then(Value::as_str).ok_or_else(|| format!("{field} is no text").into())
}

/// The object in a field.
///
/// # Errors
/// It has none.
pub fn part<'a>(of: &'a mut Map<String, Value>, field: &str) -> Result<&'a mut Map<String, Value>, Refusal> {
    of.get_mut(field).and_then(Value::as_object_mut).ok_or_else(|| format!("{field} is no object").into())
}

/// Gives a field another name.
pub fn moved(of: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = of.swap_remove(from) {
        of.insert(to.into(), value);
    }
}

/// Casts the text of a field to an integer.
///
/// # Errors
/// It is none.
pub fn put_integer(of: &mut Map<String, Value>, field: &str) -> Result<i64, Refusal> {
    let value: i64 = text(of, field)?.parse()?;
    of[field] = value.into();
    Ok(value)
}

/// Casts the text of a field to the nearest float.
///
/// # Errors
/// It is no number.
pub fn put_float(of: &mut Map<String, Value>, field: &str) -> Result<f64, Refusal> {
    let value: f64 = text(of, field)?.parse()?;
    of[field] = value.into();
    Ok(value)
}
