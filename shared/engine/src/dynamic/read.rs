//! From an answer to its records.

use std::borrow::Cow;

use connector::Records;
use document::{Arena, Fuel, Item, Limits, Value};
use fault::Simple;

use crate::records;

/// The answer as JSON. One that is not is the other system's passing trouble, not the record's.
pub(crate) fn body(bytes: &[u8]) -> Result<Value, Simple> {
    document::parse(bytes, &Limits::default()).map_err(|error| Simple::retry("destination_nonsense", format!("the answer is not JSON: {error}")))
}

/// The records of an answer: its parts, or values of their own where they get another shape.
pub(crate) fn records<'v>(answer: &'v Value, shape: &'v Records, arena: &'v Arena) -> Result<Vec<Cow<'v, Value>>, Simple> {
    let mut found = Vec::new();
    records::visit(answer.into(), shape, arena, &Fuel::new(records::STEPS), &mut |record| {
        found.push(if let Item::Tree(value) = record { Cow::Borrowed(value) } else { Cow::Owned(record.to_value()) });
        Ok(())
    })?;
    Ok(found)
}
