//! Waits on this machine: the budget of the credentials is kept in memory, and long waits are told.

use std::{collections::HashMap, sync::{Mutex, PoisonError, atomic::{AtomicUsize, Ordering}}, time::Duration};

use async_trait::async_trait;
use canonical::{Chance as _, Clock as _, Millis};
use connector::RateLimiting;
use document::Hash128;
use engine::{Budget, Heard, Pace};
use fault::{Disposition, Simple};
use runtime::{SystemChance, SystemClock};

use crate::say::tell;

/// Nobody waits longer at a terminal; the cursor tells where to go on.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Waits that are told.
const TOLD: Duration = Duration::from_secs(2);

/// The machine's time.
#[derive(Default)]
pub(crate) struct Machine {
    budgets: Mutex<HashMap<Hash128, Budget>>,
    requests: AtomicUsize,
}

impl Machine {
    /// Requests whose turn has come.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Pace for Machine {
    async fn turn(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<(), Simple> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let wait = {
            let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
            budgets.entry(owner).or_default().take(&limits.windows, cost, SystemClock.now_ms())
        };
        let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
        if wait.is_zero() {
            return Ok(());
        }
        if wait > LONGEST {
            return Err(Simple { code: "destination_rate_limited", disposition: Disposition::Retry { after: Some(wait) }, message: format!("the budget of the credentials is spent for {} s", wait.as_secs()) });
        }
        if wait >= TOLD {
            tell!("waiting {} s for a turn in the budget", wait.as_secs());
        }
        tokio::time::sleep(wait).await;
        Ok(())
    }

    async fn heard(&self, owner: Hash128, _: &RateLimiting, heard: Heard) {
        self.budgets.lock().unwrap_or_else(PoisonError::into_inner).entry(owner).or_default().hear(heard);
    }

    async fn rest(&self, wait: Duration) -> bool {
        if wait > LONGEST {
            return false;
        }
        if wait >= TOLD {
            tell!("waiting {} s before another try", wait.as_secs());
        }
        tokio::time::sleep(wait).await;
        true
    }

    fn now_ms(&self) -> Option<Millis> {
        Some(SystemClock.now_ms())
    }

    fn chance(&self) -> u32 {
        u32::try_from(SystemChance.bits() >> 96).unwrap_or(u32::MAX)
    }
}
