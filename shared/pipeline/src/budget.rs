//! What this process knows of the budgets of credentials.

use std::{collections::HashMap, sync::{Arc, Mutex, PoisonError}};

use canonical::{Millis, TenantId};
use connector::RateLimiting;
use document::{Hash128, hash_bytes};
use store::BudgetRow;

use crate::ahead::Ahead;

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
    /// The turns this process took, the last ones last.
    pub(crate) mine: Vec<Ahead>,
    /// Whether nobody else took turns since.
    pub(crate) alone: bool,
    /// Until when nobody has to look for a hold, where there is no window.
    pub(crate) looked_until: Millis,
}

impl Known {
    /// Takes over what was read. A hold that could not be told to the others is kept, and told with the next turns.
    pub(crate) fn saw(&mut self, row: BudgetRow) {
        self.alone = false;
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

/// A row means nothing once everything taken is given back and every hold is over.
pub(crate) fn expires_s(limits: &RateLimiting, now: Millis) -> i64 {
    let longest = limits.windows.iter().map(|window| window.per_ms).max().unwrap_or(0).max(HOUR_MS);
    now.saturating_add(longest.saturating_mul(2)) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_credentials_and_tenants_apart_and_are_short() {
        let tenant = |text: &str| TenantId::parse(text).unwrap();
        let names = [short(&tenant("a"), &[&[1; 16]]), short(&tenant("a"), &[&[2; 16]]), short(&tenant("b"), &[&[1; 16]]), short(&tenant("a"), &[&[1; 16], &[2; 16]])];
        assert!(names.iter().all(|name| name.len() == 8));
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    }
}
