//! The sweep: once a minute, starts what falls due. Schedules are rows; nothing is written per tick.

use canonical::Millis;
use document::hash_bytes;
use fault::Simple;
use queue::{Job, Message, Outgoing, ReleaseJob, open};

use crate::{App, count::count, known::simple};

/// A gap longer than this starts each row once, not once per missed minute.
const LONGEST_GAP_MIN: i64 = 24 * 60;

/// Starts everything due since the last sweep. A crash in between starts some of it twice, which leases absorb.
///
/// # Errors
/// When a table or a queue does not answer: the next minute's sweep starts from where this one stood.
pub async fn sweep(app: &App) -> Result<usize, Simple> {
    let now_minute = app.now().div_euclid(60_000);
    let swept = app.store.swept().await.map_err(|error| simple(&error))?.unwrap_or(now_minute - 1);
    let first = (swept + 1).max(now_minute - LONGEST_GAP_MIN);
    let mut started: Vec<String> = Vec::new();
    for minute in first..=now_minute {
        for body in app.store.due_at(minute).await.map_err(|error| simple(&error))? {
            if !started.contains(&body) {
                started.push(body);
            }
        }
    }
    let jobs: Vec<_> = started.iter().filter_map(|body| outgoing(body)).collect();
    app.queues.send_all(&jobs).await.map_err(|error| simple(&error))?;
    let released = Box::pin(releases(app, first, now_minute)).await?;
    app.store.save_swept(now_minute).await.map_err(|error| simple(&error))?;
    // Last, and on its own: what is due starts whether or not it can be counted.
    if let Err(fault) = Box::pin(count(app, now_minute)).await {
        tracing::warn!(step = "count", code = fault.code, "the ledger could not be counted");
    }
    Ok(jobs.len() + released)
}

/// The start of a scheduled job, spread over the minute by its own hash.
fn outgoing(body: &str) -> Option<Outgoing> {
    let Message::Job(job) = open(body).ok()? else { return None };
    let delay_ms = Millis::from(hash_bytes(body.as_bytes())[0]) * 59_000 / 255;
    Some(job.outgoing(delay_ms))
}

async fn releases(app: &App, first: i64, last: i64) -> Result<usize, Simple> {
    let mut count = 0;
    for minute in first..=last {
        for (tenant, connection) in app.store.releases_at(minute).await.map_err(|error| simple(&error))? {
            let job = Job::Release(ReleaseJob { tenant: tenant.clone(), conn: connection.clone(), tries: 0 });
            app.queues.send_all(&[job.outgoing(0)]).await.map_err(|error| simple(&error))?;
            app.store.forget_due(minute, &tenant, &connection).await.map_err(|error| simple(&error))?;
            count += 1;
        }
    }
    Ok(count)
}
