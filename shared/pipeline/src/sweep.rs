//! The sweep: once a minute, starts what falls due. Schedules are rows; nothing is written per tick.
//!
//! It may be cut anywhere: what was started twice is absorbed by leases, and what was not started is due the next minute.

use std::collections::{BTreeMap, BTreeSet};

use canonical::Millis;
use document::hash_bytes;
use fault::Simple;
use futures::future::try_join_all;
use queue::{Job, Message, Outgoing, ReleaseJob, open};
use store::due::partitions;

use crate::{App, count::count, known::simple};

/// A gap longer than this misses no schedule: the longest interval is a day.
const LONGEST_GAP_MIN: i64 = 24 * 60;
/// Partitions that are asked at once.
const AT_ONCE: usize = 32;
/// The most notes one release stands for; those left start another.
const MOST_NOTES: usize = 1_000;

/// Starts everything due since the last sweep, each once. A crash in between starts some of it twice, which leases absorb.
///
/// # Errors
/// When a table or a queue does not answer: the next minute's sweep starts from where this one stood.
pub async fn sweep(app: &App) -> Result<usize, Simple> {
    let now_minute = app.now().div_euclid(60_000);
    let swept = app.store.swept().await.map_err(|error| simple(&error))?.unwrap_or(now_minute - 1);
    let started = Box::pin(scheduled(app, (swept + 1).max(now_minute - LONGEST_GAP_MIN), now_minute)).await?;
    let released = Box::pin(releases(app, now_minute)).await?;
    app.store.save_swept(now_minute).await.map_err(|error| simple(&error))?;
    // Last, and on its own: what is due starts whether or not it can be counted.
    if let Err(fault) = Box::pin(count(app, now_minute)).await {
        tracing::warn!(step = "count", code = fault.code, "the ledger could not be counted");
    }
    Ok(started + released)
}

/// Starts the schedules whose turn came in a span of minutes.
async fn scheduled(app: &App, first: i64, last: i64) -> Result<usize, Simple> {
    let mut bodies = BTreeSet::new();
    for some in partitions(first, last).chunks(AT_ONCE) {
        let found = try_join_all(some.iter().map(|partition| app.store.scheduled(*partition))).await.map_err(|error| simple(&error))?;
        bodies.extend(found.into_iter().flatten());
    }
    let jobs: Vec<_> = bodies.iter().filter_map(|body| outgoing(body)).collect();
    app.queues.send_all(&jobs).await.map_err(|error| simple(&error))?;
    Ok(jobs.len())
}

/// The start of a scheduled job, spread over the minute by its own hash.
fn outgoing(body: &str) -> Option<Outgoing> {
    let Message::Job(job) = open(body).ok()? else { return None };
    let delay_ms = Millis::from(hash_bytes(body.as_bytes())[0]) * 59_000 / 255;
    Some(job.outgoing(delay_ms))
}

/// Starts a release for every connection with something due. The notes stay until it succeeded: one that is lost, or
/// fails, starts again the next minute.
async fn releases(app: &App, now_minute: i64) -> Result<usize, Simple> {
    let mut jobs: BTreeMap<(String, String), Vec<(i64, String)>> = BTreeMap::new();
    for due in app.store.due_by(now_minute).await.map_err(|error| simple(&error))? {
        jobs.entry((due.tenant, due.connection)).or_default().push((due.minute, due.mark));
    }
    let release = |((tenant, conn), mut due): ((String, String), Vec<(i64, String)>)| {
        due.truncate(MOST_NOTES);
        Job::Release(ReleaseJob { tenant, conn, tries: 0, due }).outgoing(0)
    };
    let outgoing: Vec<_> = jobs.into_iter().map(release).collect();
    app.queues.send_all(&outgoing).await.map_err(|error| simple(&error))?;
    Ok(outgoing.len())
}
