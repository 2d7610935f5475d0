//! Shows connections. Of secrets, only the names.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use store::Connection;
use vault::Sealed;

use super::simple;
use crate::Arguments;

/// Arguments: `connectionId`.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let id = arguments.connection("connectionId")?;
    let row: Option<Connection<Sealed>> = app.store.of(tenant).load(id.as_str()).await.map_err(|error| simple(&error))?;
    row.map(|row| shown(&row)).ok_or_else(|| Simple::reject("connection_unknown", format!("connection {id} does not exist")))
}

/// No arguments.
pub(crate) async fn list(app: &App, tenant: &TenantId, _: &Arguments<'_>) -> Result<Value, Simple> {
    let rows: Vec<Connection<Sealed>> = app.store.of(tenant).list().await.map_err(|error| simple(&error))?;
    Ok(json!({ "connections": rows.iter().map(shown).collect::<Vec<_>>() }))
}

fn shown(row: &Connection<Sealed>) -> Value {
    json!({ "connectionId": row.id, "connector": row.connector, "state": row.state, "reason": row.reason, "secrets": row.sealed.keys().collect::<Vec<_>>(), "polls": row.polls })
}
