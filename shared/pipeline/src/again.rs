//! When a job that failed is started again, and what is noted of it.
//!
//! A new message with a delay, sent before the old one is acknowledged: waiting costs no visibility, and receives count
//! crashes alone. The budget is bounded; what is spent is noted where a person reads it, and the schedule begins anew.

use canonical::{ConnectionId, Millis, TenantId};
use fault::{Disposition, Simple};
use protocol::Schedule;
use queue::{Job, LONGEST_DELAY_MS};
use store::{Failing, Work};

use crate::{App, known::simple};

/// What only waits for requests that others made.
const WAITS: &str = "budget_spent";

/// What to do with a job that failed.
pub(crate) struct Again {
    /// How often it failed in a row, this time included.
    pub(crate) tries: u32,
    /// After how long it is started again; `None`: not by itself.
    pub(crate) delay_ms: Option<Millis>,
}

/// Decides by the fault and by how often the job failed before.
pub(crate) fn again(app: &App, failed_before: u32, fault: &Simple) -> Again {
    let tries = failed_before.saturating_add(1);
    let delay_ms = match fault.disposition {
        Disposition::Retry { after } => Schedule::STANDARD.delay_ms(tries, after, app.chance.unit()).map(|delay| delay.min(LONGEST_DELAY_MS)),
        Disposition::Park | Disposition::Reject => None,
    };
    Again { tries, delay_ms }
}

/// The same of a job that keeps what it did: who waits for the requests of others was not tried, and waits until it is its
/// turn, however often.
pub(crate) fn waits_or_again(app: &App, failed_before: u32, fault: &Simple) -> Again {
    match fault.disposition {
        Disposition::Retry { after: Some(after) } if fault.code == WAITS => {
            let delay = Millis::try_from(after.as_millis()).unwrap_or(Millis::MAX).min(LONGEST_DELAY_MS);
            Again { tries: failed_before, delay_ms: Some(delay) }
        }
        _ => again(app, failed_before, fault),
    }
}

/// Sends the next try, if there is one, then notes the failure. An error means that the record has to stay on its queue:
/// the next try could not be sent, or there is none and the failure could not be noted.
pub(crate) async fn settle(app: &App, tenant: &TenantId, connection: &ConnectionId, work: Work<'_>, fault: &Simple, again: Again, next: Job) -> Result<(), Simple> {
    let at = app.now();
    tracing::warn!(step = "job", code = fault.code, tenant = tenant.as_str(), conn = connection.as_str(), tries = again.tries, again_ms = again.delay_ms, "a job failed");
    if let Some(delay_ms) = again.delay_ms {
        app.queues.send_all(&[next.outgoing(delay_ms)]).await.map_err(|error| simple(&error))?;
    }
    let failing = Failing { at, code: fault.code.to_owned(), message: fault.message.clone(), tries: again.tries, next: again.delay_ms.map(|delay| at + delay) };
    let noted = app.store.of(tenant).note_failing(connection, work, &failing).await.map_err(|error| simple(&error));
    if again.delay_ms.is_some() { Ok(()) } else { noted }
}
