//! Everything a check found in an authored document, and what was made of it if nothing speaks against it.

use fault::{Finding, Severity};

use super::place;

/// What a check found, and the checked form.
#[derive(Debug)]
pub struct Report<T> {
    text: String,
    findings: Vec<Finding>,
    checked: Option<T>,
}

impl<T> Report<T> {
    /// The report of a text.
    #[must_use]
    pub fn new(text: String, findings: Vec<Finding>, checked: Option<T>) -> Self {
        Self { text, findings, checked }
    }

    /// Every finding, in the order of reading.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether the document can be used.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.checked.is_some() && self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }

    /// The checked form, also where an error speaks against its use.
    #[must_use]
    pub fn checked(&self) -> Option<&T> {
        self.checked.as_ref()
    }

    /// The line and column (from 1) a JSON Pointer names, or those of the nearest thing around it that exists.
    #[must_use]
    pub fn place(&self, pointer: &str) -> (usize, usize) {
        place(&self.text, pointer)
    }

    /// The checked form.
    ///
    /// # Errors
    /// The report itself, when it holds an error.
    pub fn into_checked(mut self) -> Result<T, Box<Self>> {
        let valid = self.is_valid();
        self.checked.take_if(|_| valid).ok_or_else(|| Box::new(self))
    }
}
