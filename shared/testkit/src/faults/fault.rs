//! The ways to misbehave.

use std::time::Duration;

/// One way to misbehave. `executes` says whether the request is carried out all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Answers this status.
    Status {
        /// The status.
        status: u16,
        /// The text of a `Retry-After` header.
        retry_after: Option<String>,
        /// Carried out before the answer.
        executes: bool,
    },
    /// Gives no answer until released, then the true one.
    Stall {
        /// Carried out on arrival; otherwise on release, and only if the client is still there.
        executes: bool,
    },
    /// Carries the request out later, when landed.
    Late {
        /// What the client hears meanwhile; without it, nothing until the release, then 504.
        status: Option<u16>,
    },
    /// Closes the connection without an answer.
    Drop {
        /// Carried out before the close; otherwise the body is not even read.
        executes: bool,
    },
    /// Answers 200 with a body that is not what was promised.
    Garbage {
        /// What it looks like.
        garbage: Garbage,
        /// Carried out before the answer.
        executes: bool,
    },
    /// Answers truly, after a real delay.
    Slow {
        /// The delay.
        by: Duration,
    },
}

impl Fault {
    /// A plain refusal that carries nothing out.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Status { status, retry_after: None, executes: false }
    }
}

/// What a senseless body looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Garbage {
    /// Words that are not JSON, called JSON.
    Text,
    /// JSON that stops in the middle.
    Truncated,
    /// A page for people.
    Html,
    /// Nothing at all.
    Empty,
}

impl Garbage {
    /// The content type and the body.
    pub(crate) fn body(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("application/json", "everything is fine"),
            Self::Truncated => ("application/json", r#"{"items":[{"sku":"A"#),
            Self::Html => ("text/html", "<!doctype html><html><body><h1>Down for maintenance</h1></body></html>"),
            Self::Empty => ("application/json", ""),
        }
    }
}
