//! JSON Pointer (RFC 6901): where one value stands, for messages and for writing.
//!
//! Used by mappings, schemas and whoever injects a value. Writing makes the objects that are missing on the way, never an
//! array, and changes nothing when it fails.

use std::{borrow::Cow, fmt};

use fault::{Disposition, Fault};

use crate::{Item, Value};

/// The most tokens of a pointer that is read: no deeper than a document.
const DEEPEST: usize = 64;

/// A parsed pointer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Pointer(Vec<String>);

/// A text that is no pointer, or a place where nothing can be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PointerError {
    /// Not written as RFC 6901 has it.
    #[error("not a pointer: {reason} at column {column}")]
    Invalid {
        /// What is wrong.
        reason: &'static str,
        /// Where, in bytes from 1.
        column: usize,
    },
    /// What is there cannot take the value.
    #[error("nothing can be set at `{place}`: {reason}")]
    Blocked {
        /// The pointer up to the step that cannot be taken.
        place: Pointer,
        /// Why not.
        reason: &'static str,
    },
}

impl Fault for PointerError {
    fn code(&self) -> &'static str {
        match self {
            PointerError::Invalid { .. } => "pointer_invalid",
            PointerError::Blocked { .. } => "pointer_blocked",
        }
    }

    fn disposition(&self) -> Disposition {
        Disposition::Reject
    }
}

impl Pointer {
    /// Reads the empty text (the whole), `/a`, `/a/0/b~1c`.
    ///
    /// # Errors
    /// What is wrong and at which column.
    pub fn parse(text: &str) -> Result<Self, PointerError> {
        let mut tokens = Vec::new();
        let mut column = 1;
        let mut parts = text.split('/');
        if parts.next().is_some_and(|before| !before.is_empty()) {
            return Err(PointerError::Invalid { reason: "it is empty or starts with `/`", column });
        }
        for part in parts {
            if tokens.len() == DEEPEST {
                return Err(PointerError::Invalid { reason: "it has at most 64 steps", column });
            }
            tokens.push(unescaped(part).map_err(|at| PointerError::Invalid { reason: "`~0` or `~1` stands for `~` and `/`", column: column + 1 + at })?);
            column += 1 + part.len();
        }
        Ok(Self(tokens))
    }

    /// A pointer of these tokens, unescaped.
    pub fn of(tokens: impl IntoIterator<Item = String>) -> Self {
        Self(tokens.into_iter().collect())
    }

    /// The tokens, unescaped.
    #[must_use]
    pub fn tokens(&self) -> &[String] {
        &self.0
    }

    /// The value at this place, if there is one.
    #[must_use]
    pub fn get<'a>(&self, item: Item<'a>) -> Option<Item<'a>> {
        self.0.iter().try_fold(item, |item, token| item.get(token).or_else(|| item.index(index(token)?)))
    }

    /// Puts a value at this place, instead of what is there. Objects that are missing on the way are made; `-` behind an
    /// array appends to it.
    ///
    /// # Errors
    /// When a step crosses a scalar or an index is out of range; nothing is changed then.
    pub fn set(&self, root: &mut Value, value: Value) -> Result<(), PointerError> {
        let mut at = root;
        for (depth, token) in self.0.iter().enumerate() {
            let blocked = |reason| Err(PointerError::Blocked { place: Pointer(self.0[..=depth].to_vec()), reason });
            at = match at {
                Value::Object(entries) => {
                    // What is made here is reached through objects only: nothing behind it can fail.
                    let place = entries.iter().position(|(name, _)| name == token).unwrap_or_else(|| {
                        entries.push((token.clone(), Value::Object(Vec::new())));
                        entries.len() - 1
                    });
                    &mut entries[place].1
                }
                Value::Array(items) => {
                    let Some(place) = (if token == "-" { Some(items.len()) } else { index(token) }) else {
                        return blocked("an element is named by its index, or by `-` to append one");
                    };
                    if token == "-" {
                        items.push(Value::Object(Vec::new()));
                    }
                    match items.get_mut(place) {
                        Some(item) => item,
                        None => return blocked("the array has no such element"),
                    }
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return blocked("a value that is no object or array stands in the way"),
            };
        }
        *at = value;
        Ok(())
    }
}

/// The text a token stands for, or the byte of a `~` that is no escape.
fn unescaped(part: &str) -> Result<String, usize> {
    let mut pieces = part.split('~');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    let mut at = out.len();
    for piece in pieces {
        let (char, rest) = piece.strip_prefix('0').map(|rest| ('~', rest)).or_else(|| piece.strip_prefix('1').map(|rest| ('/', rest))).ok_or(at)?;
        out.push(char);
        out.push_str(rest);
        at += 1 + piece.len();
    }
    Ok(out)
}

/// The index a token is, if it is one: no sign, no leading zero.
fn index(token: &str) -> Option<usize> {
    let digits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (token.len() == 1 || !token.starts_with('0'))).then(|| token.parse().ok())?
}

/// A name as a token of a JSON Pointer.
#[must_use]
pub fn token(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { Cow::Owned(name.replace('~', "~0").replace('/', "~1")) } else { Cow::Borrowed(name) }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|name| write!(f, "/{}", token(name)))
    }
}
