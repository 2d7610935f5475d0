//! Why a value could not be sealed or opened.

use fault::{Disposition, Fault};

/// A failure of the vault. No variant carries a secret or a key.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The key service does not answer, throttles or refuses us.
    #[error("the key service does not answer")]
    KmsUnavailable {
        /// What the client of the key service says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The value was sealed elsewhere, for something else, or changed since.
    #[error("the sealed value of `{field}` cannot be opened")]
    Unreadable {
        /// The name of the value.
        field: String,
    },
    /// The machine gives no chance, or the key service a key of the wrong length.
    #[error("no value can be sealed: {0}")]
    Internal(&'static str),
}

impl Fault for Error {
    fn code(&self) -> &'static str {
        match self {
            Error::KmsUnavailable { .. } => "kms_unavailable",
            Error::Unreadable { .. } => "secret_unreadable",
            Error::Internal(_) => "internal",
        }
    }

    fn disposition(&self) -> Disposition {
        match self {
            Error::KmsUnavailable { .. } | Error::Internal(_) => Disposition::Retry { after: None },
            Error::Unreadable { .. } => Disposition::Park,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_a_registered_code() {
        for (error, code) in [(Error::KmsUnavailable { source: "down".into() }, "kms_unavailable"), (Error::Unreadable { field: "token".into() }, "secret_unreadable"), (Error::Internal("no chance"), "internal")] {
            assert!(error.code() == code && fault::documented(code).is_some(), "{error}");
        }
    }
}
