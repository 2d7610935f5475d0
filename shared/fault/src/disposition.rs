//! What to do with work that failed, and the trait every error of ours implements.

use std::time::Duration;

/// What the pipeline should do next with the work that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// The same attempt may succeed later.
    Retry {
        /// How long the other side asked us to wait, if it did.
        after: Option<Duration>,
    },
    /// A person has to change something first: keep the work, stop trying.
    Park,
    /// This input can never be right: record it and move on.
    Reject,
}

/// A failure that knows what should happen next.
pub trait Fault: std::error::Error {
    /// A stable name for logs, answers and documentation, such as `poll.rate_limited`; registered in [`crate::CODES`].
    fn code(&self) -> &'static str;
    /// What to do with the work that failed.
    fn disposition(&self) -> Disposition;
    /// What the owner of the connection can do about it. Safe to show.
    fn remedy(&self) -> Option<&'static str> {
        crate::documented(self.code()).map(|code| code.remedy)
    }
}

/// A fault whose facts are its code and one safe sentence: the form in which faults cross rooms that need no more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Simple {
    /// The registered code.
    pub code: &'static str,
    /// What to do with the work.
    pub disposition: Disposition,
    /// A lowercase fragment, safe to show: never a payload, a header value or a secret.
    pub message: String,
}

impl Simple {
    /// A fault that can never be right.
    pub fn reject(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, disposition: Disposition::Reject, message: message.into() }
    }

    /// A fault that may pass with time.
    pub fn retry(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, disposition: Disposition::Retry { after: None }, message: message.into() }
    }

    /// A fault that waits for a person.
    pub fn park(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, disposition: Disposition::Park, message: message.into() }
    }

    /// The same failure, as it leaves a room.
    pub fn from_fault(fault: &dyn Fault) -> Self {
        Self { code: fault.code(), disposition: fault.disposition(), message: fault.to_string() }
    }
}

impl Fault for Simple {
    fn code(&self) -> &'static str {
        self.code
    }

    fn disposition(&self) -> Disposition {
        self.disposition
    }
}
