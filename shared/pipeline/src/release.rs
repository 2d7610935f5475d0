//! Releases parked messages of a connection: through its rate, not as a herd.

use canonical::{ConnectionId, TenantId};
use fault::Simple;
use protocol::Pace;
use queue::{Message, ReleaseJob, open};

use crate::{App, known::simple, send::to_delivery_queue};

/// How many go at most in one run; the rest is due the next minute.
const MOST: usize = 500;

/// Sends what is due, each with the delay of its turn; a row is removed only after its message is durable.
///
/// # Errors
/// When a table or a queue does not answer: the job is tried again.
pub async fn release(app: &App, job: &ReleaseJob) -> Result<(), Simple> {
    let invalid = |_| Simple::reject("argument_invalid", "the job names no connection");
    let tenant = TenantId::parse(&job.tenant).map_err(invalid)?;
    let connection = ConnectionId::parse(&job.conn).map_err(invalid)?;
    let of = app.store.of(&tenant);
    let now = app.now();
    let rows = of.parked(&connection, now, MOST).await.map_err(|error| simple(&error))?;
    let known = app.connection(&tenant, &connection).await.ok();
    let pace = Pace::per_second(known.and_then(|known| known.connector.destination.as_ref().and_then(|destination| destination.requests_per_second())));
    for (index, row) in rows.iter().enumerate() {
        let Ok(Message::Delivery(delivery)) = open(&row.body) else {
            tracing::error!(step = "release", code = "message_unknown", tenant = tenant.as_str(), conn = connection.as_str(), "a parked row holds no delivery");
            continue;
        };
        let turn_ms = i64::try_from(index).unwrap_or(0).saturating_mul(pace.interval_us) / 1000;
        let outgoing = to_delivery_queue(*delivery, false, turn_ms.min(queue::LONGEST_DELAY_MS));
        app.queues.send_all(&[outgoing]).await.map_err(|error| simple(&error))?;
        of.unpark(&connection, &row.place).await.map_err(|error| simple(&error))?;
    }
    if rows.len() == MOST {
        app.store.note_due(store::due::minute_after(now) + 1, &tenant, &connection).await.map_err(|error| simple(&error))?;
    }
    Ok(())
}
