//! Holding a job's message while it is worked on: two minutes at a time, so that a kill costs no more.
//!
//! Its queue would keep it back for as long as the longest job may take. What cannot be held longer is only given out
//! again: leases keep a second run from doing anything.

use queue::Name;

use crate::{App, known::simple};

/// A little longer than the lease of a cursor: who comes back finds it free.
const HOLD_S: i32 = 130;

/// A message of `jobs-poll` that is being worked on.
#[derive(Debug, Clone, Copy)]
pub struct Hold<'a> {
    receipt: &'a str,
}

impl<'a> Hold<'a> {
    /// Of a message, by its receipt.
    #[must_use]
    pub fn of(receipt: &'a str) -> Self {
        Self { receipt }
    }

    /// Of no message: of work that was not started by a queue.
    #[must_use]
    pub fn nothing() -> Self {
        Self { receipt: "" }
    }

    /// Holds it from now on.
    pub async fn renew(self, app: &App) {
        if self.receipt.is_empty() {
            return;
        }
        if let Err(error) = app.queues.hold(Name::JobsPoll, self.receipt, HOLD_S).await {
            tracing::warn!(step = "hold", code = simple(&error).code, "a job could not be held: {error}");
        }
    }
}
