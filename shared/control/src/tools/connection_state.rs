//! Pauses and resumes a connection, and its polls with it.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use queue::{Job, Name, Outgoing, ReleaseJob};
use store::{Connection, ConnectionState, due};
use vault::Sealed;

use super::simple;
use crate::Arguments;

/// Arguments: `connectionId`.
pub(crate) async fn pause(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let row = change(app, tenant, arguments, ConnectionState::Paused).await?;
    for entity in row.polls.keys() {
        app.store.unschedule(&due::poll_id(tenant, &row.id, entity)).await.map_err(|error| simple(&error))?;
    }
    Ok(json!({ "connectionId": row.id, "state": row.state }))
}

/// Arguments: `connectionId`, `now?` (poll at once). What was parked meanwhile is released when it falls due.
pub(crate) async fn resume(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let row = change(app, tenant, arguments, ConnectionState::Active).await?;
    let mut jobs = vec![Job::Release(ReleaseJob { tenant: tenant.to_string(), conn: row.id.to_string(), tries: 0 }).outgoing(0)];
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

async fn change(app: &App, tenant: &TenantId, arguments: &Arguments<'_>, state: ConnectionState) -> Result<Connection<Sealed>, Simple> {
    let id = arguments.connection("connectionId")?;
    let row: Option<Connection<Sealed>> = app.store.of(tenant).load(id.as_str()).await.map_err(|error| simple(&error))?;
    let mut row = row.ok_or_else(|| Simple::reject("connection_unknown", format!("connection {id} does not exist")))?;
    row.state = state;
    row.reason = None;
    app.store.of(tenant).save(&row).await.map_err(|error| simple(&error))?;
    app.known.forget();
    Ok(row)
}
