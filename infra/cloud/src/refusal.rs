//! A failure as the caller sees it: an AWS error code, a sentence and a status.
//!
//! Operations of both services return it; `wire` writes it. SQS has two names for most errors, the JSON type and the
//! older query code that SDKs read from `x-amzn-query-error`; KMS has one.

use std::borrow::Cow;

use serde_json::{Value, json};

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The JSON type, without a namespace.
    pub(crate) kind: &'static str,
    /// The code of the query protocol, and the one used for entries of a batch.
    pub(crate) code: &'static str,
    /// One sentence for a person.
    pub(crate) message: Cow<'static, str>,
    /// False when the fault is ours, which is status 500.
    pub(crate) by_sender: bool,
}

impl Refusal {
    /// An error with one name.
    pub(crate) fn new(kind: &'static str, message: impl Into<Cow<'static, str>>) -> Refusal {
        Refusal { kind, code: kind, message: message.into(), by_sender: true }
    }

    /// An error whose query code differs from its JSON type.
    pub(crate) fn coded(kind: &'static str, code: &'static str, message: impl Into<Cow<'static, str>>) -> Refusal {
        Refusal { kind, code, message: message.into(), by_sender: true }
    }

    /// The form in which a batch answers for one entry.
    pub(crate) fn entry(&self, id: &str) -> Value {
        json!({ "Id": id, "SenderFault": self.by_sender, "Code": self.code, "Message": self.message })
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Refusal {
        let message = Cow::Owned(format!("the local database failed: {error}"));
        Refusal { kind: "InternalFailure", code: "InternalFailure", message, by_sender: false }
    }
}
