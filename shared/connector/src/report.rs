//! Everything a check found, and the connector if nothing speaks against it.

use document::authored::place;
use fault::{Finding, Severity};

use crate::Connector;

/// What a check found.
#[derive(Debug)]
pub struct Report {
    pub(crate) text: String,
    pub(crate) findings: Vec<Finding>,
    pub(crate) connector: Option<Connector>,
}

impl Report {
    /// Every finding, in the order of the elements.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether the definition can be used.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.connector.is_some() && self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }

    /// The line and column (from 1) a JSON Pointer names, or those of the nearest thing around it that exists.
    #[must_use]
    pub fn place(&self, pointer: &str) -> (usize, usize) {
        place(&self.text, pointer)
    }

    /// The connector.
    ///
    /// # Errors
    /// The report itself, when it holds an error.
    pub fn into_connector(mut self) -> Result<Connector, Box<Report>> {
        let valid = self.is_valid();
        self.connector.take_if(|_| valid).ok_or_else(|| Box::new(self))
    }
}
