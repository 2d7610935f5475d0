//! Poll: pages of a source, each durably queued before the cursor moves past it, under a fenced lease.

use canonical::{ConnectionId, Millis, TenantId};
use document::Hash128;
use engine::Call;
use fault::Simple;
use protocol::{Loop, PollGuard};
use queue::{Job, Message, PollJob};
use store::{ConnectionState, CursorLease, Work};

use crate::{App, Hold, KnownConnection, again::{again, settle, waits_or_again}, beat::{Beat, LEASE_MS}, known::simple, meter::Metric, pace::Paced, receive::enqueue, refused::carried, sessions::Kept};

/// A run that has less time left than this hands over to a continuation.
const ENOUGH_MS: Millis = 60_000;

/// Reads an entity from where its cursor stands. A second run at the same time ends at once.
///
/// A run that fails is sent again with a delay; once its budget is spent the failure stays on the cursor, and the next
/// scheduled poll begins anew.
///
/// # Errors
/// When not even that could be kept: the record has to stay on its queue.
pub async fn poll(app: &App, job: &PollJob, until_ms: Millis, hold: Hold<'_>) -> Result<(), Simple> {
    let invalid = |_| Simple::reject("argument_invalid", "the job names no connection");
    let tenant = TenantId::parse(&job.tenant).map_err(invalid)?;
    let connection = ConnectionId::parse(&job.conn).map_err(invalid)?;
    let mut seen = Seen { fence: job.fence, tries: job.tries, only_waited: false };
    match Box::pin(leased(app, &tenant, &connection, job, Time { until_ms, hold }, &mut seen)).await {
        Ok(()) => Ok(()),
        Err(fault) => {
            let again = if seen.only_waited { waits_or_again(app, seen.tries, &fault) } else { again(app, seen.tries, &fault) };
            let next = Job::Poll(PollJob { tries: again.tries, fence: seen.fence, ..job.clone() });
            settle(app, &tenant, &connection, Work::Poll(&job.ent), &fault, again, next).await
        }
    }
}

/// Until when a run may read, and the message it holds meanwhile.
#[derive(Clone, Copy)]
struct Time<'a> {
    until_ms: Millis,
    hold: Hold<'a>,
}

/// What a run that failed leaves to whoever tries again.
struct Seen {
    /// The fence of its lease.
    fence: Option<u64>,
    /// How often it failed since something was read on.
    tries: u32,
    /// It read something on, or asked nothing. A page that asks several things and gets fewer turns each time would else be
    /// begun for ever: growing delays let the budget recover.
    only_waited: bool,
}

/// Reads under a lease.
async fn leased(app: &App, tenant: &TenantId, connection: &ConnectionId, job: &PollJob, time: Time<'_>, seen: &mut Seen) -> Result<(), Simple> {
    let known = app.connection(tenant, connection).await?;
    if known.row.state != ConnectionState::Active {
        return Ok(());
    }
    let of = app.store.of(tenant);
    // Somebody began to read since this run failed. Asked before the lease is taken: taking it would end that one's tries.
    if let Some(mine) = seen.fence
        && of.cursor(connection, &job.ent).await.map_err(|error| simple(&error))?.fence != mine
    {
        return Ok(());
    }
    let me = app.chance.id("own_");
    let Some(lease) = of.lease_cursor(connection, &job.ent, &me, app.now(), LEASE_MS).await.map_err(|error| simple(&error))? else {
        tracing::debug!(step = "poll", tenant = tenant.as_str(), conn = connection.as_str(), outcome = "leased", "another run reads");
        return Ok(());
    };
    seen.fence = Some(lease.fence);
    time.hold.renew(app).await;
    let result = Box::pin(run(app, tenant, connection, job, &lease, time, seen)).await;
    // Given back on every way out; if this write fails, the lease runs out by itself.
    let _released = of.release_cursor(connection, &job.ent, &lease).await;
    if let Some(rest) = result? {
        app.queues.send_all(&[Job::Poll(rest).outgoing(0)]).await.map_err(|error| simple(&error))?;
    }
    Ok(())
}

