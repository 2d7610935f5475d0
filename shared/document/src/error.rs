//! Why a text is not a document, and where.

use fault::{Disposition, Fault};

/// What is wrong with the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Not JSON.
    Syntax,
    /// Not UTF-8.
    Utf8,
    /// Nested deeper than the limit.
    TooDeep,
    /// More bytes or nodes than the limit.
    TooLarge,
    /// One key twice in one object.
    DuplicateKey,
}

/// A text that is no document: what is wrong and at which byte, line and column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line} column {column}")]
pub struct Error {
    /// What is wrong.
    pub kind: Kind,
    /// A lowercase fragment; never an excerpt of the text.
    pub message: &'static str,
    /// Byte offset, from 0.
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1.
    pub column: usize,
}

impl Error {
    pub(crate) fn at(kind: Kind, message: &'static str, text: &[u8], offset: usize) -> Self {
        let offset = offset.min(text.len());
        let (line, column) = line_and_column(text, offset);
        Self { kind, message, offset, line, column }
    }
}

/// Line and column (from 1, columns in bytes) of an offset.
pub(crate) fn line_and_column(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (before.split(|byte| *byte == b'\n').count(), before.len() - line_start + 1)
}

impl Fault for Error {
    fn code(&self) -> &'static str {
        match self.kind {
            Kind::Syntax => "json_invalid",
            Kind::Utf8 => "utf8_invalid",
            Kind::TooDeep => "json_too_deep",
            Kind::TooLarge => "json_too_large",
            Kind::DuplicateKey => "json_duplicate_key",
        }
    }

    fn disposition(&self) -> Disposition {
        Disposition::Reject
    }
}
