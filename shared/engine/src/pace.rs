//! The port through which a connector waits: its turn in the budget of the credentials, and before another try.
//!
//! The engine decides how long; whoever calls it decides whether to wait here or to come back later.

use std::time::Duration;

use async_trait::async_trait;
use connector::RateLimiting;
use document::Hash128;
use fault::Simple;

use crate::Heard;

/// Waits, or does not.
///
/// Contract: a turn taken counts whether or not the request is made; turns of one owner are shared by everyone who has its
/// credentials.
#[async_trait]
pub trait Pace: Send + Sync {
    /// Returns when a request of this cost may go.
    ///
    /// # Errors
    /// A retry with the delay, where the wait is too long to be waited here.
    async fn turn(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<(), Simple>;

    /// Takes into account what an answer told of the budget.
    async fn heard(&self, owner: Hash128, limits: &RateLimiting, heard: Heard);

    /// Waits before another try; false where it should not be waited here.
    async fn rest(&self, wait: Duration) -> bool;

    /// How long ago the present of its calls was, where one call goes on for long.
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    /// A number drawn evenly from all of its kind, for waits that should not fall together.
    fn chance(&self) -> u32;
}

/// Never waits: every turn is now, and no try is repeated here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unpaced;

#[async_trait]
impl Pace for Unpaced {
    async fn turn(&self, _: Hash128, _: &RateLimiting, _: u32) -> Result<(), Simple> {
        Ok(())
    }

    async fn heard(&self, _: Hash128, _: &RateLimiting, _: Heard) {}

    async fn rest(&self, _: Duration) -> bool {
        false
    }

    fn chance(&self) -> u32 {
        u32::MAX
    }
}
