//! A parsed value.

use crate::{Number, Path, Sort};

/// A JSON value with exact numbers and ordered objects. What is absent is `Option::None`, never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as its text.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object, in order; keys are distinct.
    Object(Vec<(String, Value)>),
}

/// An object of the given entries; absent ones are left out.
pub fn object<const N: usize>(entries: [(&str, Option<Value>); N]) -> Value {
    Value::Object(entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
}

impl Value {
    /// The value of a key, if this is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries()?.iter().find_map(|(name, value)| (name == key).then_some(value))
    }

    /// The entries, if this is an object.
    #[must_use]
    pub fn entries(&self) -> Option<&[(String, Value)]> {
        match self {
            Value::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if this is an array.
    #[must_use]
    pub fn items(&self) -> Option<&[Value]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if this is a number that is one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The one value a singular path names, if it is there.
    #[must_use]
    pub fn at(&self, path: &Path) -> Option<&Value> {
        path.one(self)
    }

    /// Sets a key of an object, replacing in place or appending; other values are left alone.
    pub fn set(&mut self, key: &str, value: Value) {
        if let Value::Object(entries) = self {
            match entries.iter_mut().find(|(name, _)| name == key) {
                Some((_, old)) => *old = value,
                None => entries.push((key.to_owned(), value)),
            }
        }
    }

    /// A scalar as plain text, for a URL, a header or a key; `None` for null, arrays and objects.
    #[must_use]
    pub fn plain(&self) -> Option<String> {
        match self {
            Value::Bool(value) => Some(value.to_string()),
            Value::Number(number) => Some(number.text().to_owned()),
            Value::String(text) => Some(text.clone()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// What it is.
    #[must_use]
    pub fn sort(&self) -> Sort {
        match self {
            Value::Null => Sort::Null,
            Value::Bool(_) => Sort::Bool,
            Value::Number(_) => Sort::Number,
            Value::String(_) => Sort::Text,
            Value::Array(_) => Sort::Array,
            Value::Object(_) => Sort::Object,
        }
    }

    /// The word for this sort of value.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.sort().word()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(text)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Number(value.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}
