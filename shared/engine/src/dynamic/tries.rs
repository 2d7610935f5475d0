//! How a failure is tried again.

use std::time::Duration;

use super::backoff;

/// How a failure is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tries {
    /// In all.
    pub(crate) most: u32,
    /// How waits grow where the answer names none.
    pub(crate) backoff: connector::Backoff,
}

impl Default for Tries {
    fn default() -> Self {
        Self { most: 5, backoff: connector::Backoff::default() }
    }
}

/// How long to wait before a try, where the answer does not say: `attempt` counts from 0.
pub(crate) fn pause(tries: Tries, attempt: u32, chance: u32) -> Duration {
    backoff::pause(tries.backoff, attempt, chance)
}
