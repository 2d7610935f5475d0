//! Where a value stands in a record: dotted names (`customer.email`) or a singular path (`$.lines[0]['unit price']`).
//!
//! Operations read and write through it. Written, objects appear on the way; elements of arrays do not.

use std::fmt;

use document::{Item, Path, Step};

/// The most steps to a place.
const MOST_STEPS: usize = 64;

/// A place in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field(Box<[Word]>);

/// One step to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// A member of an object.
    Name(Box<str>),
    /// An element of an array; negative counts from the end.
    Index(i64),
}

/// A text that names no place, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at column {column}")]
pub struct NoField {
    /// What is wrong.
    pub reason: String,
    /// Where, from 1.
    pub column: usize,
}

impl Field {
    /// Reads dotted names, or a singular path where the text starts with `$`.
    ///
    /// # Errors
    /// What is wrong and at which column.
    pub fn parse(text: &str) -> Result<Self, NoField> {
        if !text.starts_with('$') {
            return dotted(text);
        }
        let path = Path::parse(text).map_err(|error| NoField { reason: error.reason.to_string(), column: error.column })?;
        if path.steps().len() > MOST_STEPS {
            return Err(NoField { reason: format!("more than {MOST_STEPS} steps"), column: 1 });
        }
        let words: Option<Box<[Word]>> = if path.is_singular() { path.steps().iter().map(word).collect() } else { None };
        words.map(Self).ok_or_else(|| NoField { reason: "one value is needed, and this path may name many".into(), column: 1 })
    }

    /// The whole record.
    #[must_use]
    pub fn whole() -> Self {
        Self(Box::new([]))
    }

    /// The place these steps lead to.
    pub(crate) fn of_words(words: impl IntoIterator<Item = Word>) -> Self {
        Self(words.into_iter().collect())
    }

    /// The place of a member of the object at this place.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        Self(self.0.iter().cloned().chain([Word::Name(name.into())]).collect())
    }

    pub(crate) fn words(&self) -> &[Word] {
        &self.0
    }

    /// The last name, if there is one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|word| match word {
            Word::Name(name) => Some(&**name),
            Word::Index(_) => None,
        })
    }

    /// The names, if no step counts elements.
    #[must_use]
    pub fn names(&self) -> Option<Vec<&str>> {
        self.0.iter().map(|word| if let Word::Name(name) = word { Some(&**name) } else { None }).collect()
    }

    /// The value at this place of an item.
    #[must_use]
    pub fn of<'a>(&self, item: Item<'a>) -> Option<Item<'a>> {
        self.0.iter().try_fold(item, |item, word| word.of(item))
    }

    /// JSON Pointer to it.
    #[must_use]
    pub fn pointer(&self) -> String {
        self.0.iter().map(|word| match word {
            Word::Name(name) => format!("/{}", document::token(name)),
            Word::Index(index) => format!("/{index}"),
        }).collect()
    }
}

impl Word {
    pub(crate) fn of<'a>(&self, item: Item<'a>) -> Option<Item<'a>> {
        match self {
            Word::Name(name) => item.get(name),
            Word::Index(index) => item.index(at(*index, item.len())?),
        }
    }
}

/// The place an index means in an array of some length.
pub(crate) fn at(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let at = if index < 0 { length + index } else { index };
    (0..length).contains(&at).then(|| usize::try_from(at).ok())?
}

fn word(step: &Step) -> Option<Word> {
    match step {
        Step::Name(name) => Some(Word::Name(name.as_str().into())),
        Step::Index(index) => Some(Word::Index(*index)),
        _ => None,
    }
}

fn dotted(text: &str) -> Result<Field, NoField> {
    let mut column = 1;
    let mut words = Vec::new();
    for name in text.split('.') {
        if name.is_empty() || name.contains(['[', ']', '*', '{', '}', '\'', '"', '$']) || name.trim() != name {
            let reason = if name.is_empty() { "a name is empty" } else { "a name has a character that needs the form `$['name']`" };
            return Err(NoField { reason: reason.into(), column });
        }
        if words.len() == MOST_STEPS {
            return Err(NoField { reason: format!("more than {MOST_STEPS} steps"), column });
        }
        column += name.chars().count() + 1;
        words.push(Word::Name(name.into()));
    }
    Ok(Field(words.into()))
}

/// As a path: `$.customer.email`.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.0.iter().try_for_each(|word| match word {
            Word::Name(name) if name.chars().all(|char| char.is_alphanumeric() || char == '_') => write!(f, ".{name}"),
            Word::Name(name) => write!(f, "['{}']", name.replace('\\', "\\\\").replace('\'', "\\'")),
            Word::Index(index) => write!(f, "[{index}]"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_names_and_singular_paths_name_one_place() {
        for (text, shown, pointer) in [
            ("email", "$.email", "/email"), ("customer.email", "$.customer.email", "/customer/email"), ("$.lines[0]['unit price']", "$.lines[0]['unit price']", "/lines/0/unit price"),
            ("$", "$", ""), ("$.a[-1]", "$.a[-1]", "/a/-1"), ("a/b.c~d", "$['a/b']['c~d']", "/a~1b/c~0d"),
        ] {
            let field = Field::parse(text).unwrap();
            assert_eq!((field.to_string().as_str(), field.pointer().as_str()), (shown, pointer), "{text}");
        }
        for (text, column) in [("", 1), ("a..b", 3), ("a.", 3), ("lines[0]", 1), ("$.lines[*]", 1), ("$..sku", 1), ("$.lines[0:2]", 1), ("$.lines[?@.a].b", 1), ("$['a','b']", 1), (" a", 1), ("$.", 2)] {
            assert_eq!(Field::parse(text).unwrap_err().column, column, "{text}");
        }
    }
}
