//! A clock that stands still until somebody winds it. Tests hand it to whatever asks for the time.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use canonical::Clock;

/// A hand-wound clock; clones show the same time.
#[derive(Debug, Clone)]
pub struct WoundClock(Arc<AtomicI64>);

impl WoundClock {
    /// A clock showing this instant.
    #[must_use]
    pub fn at(ms: i64) -> Self {
        Self(Arc::new(AtomicI64::new(ms)))
    }

    /// Moves the clock forward.
    pub fn wind(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    /// Moves the clock to an instant, which may be earlier.
    pub fn set(&self, ms: i64) {
        self.0.store(ms, Ordering::SeqCst);
    }
}

impl Clock for WoundClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn rest_until(&self, until: i64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.fetch_max(until, Ordering::SeqCst);
        Box::pin(std::future::ready(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_show_the_same_time() {
        let clock = WoundClock::at(1_000);
        let twin = clock.clone();
        clock.wind(Duration::from_secs(2));
        assert_eq!(twin.now_ms(), 3_000);
        twin.set(500);
        assert_eq!(clock.now_ms(), 500);
    }
}
