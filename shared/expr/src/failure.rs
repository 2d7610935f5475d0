//! Why an expression gave no value. It tells the place and what was expected, never the data.

use document::Spent;
use fault::{Disposition, Fault};

/// What a name's owner says when it must have a value and has none, such as `config_missing`.
pub type Lack = fault::Simple;

/// A failed evaluation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at column {column}")]
pub struct Failure {
    /// The registered code.
    pub code: &'static str,
    /// What to do with the work.
    pub disposition: Disposition,
    /// Where in the text of the expression, in characters from 1.
    pub column: usize,
    /// What was expected and what sort of value was there, a lowercase fragment without data.
    pub message: String,
}

impl Fault for Failure {
    fn code(&self) -> &'static str {
        self.code
    }

    fn disposition(&self) -> Disposition {
        self.disposition
    }
}

/// A failure on its way up: its place is that of the nearest node around it.
#[derive(Debug)]
pub(crate) struct Stop(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: &'static str,
    disposition: Disposition,
    at: Option<u32>,
    message: String,
}

impl Stop {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { code, disposition: Disposition::Reject, at: None, message: message.into() }))
    }

    /// A value is of another sort than needed.
    #[cold]
    pub(crate) fn sort(message: impl Into<String>) -> Self {
        Self::new("expression_type", message)
    }

    /// A number cannot be calculated with, or has no place.
    #[cold]
    pub(crate) fn number(message: impl Into<String>) -> Self {
        Self::new("expression_number", message)
    }

    /// A value is absent where one is needed.
    #[cold]
    pub(crate) fn absent(message: impl Into<String>) -> Self {
        Self::new("expression_absent", message)
    }

    /// A text is no instant, date, duration or time zone.
    #[cold]
    pub(crate) fn date(message: impl Into<String>) -> Self {
        Self::new("expression_date", message)
    }

    /// A text is not in the form a function reads.
    #[cold]
    pub(crate) fn form(message: impl Into<String>) -> Self {
        Self::new("expression_form", message)
    }

    /// The result is larger than may be made.
    #[cold]
    pub(crate) fn output(message: impl Into<String>) -> Self {
        Self::new("expression_output", message)
    }

    /// With a place, unless it has one.
    #[cold]
    pub(crate) fn at(mut self, at: u32) -> Self {
        self.0.at.get_or_insert(at);
        self
    }

    /// With the column of its place.
    pub(crate) fn settled(self, source: &str) -> Failure {
        let column = crate::problem::column(source, self.0.at.map_or(0, |at| at as usize));
        Failure { code: self.0.code, disposition: self.0.disposition, column, message: self.0.message }
    }
}

impl From<Spent> for Stop {
    #[cold]
    fn from(spent: Spent) -> Self {
        Self::new(spent.code(), spent.to_string())
    }
}

impl From<Lack> for Stop {
    #[cold]
    fn from(lack: Lack) -> Self {
        Self(Box::new(Inner { code: lack.code, disposition: lack.disposition, at: None, message: lack.message }))
    }
}
