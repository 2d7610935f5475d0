//! Releases parked messages of a connection: through its rate, not as a herd.

use canonical::{ConnectionId, Millis, TenantId};
use fault::Simple;
use protocol::Pace;
use queue::{Delivery, Job, Message, ReleaseJob, open};
use store::{Failing, Work, due::{Due, minute_after}};

use crate::{App, again::{again, settle}, known::simple, send::to_delivery_queue};

/// How many go at most in one run; the rest is due the next minute.
const MOST: usize = 500;
/// What could not be released falls due anew after this.
const REST_MS: Millis = 15 * 60_000;

/// Sends what is due, each with the delay of its turn; a row is removed only after its message is durable, and the notes
/// the job stands for only after all of it.
///
/// A run that fails is started again: by its notes the next minute; without any by a message with a delay, and once its
/// budget is spent, what is parked falls due anew a quarter of an hour later.
///
/// # Errors
/// When not even that could be kept: the record has to stay on its queue.
pub async fn release(app: &App, job: &ReleaseJob) -> Result<(), Simple> {
    let invalid = |_| Simple::reject("argument_invalid", "the job names no connection");
    let tenant = TenantId::parse(&job.tenant).map_err(invalid)?;
    let connection = ConnectionId::parse(&job.conn).map_err(invalid)?;
    let Err(fault) = Box::pin(whole(app, &tenant, &connection, job)).await else { return Ok(()) };
    if !job.due.is_empty() {
        note_failure(app, &tenant, &connection, &fault).await;
        return Ok(());
    }
    let again = again(app, job.tries, &fault);
    if again.delay_ms.is_none() {
        app.store.note_due(minute_after(app.now() + REST_MS), &tenant, &connection, "rest").await.map_err(|error| simple(&error))?;
    }
    let next = Job::Release(ReleaseJob { tries: again.tries, ..job.clone() });
    settle(app, &tenant, &connection, Work::Release, &fault, again, next).await
}

/// Sends what is due, then strikes out its notes.
async fn whole(app: &App, tenant: &TenantId, connection: &ConnectionId, job: &ReleaseJob) -> Result<(), Simple> {
    Box::pin(due(app, tenant, connection)).await?;
    for (minute, mark) in &job.due {
        let due = Due { minute: *minute, tenant: job.tenant.clone(), connection: job.conn.clone(), mark: mark.clone() };
        app.store.forget_due(&due).await.map_err(|error| simple(&error))?;
    }
    app.store.of(tenant).mended(connection, Work::Release).await.map_err(|error| simple(&error))
}

/// Its notes start it again in a minute: the failure is noted for a person, and nothing hangs on that.
async fn note_failure(app: &App, tenant: &TenantId, connection: &ConnectionId, fault: &Simple) {
    let (of, at) = (app.store.of(tenant), app.now());
    let before = of.failing(connection, Work::Release).await.ok().flatten().map_or(0, |failing| failing.tries);
    let tries = before.saturating_add(1);
    tracing::warn!(step = "job", code = fault.code, tenant = tenant.as_str(), conn = connection.as_str(), tries, "a release failed");
    let failing = Failing { at, code: fault.code.to_owned(), message: fault.message.clone(), tries, next: Some(minute_after(at + 1) * 60_000) };
    let _noted = of.note_failing(connection, Work::Release, &failing).await;
}

/// Sends what is due.
async fn due(app: &App, tenant: &TenantId, connection: &ConnectionId) -> Result<(), Simple> {
    let of = app.store.of(tenant);
    let now = app.now();
    let rows = of.parked(connection, now, MOST).await.map_err(|error| simple(&error))?;
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    if count == 0 {
        return Ok(());
    }
    let known = app.connection(tenant, connection).await.ok();
    let pace = Pace::per_second(known.and_then(|known| known.connector.destination.as_ref().and_then(|destination| destination.requests_per_second())));
    // Turns nobody else gets: what comes back in its turn is called, not sent away once more.
    let turns = of.reserve(connection, pace, count, now).await.map_err(|error| simple(&error))?.reservation;
    for (row, index) in rows.iter().zip(0..) {
        let Ok(Message::Delivery(delivery)) = open(&row.body) else {
            tracing::error!(step = "release", code = "message_unknown", tenant = tenant.as_str(), conn = connection.as_str(), "a parked row holds no delivery");
            continue;
        };
        let wait_ms = turns.wait_ms(index, now);
        let delivery = Delivery { turn_at: now + wait_ms, ..*delivery };
        let outgoing = to_delivery_queue(delivery, false, wait_ms.min(queue::LONGEST_DELAY_MS));
        app.queues.send_all(&[outgoing]).await.map_err(|error| simple(&error))?;
        of.unpark(connection, &row.place).await.map_err(|error| simple(&error))?;
    }
    if rows.len() == MOST {
        app.store.note_due(minute_after(now) + 1, tenant, connection, "rest").await.map_err(|error| simple(&error))?;
    }
    Ok(())
}
