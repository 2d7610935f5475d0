//! Records a snapshot leaves out. They are there, and what they say is not known: never zero, and never taken for gone.

use canonical::Key;
use document::Value;
use fault::Simple;

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
    /// It cannot be mapped.
    Unmapped(Simple),
    /// Several records have its key and say something else: which of them is true is not known.
    Twice,
    /// Its key is one that was asked for in other letters: the source writes it like this.
    Letters(String),
}

impl LeftOut {
    /// It as tests and people see it.
    #[must_use]
    pub fn shown(&self) -> Value {
        let detail = self.why.detail();
        let told = [("record", Some(self.record.as_str())), ("key", self.key.as_ref().map(Key::as_str)), ("why", Some(self.why.word()))].into_iter().chain(detail.map(|(name, text)| (name, Some(text))));
        Value::Object(told.filter_map(|(name, text)| Some((name.to_owned(), text?.into()))).collect())
    }

    /// The fault of one that cannot be mapped, with its name.
    #[must_use]
    pub fn fault(&self) -> Option<Simple> {
        let Silence::Unmapped(fault) = &self.why else { return None };
        Some(Simple { message: format!("record {}: {}", self.record, fault.message), ..fault.clone() })
    }

    /// Whether it is left out because its key was asked for in other letters.
    #[must_use]
    pub fn is_in_other_letters(&self) -> bool {
        matches!(self.why, Silence::Letters(_))
    }
}

impl Silence {
    /// The word for it: `absent`, `lookup`, `no_key`, `no_value`, `unmapped`, `twice` or `letters`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Silence::Rule => "absent",
            Silence::Lookup => "lookup",
            Silence::Key => "no_key",
            Silence::Value(_) => "no_value",
            Silence::Unmapped(_) => "unmapped",
            Silence::Twice => "twice",
            Silence::Letters(_) => "letters",
        }
    }

    /// What belongs to the word, and its name: the `field` without a value, the `code` of what cannot be mapped, the key as it is `written`.
    #[must_use]
    pub fn detail(&self) -> Option<(&'static str, &str)> {
        match self {
            Silence::Value(field) => Some(("field", field)),
            Silence::Unmapped(fault) => Some(("code", fault.code)),
            Silence::Letters(written) => Some(("written", written)),
            Silence::Rule | Silence::Lookup | Silence::Key | Silence::Twice => None,
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
