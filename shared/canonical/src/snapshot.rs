//! Current state of one end.

use document::Value;

use crate::Key;

/// What a snapshot knows about one field.
///
/// Invariant: `Absent` never becomes zero. A destination hears nothing about a field the source did not speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading<T> {
    /// The source holds this value, which may well be zero.
    Known(T),
    /// The source has no record in this scope.
    Absent,
}

/// One record of one end, in canonical space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotItem {
    /// Which thing.
    pub key: Key,
    /// `stocklevel`, `order`, …
    pub canonical_type: String,
    /// The canonical fields; absent ones are not there.
    pub fields: Value,
}

impl SnapshotItem {
    /// What this item says about a field. A `null` says as little as silence.
    #[must_use]
    pub fn reading(&self, field: &str) -> Reading<&Value> {
        match self.fields.get(field) {
            None | Some(Value::Null) => Reading::Absent,
            Some(value) => Reading::Known(value),
        }
    }
}
