//! Turns taken ahead: how many, how long they are good for, and what became of them. Pure functions over rows.
//!
//! What is taken counts for everyone until its time is over, whoever dies. Whoever lives corrects it with its next writes: what
//! went counts from when it did, and what nobody uses is given back.

mod mine;
#[cfg(test)]
mod simulated;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use canonical::Millis;
use connector::RateLimiting;
use engine::{Budget, Taken, Turns};
use store::{BudgetRow, TakenTurns};

use crate::budget::Known;
pub(crate) use mine::{Ahead, Turn};

/// The most turns that are taken ahead.
const AHEAD: u32 = 25;
/// Not more than such a part of the tightest window: what is taken and not used is lost to the others for a while.
const PART: u32 = 4;
/// The same where others take turns as well: what they cannot know yet to have gone keeps them waiting.
const PART_OF_OTHERS: u32 = 16;
/// Several turns are good for a quarter of the shortest window, one that goes at once for a tenth: what a process that dies leaves
/// counts that much longer. Not less than it takes to write a row and to go, and not more than a minute.
const GOOD_MS: RangeInclusive<Millis> = 250..=60_000;
const ONE_GOOD_MS: RangeInclusive<Millis> = 100..=2_000;
/// Of so many writes that took turns it is still corrected what became of them.
const CORRECTED: usize = 8;

/// Turns that were not taken yet.
pub(crate) struct Plan {
    /// The row with them.
    pub(crate) next: BudgetRow,
    /// The turns, without a name.
    ahead: Ahead,
    /// Of those taken before: how many are said to have gone, and what is said to be on its way.
    said: Vec<(usize, u32)>,
}

/// The turns to take: as many as are wished of those that may go about as soon as the one that is asked for. An error is how long
/// that one has to wait, which is longer than allowed.
pub(crate) fn plan(known: &Known, limits: &RateLimiting, expected: u32, cost: u32, now: Millis, allowed: Millis) -> Result<Plan, Millis> {
    let (mut budget, said) = corrected(known, limits, now);
    let soonest = budget.wait(&limits.windows, cost, now);
    if soonest > allowed {
        return Err(soonest);
    }
    let longest = allowed.min(soonest.saturating_add(good_ms(limits, true)));
    // Each from when those before it leave room for it.
    let sizes = (1..=wish(limits, known, expected, cost, now)).map(|turns| turns.saturating_mul(cost));
    let steps: Vec<_> = sizes.map(|size| (size, budget.wait(&limits.windows, size, now))).take_while(|(_, wait)| *wait <= longest).map(|(size, wait)| (size, now + wait)).collect();
    let size = steps.last().map_or(cost, |(size, _)| *size);
    let good_ms = good_ms(limits, size > cost);
    let until = now + budget.take_ahead(&limits.windows, size, now, good_ms, name(known.row.version + 1, 0)) + good_ms;
    let taken = budget.taken.turns().iter().map(|turns| TakenTurns { until: turns.until_ms, cost: turns.cost, name: turns.name }).collect();
    Ok(Plan { next: BudgetRow { taken, ..known.row.clone() }, ahead: Ahead::of(steps, until), said })
}

/// The budget as it is, with what became of the turns this process took.
fn corrected(known: &Known, limits: &RateLimiting, now: Millis) -> (Budget, Vec<(usize, u32)>) {
    let taken = known.row.taken.iter().map(|turns| Turns { until_ms: turns.until, cost: turns.cost, name: turns.name });
    let mut budget = Budget { taken: Taken::of(taken), hold_until_ms: known.row.hold_until };
    let longest = limits.windows.iter().map(|window| window.per_ms).max().unwrap_or(0);
    let said = known.mine.iter().enumerate().map(|(index, ahead)| {
        let (went, on_its_way) = ahead.became();
        // A row that expired meanwhile counts its versions anew.
        if ahead.until.saturating_add(longest) > now {
            let gone = went.iter().map(|(at, cost)| Turns { until_ms: *at, cost: u64::from(*cost), name: 0 });
            let left = Turns { until_ms: ahead.until, cost: u64::from(on_its_way), name: name(known.row.version + 1, index + 1) };
            budget.taken.correct(ahead.name, u64::from(ahead.counted), gone.chain([left]));
        }
        (ahead.said + went.len(), on_its_way)
    });
    let said = said.collect();
    (budget, said)
}

/// What a row calls turns: by the version that says something new of them, so that nobody corrects what is corrected.
fn name(version: u64, index: usize) -> u64 {
    version.saturating_mul(16).saturating_add(index as u64)
}

/// How many turns to take: as many as are sure to come, else twice as many as were used last time.
fn wish(limits: &RateLimiting, known: &Known, expected: u32, cost: u32, now: Millis) -> u32 {
    let tightest = limits.windows.iter().map(|window| window.limit).min().unwrap_or(1) / cost;
    let most = if expected > 0 { tightest } else { tightest / if known.alone { PART } else { PART_OF_OTHERS } };
    let lately = known.mine.last().filter(|ahead| now <= ahead.until.saturating_add(good_ms(limits, true)));
    let grown = lately.map_or(1, |ahead| (ahead.handed / cost).saturating_mul(if ahead.is_used_up() { 2 } else { 1 }));
    let wish = if expected > 0 { expected } else { grown };
    wish.clamp(1, most.clamp(1, AHEAD))
}

fn good_ms(limits: &RateLimiting, several: bool) -> Millis {
    let shortest = limits.windows.iter().map(|window| window.per_ms).min().unwrap_or(0);
    let (part, bounds) = if several { (4, GOOD_MS) } else { (10, ONE_GOOD_MS) };
    (shortest / part).clamp(*bounds.start(), *bounds.end())
}

impl Known {
    /// A turn of those that were taken before.
    pub(crate) fn hand(&mut self, cost: u32, now: Millis, allowed: Millis) -> Option<Turn> {
        let held = self.row.hold_until > now;
        let ahead = self.mine.last_mut().filter(|ahead| !held && now <= ahead.until && ahead.ready(cost).is_some_and(|ready| ready - now <= allowed))?;
        ahead.hand(cost)
    }

    /// Keeps what is left: the row that is about to be written says that it is given back, and nobody may ever know whether it was.
    pub(crate) fn close(&mut self) {
        for ahead in &mut self.mine {
            ahead.closed = true;
        }
    }

    /// Takes over turns that were written, and hands out the one that was asked for.
    pub(crate) fn took(&mut self, mut plan: Plan, row: BudgetRow, cost: u32) -> Option<Turn> {
        for (index, (ahead, (said, on_its_way))) in self.mine.iter_mut().zip(plan.said).enumerate() {
            (ahead.name, ahead.said, ahead.counted) = (name(row.version, index + 1), said, on_its_way);
        }
        self.mine.retain(|ahead| ahead.counted > 0);
        self.mine.drain(..self.mine.len().saturating_sub(CORRECTED - 1));
        plan.ahead.name = name(row.version, 0);
        self.mine.push(plan.ahead);
        (self.row, self.alone) = (row, true);
        self.mine.last_mut()?.hand(cost)
    }

    /// The same where they could not be written: nobody else knows of them, and nobody corrects anything.
    pub(crate) fn took_alone(&mut self, plan: Plan, cost: u32) -> Option<Turn> {
        self.mine = vec![plan.ahead];
        self.row = plan.next;
        for turns in &mut self.row.taken {
            turns.name = 0;
        }
        self.mine.last_mut()?.hand(cost)
    }
}
