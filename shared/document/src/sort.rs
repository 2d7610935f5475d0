//! The six sorts of JSON values, and the word of each.

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A string.
    Text,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Sort {
    /// The word for it, as messages use it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Sort::Null => "null",
            Sort::Bool => "boolean",
            Sort::Number => "number",
            Sort::Text => "string",
            Sort::Array => "array",
            Sort::Object => "object",
        }
    }
}
