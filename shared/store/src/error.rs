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
    /// What is to be kept is larger than a row.
    #[error("what is to be kept in table {table} does not fit into a row")]
    TooLarge {
        /// Which table.
        table: &'static str,
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
            Some("ValidationException") if error.message().is_some_and(too_large) => Error::TooLarge { table },
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
            Error::TooLarge { .. } => "row_too_large",
        }
    }

    fn disposition(&self) -> Disposition {
        match self {
            Error::TooLarge { .. } => Disposition::Reject,
            Error::Unavailable { .. } | Error::Conflict { .. } | Error::Unreadable { .. } => Disposition::Retry { after: None },
        }
    }
}

/// The table has one code for everything that is wrong with a request; its words tell apart what no retry will mend.
fn too_large(message: &str) -> bool {
    message.contains("Item size") && message.contains("exceeded the maximum allowed size")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_a_registered_code() {
        for (error, code) in [
            (Error::Unavailable { table: "core", reason: "no answer".into() }, "store_unavailable"), (Error::Conflict { table: "core" }, "store_unavailable"), (Error::unreadable("core", "no text"), "internal"), (Error::TooLarge { table: "dead" }, "row_too_large"),
        ] {
            assert!(error.code() == code && fault::documented(code).is_some(), "{error}");
        }
    }
}
