//! The sweep: once a minute, starts what falls due. Schedules are rows; nothing is written per tick.

use canonical::Millis;
use document::hash_bytes;
use fault::Simple;
use queue::{Job, Message, Name, Outgoing, ReleaseJob, open};

use crate::{App, known::simple};

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
    Ok(jobs.len() + released)
}

/// The start of a scheduled job, spread over the minute by its own hash.
fn outgoing(body: &str) -> Option<Outgoing> {
    let message = open(body).ok()?;
    let (queue, group) = match &message {
        Message::Job(Job::Poll(job)) => (Name::JobsPoll, job.conn.clone()),
        Message::Job(Job::Reconcile(job)) => (Name::JobsReconcile, job.flow.clone()),
        Message::Job(Job::Release(job)) => (Name::JobsPoll, job.conn.clone()),
        Message::Changes(_) | Message::Delivery(_) => return None,
    };
    let delay_ms = Millis::from(hash_bytes(body.as_bytes())[0]) * 59_000 / 255;
    Some(Outgoing { queue, group, dedup: None, delay_ms, message })
}

async fn releases(app: &App, first: i64, last: i64) -> Result<usize, Simple> {
    let mut count = 0;
    for minute in first..=last {
        for (tenant, connection) in app.store.releases_at(minute).await.map_err(|error| simple(&error))? {
            let message = Message::Job(Job::Release(ReleaseJob { tenant: tenant.clone(), conn: connection.clone() }));
            let outgoing = Outgoing { queue: Name::JobsPoll, group: connection.clone(), dedup: None, delay_ms: 0, message };
            app.queues.send_all(&[outgoing]).await.map_err(|error| simple(&error))?;
            app.store.forget_due(minute, &tenant, &connection).await.map_err(|error| simple(&error))?;
            count += 1;
        }
    }
    Ok(count)
}
