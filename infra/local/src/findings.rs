//! Findings as people and programs read them: with the line and column of what they speak of.
//!
//! What checks files prints through here, so that every check speaks alike. It judges nothing itself.

use std::fmt::{self, Display};

use document::Sort;
use fault::{Fault, Finding, Severity};
use serde_json::{Value, json};

use crate::say::say;

/// One finding with its place in the file.
pub(crate) struct Found {
    pub(crate) code: String,
    pub(crate) error: bool,
    pub(crate) pointer: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl Found {
    /// A finding at a place.
    pub(crate) fn at((line, column): (usize, usize), finding: &Finding) -> Self {
        Self {
            code: finding.code.to_owned(),
            error: finding.severity == Severity::Error,
            pointer: finding.pointer.clone(),
            line,
            column,
            message: finding.message.clone(),
            hint: finding.hint.clone(),
        }
    }

    /// That a file is no document.
    pub(crate) fn no_document(text: &str, error: &document::Error) -> Self {
        let hint = document::authored::remedy(text, error).to_owned();
        Self { code: error.code().to_owned(), error: true, pointer: String::new(), line: error.line, column: error.column, message: error.message.to_owned(), hint }
    }

    /// The finding as JSON.
    pub(crate) fn json(&self) -> Value {
        json!({
            "code": self.code, "severity": self.severity(), "pointer": self.pointer, "line": self.line, "column": self.column,
            "message": self.message, "hint": self.hint,
        })
    }

    /// The finding for people, of a file.
    pub(crate) fn of(&self, file: impl Display) -> String {
        format!("{file}:{}:{}: {self}", self.line, self.column)
    }

    fn severity(&self) -> &'static str {
        if self.error { "error" } else { "warning" }
    }
}

impl Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "the document" } else { &self.pointer };
        write!(f, "{} {}: {} ({pointer})\n    {}", self.severity(), self.code, self.message, self.hint)
    }
}

/// What stands at a place, as a sentence says it.
pub(crate) fn sort(found: Option<Sort>) -> &'static str {
    match found {
        None => "nothing",
        Some(Sort::Null) => "null",
        Some(Sort::Bool) => "a boolean",
        Some(Sort::Number) => "a number",
        Some(Sort::Text) => "a string",
        Some(Sort::Array) => "an array",
        Some(Sort::Object) => "an object",
    }
}

/// Prints what was found in a file, and whether the file can be used.
pub(crate) fn print(file: impl Display, valid: bool, found: &[Found]) {
    for finding in found {
        say!("{}", finding.of(&file));
    }
    say!("{file}: {}", if valid { "can be used" } else { "cannot be used" });
}
