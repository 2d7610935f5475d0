//! The port through which a connector waits: its turn in the budget of the credentials, and before another try.
//!
//! The engine decides how long; whoever calls it decides whether to wait here or to come back later.

use std::time::Duration;

use async_trait::async_trait;
use canonical::Millis;
use connector::RateLimiting;
use document::Hash128;
use fault::Simple;

use crate::Heard;

/// A place among the requests that are on their way at once; who drops it leaves it to the next.
#[must_use = "a place that is dropped is somebody else's"]
pub struct Place(Option<Box<dyn FnOnce() + Send + Sync>>);

impl Place {
    /// Where nobody counts.
    pub fn free() -> Self {
        Self(None)
    }

    /// A place that is left by this.
    pub fn held(leave: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self(Some(Box::new(leave)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(leave) = self.0.take() {
            leave();
        }
    }
}

/// Waits, or does not.
///
/// Contract: a turn taken counts whether or not the request is made; turns and places of one owner are shared by everyone
/// who has its credentials.
#[async_trait]
pub trait Pace: Send + Sync {
    /// Returns when a request of this cost may go, with the place it holds until its answer is there.
    ///
    /// # Errors
    /// A retry with the delay, where the wait is too long to be waited here.
    async fn turn(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<Place, Simple>;

    /// Takes into account what an answer told of the budget.
    async fn heard(&self, owner: Hash128, limits: &RateLimiting, heard: Heard);

    /// Waits before another try; false where it should not be waited here.
    async fn rest(&self, wait: Duration) -> bool;

    /// The present, where it is known better than when the call was made: who waits here lets time pass.
    fn now_ms(&self) -> Option<Millis> {
        None
    }

    /// A number drawn evenly from all of its kind, for waits that should not fall together.
    fn chance(&self) -> u32;
}

/// Never waits: every turn is now, and no try is repeated here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unpaced;

#[async_trait]
impl Pace for Unpaced {
    async fn turn(&self, _: Hash128, _: &RateLimiting, _: u32) -> Result<Place, Simple> {
        Ok(Place::free())
    }

    async fn heard(&self, _: Hash128, _: &RateLimiting, _: Heard) {}

    async fn rest(&self, _: Duration) -> bool {
        false
    }

    fn chance(&self) -> u32 {
        u32::MAX
    }
}
