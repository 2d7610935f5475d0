//! The budget of credentials, shared by everything that asks with them: polls, reconciles, tests and deliveries, of every
//! connection, in every process.
//!
//! A row holds what is taken; a write takes turns, several ahead, so that a page seldom costs one. A turn goes in its time or is
//! lost. Where no budget is declared, nothing is read or written. Where the row cannot be reached, work goes on by what this
//! process knows.

mod going;
mod turns;

use std::{sync::{OnceLock, atomic::{AtomicI64, AtomicU32, Ordering}}, time::Duration};

use async_trait::async_trait;
use canonical::{Millis, TenantId};
use connector::RateLimiting;
use document::Hash128;
use engine::{Heard, Pace, Place};
use fault::{Disposition, Simple};

use crate::{App, beat::Beat, budget::{expires_s, short}, known::simple};

/// The longest that is waited where work can go on later: who has to wait longer comes back.
const SHORT_MS: Millis = 2_000;
/// The longest a run waits at a time that would have to begin anew: within the lease and the hold of a run that showed half a
/// minute ago that it lives.
const PATIENT_MS: Millis = 80_000;
/// What is left of such a run after its last wait: a request and what follows.
const SPARE_MS: Millis = 45_000;

/// The pace of one run.
pub(crate) struct Paced<'a> {
    app: &'a App,
    tenant: &'a TenantId,
    /// When the run has to be over.
    until: Millis,
    /// How many requests are sure to come; 0: nobody knows.
    expected: AtomicU32,
    /// The longest that is waited here.
    patience: Millis,
    /// Requests that went.
    asked: AtomicU32,
    /// How long a request had to wait that did not go; 0: all went.
    refused_ms: AtomicI64,
    /// Whose places are held.
    places: OnceLock<(String, u32)>,
    /// The run whose life is to be shown between requests.
    beat: Option<&'a Beat<'a>>,
}

impl<'a> Paced<'a> {
    /// Of a run that ends by then.
    pub(crate) fn until(app: &'a App, tenant: &'a TenantId, until: Millis) -> Self {
        Self { app, tenant, until, expected: AtomicU32::new(0), patience: SHORT_MS, asked: AtomicU32::new(0), refused_ms: AtomicI64::new(0), places: OnceLock::new(), beat: None }
    }

    /// The same where so many requests are sure to come: their turns are taken together.
    pub(crate) fn expecting(self, requests: usize) -> Self {
        Self { expected: AtomicU32::new(u32::try_from(requests).unwrap_or(u32::MAX)), ..self }
    }

    /// The same of a run that holds a lease.
    pub(crate) fn holding(self, beat: &'a Beat<'a>) -> Self {
        Self { beat: Some(beat), ..self }
    }

    /// The same of a run that would have to begin anew: it waits for its turns while it may last.
    pub(crate) fn patient(self) -> Self {
        Self { patience: Millis::MAX, until: self.until - SPARE_MS, ..self }
    }

    /// The same where a person waits for its end: a minute or so at a time, not more.
    pub(crate) fn watched(self) -> Self {
        Self { patience: PATIENT_MS, until: self.until - SPARE_MS, ..self }
    }

    /// Whether anything was asked.
    pub(crate) fn has_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed) > 0
    }

    /// How long a request has to wait that did not go; those behind it would go no sooner.
    pub(crate) fn refused(&self) -> Option<Millis> {
        Some(self.refused_ms.load(Ordering::Relaxed)).filter(|wait| *wait > 0)
    }

    /// Gives back the places held: the next request takes another.
    pub(crate) async fn leave(&self) {
        if let Some((name, limit)) = self.places.get() {
            self.app.places.leave(self.app, self.tenant, name, *limit).await;
        }
    }

    /// A turn is reserved for at most this long ahead: whoever reserved more would starve those who cannot wait.
    fn allowed(&self, now: Millis) -> Millis {
        SHORT_MS.min(self.until - now).max(0)
    }
}

#[async_trait]
impl Pace for Paced<'_> {
    async fn turn(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<Place, Simple> {
        if let Some(beat) = self.beat {
            beat.go_on(self.app, self.tenant).await?;
        }
        let limited = !limits.windows.is_empty() || limits.headers.remaining.is_some() || limits.body.is_some();
        let place = match limits.concurrency {
            _ if limited => self.going(owner, limits, cost.max(1)).await,
            Some(limit) => self.placed(owner, limit).await,
            None => Ok(Place::free()),
        };
        let place = place.inspect_err(|fault| self.refused_ms.store(wait_ms(fault).max(1), Ordering::Relaxed))?;
        self.asked.fetch_add(1, Ordering::Relaxed);
        if let Some(beat) = self.beat {
            beat.asked();
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

/// How long a request has to wait that does not go.
fn wait_ms(fault: &Simple) -> Millis {
    match fault.disposition {
        Disposition::Retry { after: Some(after) } => Millis::try_from(after.as_millis()).unwrap_or(Millis::MAX),
        _ => 0,
    }
}
