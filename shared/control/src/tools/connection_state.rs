//! Pauses and resumes a connection, and its polls with it.

use canonical::{ConnectionId, TenantId};
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use queue::{Job, Name, Outgoing, ReleaseJob};
use store::{Connection, ConnectionState, due};
use vault::Sealed;

use super::{change, simple};
use crate::{Arguments, connectors::asks};

/// Arguments: `connectionId`.
pub(crate) async fn pause(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let row = change(app, tenant, &arguments.connection("connectionId")?, |row| Ok(become_state(row, ConnectionState::Paused))).await?;
    for entity in row.polls.keys() {
        app.store.unschedule(&due::poll_id(tenant, &row.id, entity)).await.map_err(|error| simple(&error))?;
    }
    Ok(json!({ "connectionId": row.id, "state": row.state }))
}

/// Arguments: `connectionId`, `now?` (poll at once). What was parked meanwhile is released when it falls due.
pub(crate) async fn resume(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let id = arguments.connection("connectionId")?;
    complete(app, tenant, &id).await?;
    let row = change(app, tenant, &id, |row| Ok(become_state(row, ConnectionState::Active))).await?;
    let mut jobs = vec![Job::Release(ReleaseJob { tenant: tenant.to_string(), conn: row.id.to_string(), ..ReleaseJob::default() }).outgoing(0)];
    for (entity, minutes) in &row.polls {
        let message = pipeline::poll_job(tenant, &row.id, entity);
        app.store.schedule(&due::poll_id(tenant, &row.id, entity), *minutes, &message.body()).await.map_err(|error| simple(&error))?;
        if arguments.flag("now")? {
            jobs.push(Outgoing { queue: Name::JobsPoll, group: row.id.to_string(), dedup: None, delay_ms: 0, message });
        }
    }
    app.queues.send_all(&jobs).await.map_err(|error| simple(&error))?;
    Ok(json!({ "connectionId": row.id, "state": row.state, "started": jobs.len() - 1 }))
}

/// Whether the row is another afterwards.
fn become_state(row: &mut Connection<Sealed>, state: ConnectionState) -> bool {
    let changes = row.state != state || row.reason.is_some();
    row.state = state;
    row.reason = None;
    changes
}

/// Whether a connection has all its connector asks for. Without it each request would fail, and break it anew.
async fn complete(app: &App, tenant: &TenantId, id: &ConnectionId) -> Result<(), Simple> {
    let row: Option<Connection<Sealed>> = app.store.of(tenant).load(id.as_str()).await.map_err(|error| simple(&error))?;
    let row = row.ok_or_else(|| Simple::reject("connection_unknown", format!("connection {id} does not exist")))?;
    let asks = asks(app, tenant, &row.connector).await?;
    let missing = asks.missing(|name| row.sealed.contains_key(name));
    if missing.is_empty() {
        return Ok(());
    }
    Err(Simple::reject("config_missing", format!("connection {id} lacks {}", missing.join(", "))))
}
