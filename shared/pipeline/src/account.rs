//! The accounting of a flow: received = applied + superseded + duplicate + filtered + dead, and who is still open.

use canonical::{FlowId, Millis, TenantId};
use fault::Simple;
use protocol::{FlowHash, Outcome, Totals, flow_hash, settle_marks};
use store::HourTotals;

use crate::{App, known::simple};

/// Hours whose ledger is read as it stands.
const EXACT_HOURS: i64 = 48;

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

/// Adds a flow up from `since_ms` until now.
///
/// The last two days are read from the ledger itself; of the hours before,
/// those in which everything has ended are taken as the sweep counted them, at most six hours ago. What is still open is
/// named whenever it was received.
///
/// # Errors
/// When the table does not answer.
pub async fn accounting(app: &App, tenant: &TenantId, flow: &FlowId, since_ms: Millis) -> Result<Account, Simple> {
    let (first, last) = (since_ms.div_euclid(3_600_000), app.now().div_euclid(3_600_000));
    let hash = flow_hash(tenant, flow);
    let mut entries = Vec::new();
    let mut past = HourTotals::default();
    for (hour, shards) in app.store.ledger_hours(first, last).await.map_err(|error| simple(&error))? {
        if hour < last - EXACT_HOURS
            && let Some(totals) = app.store.totals_of(hour, &hash).await.map_err(|error| simple(&error))?
            && totals.open == 0
        {
            past.received += totals.received;
            past.ended.iter_mut().zip(totals.ended).for_each(|(sum, count)| *sum += count);
            continue;
        }
        let rows = app.store.ledger(hour, &shards).await.map_err(|error| simple(&error))?;
        entries.extend(rows.into_iter().filter(|(_, entry)| entry.flow == hash));
    }
    let mut totals = settle_marks(entries, app.now()).remove(&hash).unwrap_or_default();
    let older = before(app, first, &hash).await?;
    totals.received += u64::try_from(older.len()).unwrap_or(u64::MAX);
    totals.open.extend(older);
    Ok(account(totals, &past))
}

/// Who is still open of the hours before: what is on its way for long must not vanish from the equation.
async fn before(app: &App, first: i64, flow: &FlowHash) -> Result<Vec<String>, Simple> {
    let mut open = Vec::new();
    for (hour, _) in app.store.unsettled().await.map_err(|error| simple(&error))?.range(..first) {
        let shards = app.store.ledger_hours(*hour, *hour).await.map_err(|error| simple(&error))?.remove(hour).unwrap_or_default();
        let rows = app.store.ledger(*hour, &shards).await.map_err(|error| simple(&error))?;
        let mut settled = settle_marks(rows.into_iter().filter(|(_, entry)| entry.flow == *flow), app.now());
        open.extend(settled.remove(flow).unwrap_or_default().open);
    }
    Ok(open)
}

fn account(totals: Totals, past: &HourTotals) -> Account {
    let mut ended = Outcome::ALL.map(|outcome| (outcome, totals.ended.get(&outcome).copied().unwrap_or(0)));
    ended.iter_mut().zip(past.ended).for_each(|((_, count), before)| *count += before);
    Account { received: totals.received + past.received, ended, open: totals.open }
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
