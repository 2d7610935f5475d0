//! What a value was in the record before a cast: said by the author where a canonical value alone does not tell.

use document::{Number, Value};

/// What stands in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raw {
    /// A text.
    String,
    /// A number.
    Number,
    /// True or false.
    Boolean,
}

/// The words of `raw`.
pub const RAW: &[(&str, Raw)] = &[("string", Raw::String), ("number", Raw::Number), ("boolean", Raw::Boolean)];

impl Raw {
    /// The value of a plain text in this form; nothing where it has none.
    pub(super) fn of(self, text: String) -> Option<Value> {
        match (self, &*text) {
            (Raw::String, _) => Some(text.into()),
            (Raw::Number, _) => Number::from_text(&text).map(Value::Number),
            (Raw::Boolean, "true") => Some(Value::Bool(true)),
            (Raw::Boolean, "false") => Some(Value::Bool(false)),
            (Raw::Boolean, _) => None,
        }
    }
}
