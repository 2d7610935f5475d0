//! Why a table did not do what was asked.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use fault::{Disposition, Fault};

/// A failure of a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It does not answer, throttles, or refuses: the code is its own.
    #[error("table {table} failed: {reason}")]
    Unavailable {
        /// Which table.
        table: &'static str,
        /// The error code of the table.
        reason: String,
    },
    /// A row does not hold what such rows hold.
    #[error("a row of table {table} cannot be read: {reason}")]
    Unreadable {
        /// Which table.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Somebody changed the row in between.
    #[error("a row of table {table} changed in between")]
    Conflict {
        /// Which table.
        table: &'static str,
    },
}

impl Error {
    /// The failure of a call.
    pub(crate) fn call<E: ProvideErrorMetadata, R>(table: &'static str, error: &SdkError<E, R>) -> Self {
        match error.code() {
            Some("ConditionalCheckFailedException" | "TransactionCanceledException") => Error::Conflict { table },
            code => Error::Unavailable { table, reason: code.unwrap_or("no answer").to_owned() },
        }
    }

    pub(crate) fn unreadable(table: &'static str, reason: impl Into<String>) -> Self {
        Error::Unreadable { table, reason: reason.into() }
    }
}

impl Fault for Error {
    fn code(&self) -> &'static str {
        match self {
            Error::Unavailable { .. } | Error::Conflict { .. } => "store_unavailable",
            Error::Unreadable { .. } => "internal",
        }
    }

    fn disposition(&self) -> Disposition {
        Disposition::Retry { after: None }
    }
}
