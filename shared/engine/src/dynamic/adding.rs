//! What a definition adds to the records of a page.

use connector::Read;
use document::{Arena, Fuel, Item, Value};
use fault::Simple;

use super::names::Values;

/// The record with what is added to it.
pub(crate) fn with<'p>(read: &'p Read, record: Item<'p>, around: Values<'_>, now_ms: i64, arena: &'p Arena) -> Result<Item<'p>, Simple> {
    let values = Values { record: Some(record), ..around };
    let fuel = Fuel::default();
    let mut members: Vec<(&'p str, Item<'p>)> = Vec::with_capacity(record.len() + read.records.add.len());
    for (name, template) in &read.records.add {
        // Made apart: what it is made of may be gone before the page is.
        let own = Arena::new();
        let value = { values.scene(&own, &fuel, now_ms).value(template).map_err(|error| Simple::from_fault(&error))?.map(Item::to_value) };
        members.extend(value.map(|value| (name.as_str(), kept(&value, arena))));
    }
    let added = members.len();
    for (name, item) in record.entries() {
        if !members[..added].iter().any(|(known, _)| **known == *name) {
            members.push((arena.keep(name), item));
        }
    }
    Ok(arena.map(members))
}

/// A copy of a value that lives as long as the page.
fn kept<'p>(value: &Value, arena: &'p Arena) -> Item<'p> {
    match value {
        Value::Null => Item::Null,
        Value::Bool(truth) => Item::Bool(*truth),
        Value::Number(number) => Item::Number(arena.text(number.text())),
        Value::String(text) => Item::Text(arena.text(text)),
        Value::Array(items) => arena.list(items.iter().map(|item| kept(item, arena)).collect::<Vec<_>>()),
        Value::Object(entries) => arena.map(entries.iter().map(|(name, value)| (arena.text(name), kept(value, arena))).collect::<Vec<_>>()),
    }
}
