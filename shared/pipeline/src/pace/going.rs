//! A request goes: in its turn, which is waited for, and with a place among those on their way.

use canonical::Millis;
use connector::RateLimiting;
use document::Hash128;
use engine::Place;
use fault::Simple;

use super::{PATIENT_MS, Paced, SPARE_MS, turns::crowded, wait_ms};
use crate::{ahead::Turn, beat::Beat, budget::short};

/// So often a turn is taken again that could not go in its time.
const LATE: u32 = 4;

impl Paced<'_> {
    /// Until when a turn is waited for here. Within a page as long as the run may last: who comes back asks all of the page again,
    /// and would never come to the end of one that takes more turns than are there at once.
    fn waits_until(&self, now: Millis) -> Millis {
        let within_page = self.beat.is_some_and(Beat::is_within_page);
        let (patience, last) = if within_page { (Millis::MAX, self.until - SPARE_MS) } else { (self.patience, self.until) };
        now.saturating_add(patience).min(last)
    }

    /// The turn in the windows, waited for.
    async fn turned(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<Turn, Simple> {
        loop {
            let fault = match self.taken(owner, limits, cost).await {
                Ok(turn) => {
                    self.rest_until(turn.ready).await;
                    return Ok(turn);
                }
                Err(fault) => fault,
            };
            let now = self.app.now();
            let ready = now.saturating_add(wait_ms(&fault));
            if ready > self.waits_until(now) {
                return Err(fault);
            }
            // Then it is seen whose turn it is.
            self.rest_until(ready.min(now + PATIENT_MS)).await;
            if let Some(beat) = self.beat {
                beat.go_on(self.app, self.tenant).await?;
            }
        }
    }

    async fn rest_until(&self, ready: Millis) {
        if ready > self.app.now() {
            self.app.clock.rest_until(ready).await;
        }
    }

    /// A turn that goes now, and the place it has until its answer is there.
    pub(super) async fn going(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<Place, Simple> {
        for _ in 0..LATE {
            let turn = self.turned(owner, limits, cost).await?;
            // Last: a place is for requests that go, not for those that wait.
            let place = match limits.concurrency {
                Some(limit) => self.placed(owner, limit).await,
                None => Ok(Place::free()),
            };
            if place.is_err() {
                self.give_back(owner, &turn).await;
            }
            let place = place?;
            if turn.goes(self.app.now()) {
                return Ok(place);
            }
            // It took longer than the turn was good for. Another one with the place in hand, if that is soon: who left it would
            // wait for the next as long again.
            if let Ok(turn) = self.taken(owner, limits, cost).await {
                self.rest_until(turn.ready).await;
                if turn.goes(self.app.now()) {
                    return Ok(place);
                }
            }
        }
        Err(crowded())
    }

    /// A place among the requests that may be on their way at once.
    pub(super) async fn placed(&self, owner: Hash128, limit: u32) -> Result<Place, Simple> {
        let (name, _) = self.places.get_or_init(|| (short(self.tenant, &[&owner]), limit));
        let longest = self.patience.min(PATIENT_MS);
        self.app.places.take(self.app, self.tenant, name, limit, longest.min(self.until - self.app.now()).max(0)).await
    }

    /// A turn that was taken and does not go.
    async fn give_back(&self, owner: Hash128, turn: &Turn) {
        if let Some(ahead) = self.app.budgets.of(self.tenant, &short(self.tenant, &[&owner])).lock().await.mine.last_mut() {
            ahead.take_back(turn);
        }
    }
}
