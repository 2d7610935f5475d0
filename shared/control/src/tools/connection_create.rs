//! Creates a connection: paused, without secrets.

use std::collections::BTreeMap;

use canonical::ConnectionId;
use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use store::{Connection, ConnectionState};
use vault::Sealed;

use super::{flow_schedule::every, simple};
use crate::{Arguments, connectors::asks, door::claim};

/// Arguments: `connector`, `id?`, `polls?` (entity to minutes).
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let connector = arguments.text("connector")?.to_owned();
    // Invariant: a prefix and 32 hex characters are an id.
    let id = if arguments.maybe_text("id")?.is_some() { arguments.connection("id")? } else { ConnectionId::parse(&app.chance.id("con_")).expect("a minted id is an id") };
    let taken = || Simple::reject("argument_invalid", format!("/id: {id} is taken"));
    let there: Option<Connection<Sealed>> = app.store.of(tenant).load(id.as_str()).await.map_err(|error| simple(&error))?;
    if there.is_some() {
        return Err(taken());
    }
    let asks = asks(app, tenant, &connector).await?;
    let polls: BTreeMap<String, u32> = match arguments.0.get("polls") {
        None | Some(Value::Null) => BTreeMap::new(),
        Some(value) => serde_json::from_value(value.clone()).map_err(|_| Simple::reject("argument_invalid", "/polls: an object of entity names to minutes is expected"))?,
    };
    for (entity, minutes) in &polls {
        asks.polled(entity)?;
        every(&format!("polls/{entity}"), *minutes)?;
    }
    let door = claim(app, tenant, &id).await?;
    let row: Connection<Sealed> = Connection { id: id.clone(), connector, state: ConnectionState::Paused, reason: None, door, sealed: BTreeMap::new(), polls };
    if !app.store.of(tenant).create(&row).await.map_err(|error| simple(&error))? {
        return Err(taken());
    }
    app.known.forget();
    Ok(json!({ "connectionId": id, "state": row.state }))
}
