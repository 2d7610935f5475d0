//! The budget of credentials, shared by everything that asks with them: polls, reconciles, tests and deliveries, of every
//! connection, in every process.
//!
//! A row holds what is taken; a write takes turns, several ahead, so that a page seldom costs one. Where no budget is
//! declared, nothing is read or written. Where the row cannot be reached, work goes on by what this process knows.

use std::{sync::atomic::{AtomicU32, Ordering}, time::Duration};

use async_trait::async_trait;
use canonical::{Millis, TenantId};
use connector::RateLimiting;
use document::Hash128;
use engine::{Heard, Pace, Place};
use fault::{Disposition, Simple};
use store::BudgetRow;

use crate::{App, beat::Beat, budget::{Known, after, ahead, expires_s, short}, known::simple};

/// The longest that is waited where work can go on later: who has to wait longer comes back.
const SHORT_MS: Millis = 2_000;
/// What is left of a run after the last wait.
const SPARE_MS: Millis = 30_000;
/// Turns taken ahead count for this long: a process that pauses must not come back with a burst.
const GOOD_MS: Millis = 60_000;
/// How often a process looks whether somebody was told to hold, where there is no window to take turns of.
const LOOK_MS: Millis = 10_000;
/// So often a write is tried again because somebody else took turns.
const TRIES: u32 = 8;

/// The pace of one run.
pub(crate) struct Paced<'a> {
    app: &'a App,
    tenant: &'a TenantId,
    /// When the run has to be over.
    until: Millis,
    /// How many requests are sure to come; 0: nobody knows.
    expected: AtomicU32,
    /// The longest that is waited here.
    longest: Millis,
    /// The run whose life is to be shown between requests.
    beat: Option<&'a Beat<'a>>,
}

impl<'a> Paced<'a> {
    /// Of a run that ends by then.
    pub(crate) fn until(app: &'a App, tenant: &'a TenantId, until: Millis) -> Self {
        Self { app, tenant, until, expected: AtomicU32::new(0), longest: SHORT_MS, beat: None }
    }

    /// The same where so many requests are sure to come: their turns are taken together.
    pub(crate) fn expecting(self, requests: usize) -> Self {
        Self { expected: AtomicU32::new(u32::try_from(requests).unwrap_or(u32::MAX)), ..self }
    }

    /// The same of a run that holds a lease.
    pub(crate) fn holding(self, beat: &'a Beat<'a>) -> Self {
        Self { beat: Some(beat), ..self }
    }

    /// The same of a run that would have to begin anew: it waits as long as it may last.
    pub(crate) fn patient(self) -> Self {
        Self { longest: Millis::MAX, until: self.until - SPARE_MS, ..self }
    }

    fn allowed(&self, now: Millis) -> Millis {
        self.longest.min(self.until - now).max(0)
    }

    /// Takes a turn: from when on it may be used.
    async fn taken(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<Millis, Simple> {
        let name = short(self.tenant, &[&owner]);
        let budget = self.app.budgets.of(self.tenant, &name);
        let mut known = budget.lock().await;
        let expected = self.expected.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |expected| expected.checked_sub(1)).unwrap_or(0);
        let now = self.app.now();
        let ours = known.left >= cost && now < known.good_until && known.row.hold_until <= now;
        if ours && known.ready - now <= self.allowed(now) {
            known.left -= cost;
            return Ok(known.ready);
        }
        if limits.windows.is_empty() {
            return self.looked(&name, &mut known).await;
        }
        for attempt in 0..TRIES {
            let now = self.app.now();
            let wish = ahead(limits, &known, expected, cost, now).saturating_mul(cost);
            let found = [wish, cost].into_iter().map(|size| (size, after(&known.row, limits, size, now))).find(|(_, (_, wait))| *wait <= self.allowed(now));
            let Some((size, (next, wait))) = found else {
                return Err(later(after(&known.row, limits, cost, now).1));
            };
            let written = self.app.store.of(self.tenant).take_budget(&name, &known.row, next.clone(), expires_s(limits, now)).await;
            let row = match written {
                Ok(Ok(row)) => row,
                Ok(Err(there)) if attempt + 1 < TRIES => {
                    known.saw(there);
                    continue;
                }
                // By what is known here: a budget is a courtesy, and reading does not wait for a table.
                Ok(Err(there)) => BudgetRow { version: there.version, ..next },
                Err(error) => {
                    tracing::warn!(step = "pace", code = simple(&error).code, tenant = self.tenant.as_str(), "a budget could not be shared");
                    BudgetRow { version: known.row.version, ..next }
                }
            };
            *known = Known { row, left: size - cost, ready: now + wait, good_until: now + wait + GOOD_MS, taken: size / cost };
            return Ok(known.ready);
        }
        Ok(self.app.now())
    }

