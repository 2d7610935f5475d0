//! The accounting of a flow: received = applied + superseded + duplicate + filtered + dead, and who is still open.

use canonical::{FlowId, Millis, TenantId};
use fault::Simple;
use protocol::{Outcome, Totals, flow_hash, settle_marks};

use crate::{App, known::simple};

/// The equation of a flow over a span of hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Occurrences taken in.
    pub received: u64,
    /// How many ended each way, in order of [`Outcome::ALL`].
    pub ended: [(Outcome, u64); 5],
    /// Those on their way, by name.
    pub open: Vec<String>,
}

/// Reads the ledger of the hours from `since_ms` until now and adds a flow up.
///
/// # Errors
/// When the table does not answer.
pub async fn accounting(app: &App, tenant: &TenantId, flow: &FlowId, since_ms: Millis) -> Result<Account, Simple> {
    let (first, last) = (since_ms.div_euclid(3_600_000), app.now().div_euclid(3_600_000));
    let hash = flow_hash(tenant, flow);
    let mut entries = Vec::new();
    for hour in first..=last {
        let rows = app.store.ledger(hour).await.map_err(|error| simple(&error))?;
        entries.extend(rows.into_iter().filter(|entry| entry.flow == hash));
    }
    let totals = settle_marks(entries).remove(&hash).unwrap_or_default();
    Ok(account(totals))
}

fn account(totals: Totals) -> Account {
    let ended = Outcome::ALL.map(|outcome| (outcome, totals.ended.get(&outcome).copied().unwrap_or(0)));
    Account { received: totals.received, ended, open: totals.open }
}

impl Account {
    /// How many ended one way.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.ended.iter().find(|(known, _)| *known == outcome).map_or(0, |(_, count)| *count)
    }

    /// Whether everything received has ended.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.open.is_empty() && self.received == self.ended.iter().map(|(_, count)| count).sum::<u64>()
    }
}
