//! What this process knows of the budgets of credentials, and how many turns are taken at once: pure functions over rows.

use std::{collections::{BTreeMap, HashMap}, sync::{Arc, Mutex, PoisonError}};

use canonical::{Millis, TenantId};
use connector::{RateLimiting, Window};
use document::{Hash128, hash_bytes};
use engine::Budget;
use store::BudgetRow;

/// The most turns that are taken ahead.
const AHEAD: u32 = 25;
/// Rows outlive the longest hold.
const HOUR_MS: Millis = 3_600_000;
/// More budgets than one process ever serves; beyond it what is known of them is forgotten.
const MOST: usize = 1_000;

/// What this process knows of budgets, and the turns it took ahead.
#[derive(Default)]
pub struct Budgets(Mutex<HashMap<(TenantId, String), Shared>>);

/// One task at a time takes turns of a budget.
type Shared = Arc<tokio::sync::Mutex<Known>>;

/// One budget as this process saw it last.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) row: BudgetRow,
    /// Turns taken ahead, from when on they may be used, and until when.
    pub(crate) left: u32,
    pub(crate) ready: Millis,
    pub(crate) good_until: Millis,
    /// How many were taken last.
    pub(crate) taken: u32,
}

impl Known {
    /// Takes over what was read. A hold that could not be told to the others is kept, and told with the next turns.
    pub(crate) fn saw(&mut self, row: BudgetRow) {
        self.row = BudgetRow { hold_until: row.hold_until.max(self.row.hold_until), ..row };
    }
}

impl Budgets {
    pub(crate) fn of(&self, tenant: &TenantId, name: &str) -> Shared {
        let mut budgets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if budgets.len() >= MOST {
            budgets.clear();
        }
        Arc::clone(budgets.entry((tenant.clone(), name.to_owned())).or_default())
    }
}

/// A name for credentials in a key: enough to tell those of a tenant apart, too little to find them by.
pub(crate) fn short(tenant: &TenantId, parts: &[&Hash128]) -> String {
    let mut bytes = tenant.as_str().as_bytes().to_vec();
    bytes.push(b'#');
    bytes.extend(parts.iter().flat_map(|part| part.iter()));
    hex::encode(&hash_bytes(&bytes)[..4])
}

/// How many turns to take: as many as are sure to come, else twice as many as last time, and never more than a quarter of
/// the tightest window: what is taken and not used is lost to the others.
pub(crate) fn ahead(limits: &RateLimiting, known: &Known, expected: u32, cost: u32, now: Millis) -> u32 {
    let tightest = limits.windows.iter().map(|window| window.limit).min().unwrap_or(1) / cost;
    let most = if expected > 0 { tightest } else { tightest / 4 };
    let grown = if now < known.good_until { known.taken.saturating_mul(2) } else { 1 };
    let wish = if expected > 0 { expected } else { grown };
    wish.clamp(1, most.clamp(1, AHEAD))
}

/// The row after so many turns, and how long they have to wait.
pub(crate) fn after(row: &BudgetRow, limits: &RateLimiting, size: u32, now: Millis) -> (BudgetRow, Millis) {
    let taken = limits.windows.iter().map(|window| row.taken_until_us.get(&window_name(window)).copied().unwrap_or(0)).collect();
    let mut budget = Budget { taken_until_us: taken, hold_until_ms: row.hold_until };
    let wait = budget.take(&limits.windows, size, now);
    // Another definition may have other windows for the same credentials; what is given back is forgotten.
    let mut taken: BTreeMap<_, _> = row.taken_until_us.iter().filter(|(_, until)| **until > now.saturating_mul(1000)).map(|(name, until)| (name.clone(), *until)).collect();
    taken.extend(limits.windows.iter().map(window_name).zip(budget.taken_until_us));
    (BudgetRow { version: row.version, taken_until_us: taken, hold_until: row.hold_until }, wait)
}

/// A window by what it is: another window of a changed definition starts empty.
fn window_name(window: &Window) -> String {
    format!("{}/{}", window.limit, window.per_ms)
}

/// A row means nothing once everything taken is given back and every hold is over.
pub(crate) fn expires_s(limits: &RateLimiting, now: Millis) -> i64 {
    let longest = limits.windows.iter().map(|window| window.per_ms).max().unwrap_or(0).max(HOUR_MS);
    now.saturating_add(longest.saturating_mul(2)) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_769_850_100_000;

    fn limits(windows: &[(u32, i64)]) -> RateLimiting {
        RateLimiting { windows: windows.iter().map(|(limit, per_ms)| Window { limit: *limit, per_ms: *per_ms }).collect(), ..RateLimiting::default() }
    }

    #[test]
    fn turns_are_taken_ahead_by_what_was_used_and_what_is_there() {
        // Windows, taken last, whether that is still good, requests that are sure to come, the cost of one: how many are taken.
        for (windows, taken, good, expected, cost, wish) in [
            (&[(600, 60_000)][..], 0, true, 0, 1, 1), (&[(600, 60_000)], 4, true, 0, 1, 8), (&[(600, 60_000)], 25, true, 0, 1, 25), (&[(600, 60_000)], 25, false, 0, 1, 1),
            (&[(10, 1_000)], 25, true, 0, 1, 2), (&[(1, 1_000)], 1, true, 0, 1, 1), (&[(10, 1_000), (2_000, 60_000)], 8, true, 0, 1, 2), (&[(10, 1_000)], 0, true, 8, 1, 8),
            (&[(10, 1_000)], 0, true, 80, 1, 10), (&[(600, 60_000)], 0, true, 80, 1, 25), (&[(100, 1_000)], 25, true, 0, 10, 2), (&[(4, 1_000)], 25, true, 0, 10, 1),
        ] {
            let known = Known { taken, good_until: if good { NOW + 1 } else { NOW }, ..Known::default() };
            assert_eq!(ahead(&limits(windows), &known, expected, cost, NOW), wish, "{windows:?} {taken} {good} {expected} {cost}");
        }
    }

    #[test]
    fn a_window_that_was_changed_starts_empty_and_another_definitions_stays() {
        let (first, _) = after(&BudgetRow::default(), &limits(&[(1, 3_600_000)]), 1, NOW);
        let (second, wait) = after(&first, &limits(&[(2, 3_600_000)]), 1, NOW);
        assert_eq!((second.taken_until_us.len(), wait), (2, 0));
        assert_eq!(after(&second, &limits(&[(1, 3_600_000)]), 1, NOW).1, 3_600_000);
        // What is given back is forgotten.
        let (third, _) = after(&second, &limits(&[(2, 3_600_000)]), 1, NOW + 3_600_000);
        assert_eq!(third.taken_until_us.len(), 1);
    }

    #[test]
    fn a_hold_keeps_everyone_back() {
        let row = BudgetRow { hold_until: NOW + 5_000, ..BudgetRow::default() };
        assert_eq!(after(&row, &limits(&[(10, 1_000)]), 1, NOW).1, 5_000);
    }

    #[test]
    fn names_tell_credentials_and_tenants_apart_and_are_short() {
        let tenant = |text: &str| TenantId::parse(text).unwrap();
        let names = [short(&tenant("a"), &[&[1; 16]]), short(&tenant("a"), &[&[2; 16]]), short(&tenant("b"), &[&[1; 16]]), short(&tenant("a"), &[&[1; 16], &[2; 16]])];
        assert!(names.iter().all(|name| name.len() == 8));
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    }
}