    /// Where there is no window: nothing to take, but somebody may have been told to hold.
    async fn looked(&self, name: &str, known: &mut Known) -> Result<Millis, Simple> {
        let now = self.app.now();
        if now >= known.good_until {
            match self.app.store.of(self.tenant).budget(name).await {
                Ok(row) => known.saw(row),
                Err(error) => tracing::warn!(step = "pace", code = simple(&error).code, tenant = self.tenant.as_str(), "a budget could not be read"),
            }
            known.good_until = now + LOOK_MS;
        }
        let held = (known.row.hold_until - now).max(0);
        if held <= self.allowed(now) { Ok(now + held) } else { Err(later(held)) }
    }
}

#[async_trait]
impl Pace for Paced<'_> {
    async fn turn(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<Place, Simple> {
        if let Some(beat) = self.beat {
            beat.go_on(self.app, self.tenant).await?;
        }
        let place = match limits.concurrency {
            Some(limit) => self.app.places.take(self.app, self.tenant, &short(self.tenant, &[&owner]), limit, |now| self.allowed(now)).await?,
            None => Place::free(),
        };
        if limits.windows.is_empty() && limits.headers.remaining.is_none() && limits.body.is_none() {
            return Ok(place);
        }
        let ready = self.taken(owner, limits, cost.max(1)).await?;
        if ready > self.app.now() {
            self.app.clock.rest_until(ready).await;
        }
        Ok(place)
    }

    async fn heard(&self, owner: Hash128, limits: &RateLimiting, heard: Heard) {
        let Some(until) = heard.hold_until_ms else { return };
        let name = short(self.tenant, &[&owner]);
        let budget = self.app.budgets.of(self.tenant, &name);
        let mut known = budget.lock().await;
        if known.row.hold_until >= until {
            return;
        }
        known.left = 0;
        known.row.hold_until = until;
        match self.app.store.of(self.tenant).hold_budget(&name, until, expires_s(limits, self.app.now())).await {
            Ok(row) => known.saw(row),
            Err(error) => tracing::warn!(step = "pace", code = simple(&error).code, tenant = self.tenant.as_str(), "a hold could not be shared"),
        }
    }

    async fn rest(&self, wait: Duration) -> bool {
        let now = self.app.now();
        let wait = Millis::try_from(wait.as_millis()).unwrap_or(Millis::MAX);
        let here = wait <= self.allowed(now);
        if here {
            self.app.clock.rest_until(now + wait).await;
        }
        here
    }

    fn now_ms(&self) -> Option<Millis> {
        Some(self.app.now())
    }

    fn chance(&self) -> u32 {
        chance(self.app)
    }
}

/// 32 bits of chance.
pub(crate) fn chance(app: &App) -> u32 {
    u32::try_from(app.chance.bits() >> 96).unwrap_or(u32::MAX)
}

fn later(wait: Millis) -> Simple {
    let after = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
    let fault = Simple::retry("budget_spent", format!("the budget of these credentials is taken for the next {} s", (wait + 999) / 1000));
    Simple { disposition: Disposition::Retry { after: Some(after) }, ..fault }
}