/// Reads with the credentials of a connection, in the pace of its budget.
async fn run(app: &App, tenant: &TenantId, connection: &ConnectionId, job: &PollJob, lease: &CursorLease, time: Time<'_>, seen: &mut Seen) -> Result<Option<PollJob>, Simple> {
    let known = app.connection(tenant, connection).await?;
    let config = app.vault.hydrate(tenant, connection, &known.row.sealed).await.map_err(|error| simple(&error))?;
    let beat = Beat::of(connection, &job.ent, lease, time.hold, app.now());
    let (pace, sessions) = (Paced::until(app, tenant, time.until_ms).holding(&beat), Kept::of(app, tenant, connection, &config));
    let call = Call { pace: &pace, sessions: Some(&sessions), ..Call::new(&config, app.exchange.as_ref(), app.now()) };
    let mut pages = 0;
    let result = Box::pin(read(app, Reading { tenant, connection, known: &known, job, lease, beat: &beat, until_ms: time.until_ms }, call, &mut pages)).await;
    pace.leave().await;
    seen.only_waited = pages > 0 || !pace.has_asked();
    if pages > 0 {
        seen.tries = 0;
    }
    match result {
        Err(_) if beat.is_lost() => Ok(None),
        // A source that refuses our credentials, or waits for a person, breaks its connection; anything else is tried again.
        Err(Stopped::Source(fault)) if matches!(fault.disposition, fault::Disposition::Park) => {
            app.break_connection(tenant, connection, fault.code).await?;
            Err(fault)
        }
        Err(Stopped::Source(fault) | Stopped::Ours(fault)) => Err(fault),
        Ok(rest) => Ok(rest),
    }
}

/// What is read, and under which lease.
#[derive(Clone, Copy)]
struct Reading<'a> {
    tenant: &'a TenantId,
    connection: &'a ConnectionId,
    known: &'a KnownConnection,
    job: &'a PollJob,
    lease: &'a CursorLease,
    beat: &'a Beat<'a>,
    until_ms: Millis,
}

/// Whose fault ended a run.
enum Stopped {
    Source(Simple),
    Ours(Simple),
}

impl From<Simple> for Stopped {
    fn from(fault: Simple) -> Self {
        Self::Ours(fault)
    }
}

/// Reads pages until the source has no more, or time runs short: then the answer is the job that goes on. `pages` are those
/// saved.
async fn read(app: &App, Reading { tenant, connection, known, job, lease, beat, until_ms }: Reading<'_>, call: Call<'_>, pages: &mut u32) -> Result<Option<PollJob>, Stopped> {
    let source = known.connector.source.as_ref().ok_or_else(|| Simple::park("connector_lacks", "the connector is no source"))?;
    let mut guard = guard(job);
    let mut cursor = lease.cursor.clone();
    loop {
        let began = app.now();
        let page = source.page(Call { now_ms: began, ..call }, &job.ent, cursor.as_deref()).await.map_err(Stopped::Source)?;
        let records = page.changes.len();
        let items = page.changes.into_iter().enumerate().map(|(index, change)| carried(connection, index, change)).collect::<Result<Vec<_>, _>>()?;
        let outgoing = enqueue(app, tenant, connection, began, items).await?;
        app.queues.send_all(&outgoing).await.map_err(|error| simple(&error))?;
        app.meter.handled(records);
        let moved = cursor.as_deref() != Some(page.cursor.as_str());
        // A partition without anything new is an empty page, and two of them may be alike: only who reads them knows.
        let looped = guard.page(records, page.hash, moved || page.done).err().filter(|seen| !source.guards_itself() || *seen == Loop::SameCursor);
        if let Some(seen) = looped.filter(|_| !page.done) {
            app.meter.add(Metric::CursorLoop, 1);
            tracing::error!(step = "poll", code = "cursor_loop", tenant = tenant.as_str(), conn = connection.as_str(), "{}", seen.sentence());
            return Err(Simple::reject("cursor_loop", seen.sentence()).into());
        }
        let saved = app.store.of(tenant).save_cursor(connection, &job.ent, lease, &page.cursor, app.now() + LEASE_MS).await.map_err(|error| simple(&error))?;
        *pages += 1;
        if saved.is_err() || page.done {
            return Ok(None);
        }
        cursor = Some(page.cursor);
        beat.saved(app).await;
        if until_ms - app.now() < ENOUGH_MS {
            return Ok(Some(continuation(job, &guard)));
        }
    }
}

fn guard(job: &PollJob) -> PollGuard {
    let mut hash: Hash128 = [0; 16];
    let last = job.last.as_ref().and_then(|text| hex::decode_to_slice(text, &mut hash).ok()).map(|()| hash);
    PollGuard { pages: job.pages, records: job.records, empty: job.empty, last }
}

fn continuation(job: &PollJob, guard: &PollGuard) -> PollJob {
    PollJob { pages: guard.pages, records: guard.records, empty: guard.empty, last: guard.last.map(hex::encode), tries: 0, fence: None, ..job.clone() }
}

/// A fresh job of a poll.
#[must_use]
pub fn poll_job(tenant: &TenantId, connection: &ConnectionId, entity: &str) -> Message {
    Message::Job(Job::Poll(PollJob { tenant: tenant.to_string(), conn: connection.to_string(), ent: entity.to_owned(), ..PollJob::default() }))
}
