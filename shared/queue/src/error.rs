//! Why a queue did not take a message, or a message could not be opened.

use fault::{Disposition, Fault};

/// A failure of a queue or of a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The queue does not answer, or refused the entry: `reason` is its error code.
    #[error("queue {queue} did not take the message: {reason}")]
    Unavailable {
        /// Which queue.
        queue: &'static str,
        /// The error code of the queue.
        reason: String,
    },
    /// This function was not given the address of the queue.
    #[error("queue {queue} is not configured here")]
    Unconfigured {
        /// Which queue.
        queue: &'static str,
    },
    /// The message is of no kind or version we know.
    #[error("the message is unknown: {reason}")]
    Unknown {
        /// Why.
        reason: String,
    },
}

impl Fault for Error {
    fn code(&self) -> &'static str {
        match self {
            Error::Unavailable { .. } => "queue_unavailable",
            Error::Unconfigured { .. } => "internal",
            Error::Unknown { .. } => "message_unknown",
        }
    }

    fn disposition(&self) -> Disposition {
        match self {
            Error::Unavailable { .. } | Error::Unconfigured { .. } => Disposition::Retry { after: None },
            Error::Unknown { .. } => Disposition::Reject,
        }
    }
}
