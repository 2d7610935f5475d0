//! Turns in the windows of a budget: taken several ahead, in a row that all processes share.

use std::{sync::atomic::Ordering, time::Duration};

use canonical::Millis;
use connector::RateLimiting;
use document::Hash128;
use fault::{Disposition, Simple};
use store::BudgetRow;

use super::Paced;
use crate::{budget::{Known, after, ahead, expires_s, short}, known::simple};

/// Turns taken ahead count for this long: a process that pauses must not come back with a burst.
const GOOD_MS: Millis = 60_000;
/// How often a process looks whether somebody was told to hold, where there is no window to take turns of.
const LOOK_MS: Millis = 10_000;
/// So often a write is tried again because somebody else took turns.
const TRIES: u32 = 8;

impl Paced<'_> {
    /// Takes a turn: from when on it may be used.
    pub(super) async fn taken(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<Millis, Simple> {
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

fn later(wait: Millis) -> Simple {
    let after = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
    let fault = Simple::retry("budget_spent", format!("the budget of these credentials is taken for the next {} s", (wait + 999) / 1000));
    Simple { disposition: Disposition::Retry { after: Some(after) }, ..fault }
}
