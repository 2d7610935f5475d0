//! Waits on this machine: the budget of the credentials is kept in memory, and long waits are told.

use std::{collections::HashMap, sync::{Arc, Mutex, PoisonError}, time::{Duration, Instant}};

use async_trait::async_trait;
use canonical::{Chance as _, Millis};
use connector::RateLimiting;
use document::Hash128;
use engine::{Budget, Heard, Pace, Place};
use fault::{Disposition, Simple};
use runtime::SystemChance;
use tokio::sync::Semaphore;

use crate::say::tell;

/// Nobody waits longer at a terminal; the cursor tells where to go on.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Waits that are told.
const TOLD: Duration = Duration::from_secs(2);

/// A budget, and who waits for it: who comes first goes first.
#[derive(Default)]
struct Line {
    first: tokio::sync::Mutex<()>,
    budget: Mutex<Budget>,
}

/// The machine's time.
pub(crate) struct Machine {
    budgets: Mutex<HashMap<Hash128, Arc<Line>>>,
    /// How many more requests may be on their way.
    places: Mutex<HashMap<Hash128, Arc<Semaphore>>>,
    /// The present at which the run began.
    now_ms: Millis,
    begun: Instant,
    /// Whether the present of the run stands still.
    recorded: bool,
}

impl Machine {
    /// A run that begins now. The present of one that is recorded stands still: so does that of its replay.
    pub(crate) fn new(now_ms: Millis, recorded: bool) -> Self {
        Self { budgets: Mutex::default(), places: Mutex::default(), now_ms, begun: Instant::now(), recorded }
    }

    fn present(&self) -> Millis {
        if self.recorded { self.now_ms } else { self.passing() }
    }

    /// The time waits go by, which passes whatever the present of the run does.
    fn passing(&self) -> Millis {
        self.now_ms.saturating_add(i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX))
    }

    fn line(&self, owner: Hash128) -> Arc<Line> {
        Arc::clone(self.budgets.lock().unwrap_or_else(PoisonError::into_inner).entry(owner).or_default())
    }

    /// The turn in the budget, waited for. It is taken when it goes: a wait may last longer than it should.
    async fn turned(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<(), Simple> {
        let line = self.line(owner);
        let _first = line.first.lock().await;
        loop {
            let wait = self.taken(&line, limits, cost);
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
        }
    }

    /// Takes a turn that may go now; else how long it has to wait.
    fn taken(&self, line: &Line, limits: &RateLimiting, cost: u32) -> Duration {
        let mut budget = line.budget.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.passing();
        let wait = budget.wait(&limits.windows, cost, now);
        if wait <= 0 {
            budget.take(&limits.windows, cost, now);
        }
        Duration::from_millis(u64::try_from(wait).unwrap_or(0))
    }

    /// A place among the requests that may be on their way at once.
    async fn place(&self, owner: Hash128, most: u32) -> Place {
        let most = usize::try_from(most).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        let places = Arc::clone(self.places.lock().unwrap_or_else(PoisonError::into_inner).entry(owner).or_insert_with(|| Arc::new(Semaphore::new(most))));
        // Nobody closes it.
        places.acquire_owned().await.map_or_else(|_| Place::free(), |place| Place::held(move || drop(place)))
    }
}

#[async_trait]
impl Pace for Machine {
    async fn turn(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<Place, Simple> {
        let place = match limits.concurrency {
            Some(most) => self.place(owner, most).await,
            None => Place::free(),
        };
        self.turned(owner, limits, cost).await?;
        Ok(place)
    }

    async fn heard(&self, owner: Hash128, _: &RateLimiting, heard: Heard) {
        let hold_until_ms = heard.hold_until_ms.map(|until| until.saturating_sub(self.present()).saturating_add(self.passing()));
        self.line(owner).budget.lock().unwrap_or_else(PoisonError::into_inner).hear(Heard { hold_until_ms });
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
        Some(self.present())
    }

    fn chance(&self) -> u32 {
        u32::try_from(SystemChance.bits() >> 96).unwrap_or(u32::MAX)
    }
}
