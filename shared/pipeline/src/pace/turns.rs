//! Turns in the windows of a budget: taken several ahead, in a row that all processes share.

use std::{sync::atomic::Ordering, time::Duration};

use canonical::Millis;
use connector::RateLimiting;
use document::Hash128;
use fault::{Disposition, Simple};

use super::Paced;
use crate::{ahead::{Turn, plan}, budget::{Known, expires_s, short}, known::simple};

/// How often a process looks whether somebody was told to hold, where there is no window to take turns of.
const LOOK_MS: Millis = 10_000;
/// So often a write is tried again because somebody else took turns.
const TRIES: u32 = 8;
/// Who found no turn among so many others comes back after this.
const CROWDED_MS: Millis = 1_000;

impl Paced<'_> {
    /// Takes a turn, and says from when on it may go.
    pub(super) async fn taken(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<Turn, Simple> {
        let name = short(self.tenant, &[&owner]);
        let budget = self.app.budgets.of(self.tenant, &name);
        let mut known = budget.lock().await;
        if limits.windows.is_empty() {
            return self.looked(&name, &mut known).await.map(Turn::free);
        }
        let expected = self.expected.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |expected| expected.checked_sub(1)).unwrap_or(0);
        let now = self.app.now();
        if let Some(turn) = known.hand(cost, now, self.allowed(now)) {
            return Ok(turn);
        }
        for _ in 0..TRIES {
            let now = self.app.now();
            let plan = plan(&known, limits, expected, cost, now, self.allowed(now)).map_err(later)?;
            known.close();
            let turn = match self.app.store.of(self.tenant).take_budget(&name, &known.row, plan.next.clone(), expires_s(limits, now)).await {
                Ok(Ok(row)) => known.took(plan, row, cost),
                Ok(Err(there)) => {
                    known.saw(there);
                    continue;
                }
                Err(error) => {
                    // By what is known here: a budget is a courtesy, and reading does not wait for a table.
                    tracing::warn!(step = "pace", code = simple(&error).code, tenant = self.tenant.as_str(), "a budget could not be shared");
                    known.took_alone(plan, cost)
                }
            };
            return turn.ok_or_else(crowded);
        }
        Err(crowded())
    }

    /// Where there is no window: nothing to take, but somebody may have been told to hold.
    async fn looked(&self, name: &str, known: &mut Known) -> Result<Millis, Simple> {
        let now = self.app.now();
        if now >= known.looked_until {
            match self.app.store.of(self.tenant).budget(name).await {
                Ok(row) => known.saw(row),
                Err(error) => tracing::warn!(step = "pace", code = simple(&error).code, tenant = self.tenant.as_str(), "a budget could not be read"),
            }
            known.looked_until = now + LOOK_MS;
        }
        let held = (known.row.hold_until - now).max(0);
        if held <= self.allowed(now) { Ok(now + held) } else { Err(later(held)) }
    }
}

/// Of a turn that was taken and could not go in its time, or could not be taken for all the others.
pub(super) fn crowded() -> Simple {
    later(CROWDED_MS)
}

fn later(wait: Millis) -> Simple {
    let after = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
    let fault = Simple::retry("budget_spent", format!("the budget of these credentials is taken for the next {} s", (wait + 999) / 1000));
    Simple { disposition: Disposition::Retry { after: Some(after) }, ..fault }
}
