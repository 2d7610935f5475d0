//! Records a snapshot leaves out. They are there, and what they say is not known: never zero, and never taken for gone.

use canonical::Key;
use document::{Value, object};

/// As much of a record's id as a message holds.
const SHOWN_BYTES: usize = 100;

/// A record that says nothing of what its type needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which thing, where the record tells.
    pub key: Option<Key>,
    /// The source's id of it, shortened.
    pub record: String,
    /// Why it is left out.
    pub why: Silence,
}

/// Why a record is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Silence {
    /// A rule of `absent` holds.
    Rule,
    /// Its key is not in a table that skips what it does not have.
    Lookup,
    /// It has no key that can be one.
    Key,
    /// The canonical field that its type or its map needs is not there, or null: this one.
    Value(String),
}

impl LeftOut {
    /// It as tests and people see it.
    #[must_use]
    pub fn shown(&self) -> Value {
        object([("record", Some(self.record.as_str().into())), ("key", self.key.as_ref().map(|key| key.as_str().into())), ("why", Some(self.why.word().into())), ("field", self.why.field().map(Into::into))])
    }
}

impl Silence {
    /// The word for it: `absent`, `lookup`, `no_key` or `no_value`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Silence::Rule => "absent",
            Silence::Lookup => "lookup",
            Silence::Key => "no_key",
            Silence::Value(_) => "no_value",
        }
    }

    /// The field without a value.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Silence::Value(field) => Some(field),
            Silence::Rule | Silence::Lookup | Silence::Key => None,
        }
    }

    /// Whether the definition says by itself that such a record says nothing.
    #[must_use]
    pub fn declared(&self) -> bool {
        matches!(self, Silence::Rule | Silence::Lookup)
    }
}

/// A record's id as a message holds it.
pub(crate) fn shown(id: &str) -> &str {
    &id[..id.floor_char_boundary(SHOWN_BYTES)]
}
