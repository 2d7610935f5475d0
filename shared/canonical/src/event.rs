//! A canonical event.

use document::{Hash128, Value, hash_bytes, hash_value};

use crate::{EventId, FlowId, Version};

/// The canonical key of a record (a SKU, an order id): unit of order and exclusion.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// Takes a key text; empty is no key.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        (!text.trim().is_empty() && text.len() <= 1024).then_some(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash that stands for the key in tables and logs.
    #[must_use]
    pub fn hash(&self) -> String {
        hex::encode(hash_bytes(self.0.as_bytes()))
    }
}

/// One receipt of one event on one flow: two receipts are two, two copies of one message are one. 16 hex characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence(String);

impl Occurrence {
    /// The occurrence of item `index` of an envelope on a flow.
    #[must_use]
    pub fn of(envelope: &str, index: u32, event: &EventId, flow: &FlowId) -> Self {
        Self(hex::encode(&hash_bytes(format!("{envelope}#{index}#{event}#{flow}").as_bytes())[..8]))
    }

    /// Takes a text that was an occurrence.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        (text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A change in canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which change.
    pub id: EventId,
    /// `stocklevel`, `order`, …
    pub canonical_type: String,
    /// Version of the type's schema.
    pub canonical_version: u32,
    /// Which thing.
    pub key: Key,
    /// Which state of it.
    pub version: Version,
    /// The canonical fields; absent ones are not there.
    pub fields: Value,
    /// What nobody mapped.
    pub extensions: Value,
}

impl Event {
    /// The hash of what a destination would be told: a no-op is recognised by it.
    #[must_use]
    pub fn body_hash(&self) -> Hash128 {
        hash_value(&Value::Array(vec![self.fields.clone(), self.extensions.clone()]))
    }
}
