//! The machine's time and chance, in the shapes in which everyone else takes them.

use std::{pin::Pin, time::{Duration, SystemTime, UNIX_EPOCH}};

use canonical::{Chance, Clock, Millis};

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    fn now_ms(&self) -> Millis {
        // A clock before 1970 or after the year 292 million tells no time; zero makes everything stale, not everything young.
        SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|since| Millis::try_from(since.as_millis()).ok()).unwrap_or(0)
    }

    fn rest_until(&self, until: Millis) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let ms = u64::try_from(until - self.now_ms()).unwrap_or(0);
        Box::pin(tokio::time::sleep(Duration::from_millis(ms)))
    }
}

/// The machine's chance.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn bits(&self) -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the machine gives chance; ids without it would collide");
        u128::from_ne_bytes(bytes)
    }
}
