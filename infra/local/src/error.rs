//! What keeps the chain on one machine from starting or going on.
//!
//! Everything in this package that can fail for lack of something outside it answers with [`Error`]; failures of the
//! functions themselves are not errors here, they are what the queues are for.

use std::path::PathBuf;

use aws_sdk_sqs::error::{DisplayErrorContext, SdkError};

/// What keeps the chain from going on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the data folder cannot be read or written.
    #[error("{} cannot be used: {source}", path.display())]
    Data {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another process works on the data folder.
    #[error("{} is used by {by}; stop it, or name another folder with --data", path.display())]
    Held {
        /// The folder.
        path: PathBuf,
        /// Who.
        by: String,
    },
    /// A port is taken or may not be opened.
    #[error("port {port} cannot be opened: {source}")]
    Listen {
        /// The port asked for.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// The tables did not open.
    #[error("the tables did not open: {0}")]
    Tables(String),
    /// Queues and keys did not open.
    #[error(transparent)]
    Cloud(#[from] cloud::Error),
    /// The way out did not open.
    #[error("the way out did not open: {0}")]
    Outbound(String),
    /// A call to the local AWS endpoints failed.
    #[error("{call} failed: {reason}")]
    Aws {
        /// The operation and what it was for.
        call: String,
        /// The whole chain of causes.
        reason: String,
    },
    /// A tool refused what was asked of it.
    #[error("{code}: {reason}")]
    Refused {
        /// The registered code.
        code: &'static str,
        /// Why.
        reason: String,
    },
    /// A function was invoked by hand and failed.
    #[error("{function} failed: {reason}")]
    Invocation {
        /// Which function.
        function: &'static str,
        /// What it said.
        reason: String,
    },
    /// Work kept coming.
    #[error("still busy after {rounds} rounds; left: {left}")]
    Undrained {
        /// How many rounds were made.
        rounds: usize,
        /// Depth by queue.
        left: String,
    },
    /// The first tenant could not be made.
    #[error("the first tenant could not be made: {0}")]
    Bootstrap(String),
}

impl Error {
    /// A failed SDK call; takes the error so that it serves as the argument of `map_err`.
    #[expect(clippy::needless_pass_by_value, reason = "map_err hands the error over")]
    pub(crate) fn aws<E, R>(call: impl Into<String>, error: SdkError<E, R>) -> Self
    where
        E: std::error::Error + 'static,
        R: std::fmt::Debug,
    {
        Self::Aws { call: call.into(), reason: DisplayErrorContext(&error).to_string() }
    }
}
