//! Where a found value stands: its normalised path (RFC 9535 §2.7) and its JSON Pointer.

use std::fmt;

use crate::{Pointer, Step};

/// The names and indices from the root down to one value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Location(Vec<Step>);

impl Location {
    pub(super) fn of(steps: Vec<Step>) -> Self {
        Self(steps)
    }

    /// Names and indices from zero, from the root down.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The same as a JSON Pointer.
    #[must_use]
    pub fn pointer(&self) -> Pointer {
        Pointer::of(self.0.iter().map(|step| match step {
            Step::Name(name) => name.clone(),
            Step::Index(index) => index.to_string(),
            Step::Each => "*".to_owned(),
        }))
    }
}

/// The normalised path: `$['a'][0]`.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.0.iter().try_for_each(|step| match step {
            Step::Name(name) => quoted(f, name),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Each => f.write_str("[*]"),
        })
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    f.write_str("['")?;
    for char in name.chars() {
        match char {
            '\u{8}' => f.write_str("\\b")?,
            '\t' => f.write_str("\\t")?,
            '\n' => f.write_str("\\n")?,
            '\u{c}' => f.write_str("\\f")?,
            '\r' => f.write_str("\\r")?,
            '\'' | '\\' => write!(f, "\\{char}")?,
            char if char < ' ' => write!(f, "\\u{:04x}", u32::from(char))?,
            char => write!(f, "{char}")?,
        }
    }
    f.write_str("']")
}
