//! Releases parked messages of a connection: through its rate, not as a herd.

use canonical::{ConnectionId, Millis, TenantId};
use fault::Simple;
use protocol::Pace;
use queue::{Job, Message, ReleaseJob, open};
use store::Work;

use crate::{App, again::{again, settle}, known::simple, send::to_delivery_queue};

/// How many go at most in one run; the rest is due the next minute.
const MOST: usize = 500;
/// What could not be released falls due anew after this.
const REST_MS: Millis = 15 * 60_000;

/// Sends what is due, each with the delay of its turn; a row is removed only after its message is durable.
///
/// A run that fails is sent again with a delay; once its budget is spent, what is parked falls due anew a quarter of an
/// hour later.
///
/// # Errors
/// When not even that could be kept: the record has to stay on its queue.
pub async fn release(app: &App, job: &ReleaseJob) -> Result<(), Simple> {
    let invalid = |_| Simple::reject("argument_invalid", "the job names no connection");
    let tenant = TenantId::parse(&job.tenant).map_err(invalid)?;
    let connection = ConnectionId::parse(&job.conn).map_err(invalid)?;
    let of = app.store.of(&tenant);
    let Err(fault) = Box::pin(due(app, &tenant, &connection)).await else {
        return of.mended(&connection, Work::Release).await.map_err(|error| simple(&error));
    };
    let again = again(app, job.tries, &fault);
    if again.delay_ms.is_none() {
        app.store.note_due(store::due::minute_after(app.now() + REST_MS), &tenant, &connection).await.map_err(|error| simple(&error))?;
    }
    let next = Job::Release(ReleaseJob { tries: again.tries, ..job.clone() });
    settle(app, &tenant, &connection, Work::Release, &fault, again, next).await
}

/// Sends what is due.
async fn due(app: &App, tenant: &TenantId, connection: &ConnectionId) -> Result<(), Simple> {
    let of = app.store.of(tenant);
    let now = app.now();
    let rows = of.parked(connection, now, MOST).await.map_err(|error| simple(&error))?;
    let known = app.connection(tenant, connection).await.ok();
    let pace = Pace::per_second(known.and_then(|known| known.connector.destination.as_ref().and_then(|destination| destination.requests_per_second())));
    for (index, row) in rows.iter().enumerate() {
        let Ok(Message::Delivery(delivery)) = open(&row.body) else {
            tracing::error!(step = "release", code = "message_unknown", tenant = tenant.as_str(), conn = connection.as_str(), "a parked row holds no delivery");
            continue;
        };
        let turn_ms = i64::try_from(index).unwrap_or(0).saturating_mul(pace.interval_us) / 1000;
        let outgoing = to_delivery_queue(*delivery, false, turn_ms.min(queue::LONGEST_DELAY_MS));
        app.queues.send_all(&[outgoing]).await.map_err(|error| simple(&error))?;
        of.unpark(connection, &row.place).await.map_err(|error| simple(&error))?;
    }
    if rows.len() == MOST {
        app.store.note_due(store::due::minute_after(now) + 1, tenant, connection).await.map_err(|error| simple(&error))?;
    }
    Ok(())
}
