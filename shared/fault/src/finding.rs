//! One thing a checker has to say about a document: where, what was expected, what to do.

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document is refused.
    Error,
    /// The document is accepted; a person should look.
    Warning,
}

/// One thing wrong, or doubtful, at one place of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The registered code.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// JSON Pointer (RFC 6901) to the place.
    pub pointer: String,
    /// What is wrong, a lowercase fragment.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl Finding {
    /// An error at a place.
    pub fn error(code: &'static str, pointer: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, pointer: pointer.into(), message: message.into(), hint: hint.into() }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, pointer: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, pointer, message, hint) }
    }
}
