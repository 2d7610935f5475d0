//! A raw change, as the source gave it.

use document::Value;

use crate::Millis;

/// One change at a source: what kind of thing changed, which one, and everything the source said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Event type in dot notation (`order.updated`).
    pub kind: String,
    /// Entity of the connector (`order`).
    pub entity: String,
    /// The source's id of the thing that changed.
    pub external_id: String,
    /// When the source says it changed; absent when it does not say.
    pub occurred_ms: Option<Millis>,
    /// The source's id of this delivery, if it names one.
    pub delivery_id: Option<String>,
    /// The record.
    pub payload: Value,
}
