//! The door of a connection's webhooks: the one thing of it that is named among all tenants.
//!
//! Called when a connection is created. Ids given by callers are a tenant's own; where another tenant has a door of the
//! same name already, the connection gets one nobody can guess. `webhook.get` tells the address either way.

use canonical::{ConnectionId, TenantId};
use fault::Simple;
use pipeline::App;
use store::Hook;
use vault::Sealed;

/// Claims a door for a connection, without secrets yet: nothing comes through it before one is put. The answer is its
/// name, where it is not the connection's.
pub(crate) async fn claim(app: &App, tenant: &TenantId, connection: &ConnectionId) -> Result<Option<ConnectionId>, Simple> {
    let there: Option<Hook<Sealed>> = app.store.hook(connection).await.map_err(|error| Simple::from_fault(&error))?;
    let mine = match there {
        // Left by a creation that was cut off; or it has secrets, which stay.
        Some(hook) => hook.tenant == *tenant,
        None => save(app, connection, &Hook { tenant: tenant.clone(), connection: None, secrets: Vec::new() }).await?,
    };
    if mine {
        return Ok(None);
    }
    // Invariant: a prefix and 32 hex characters are an id.
    let door = ConnectionId::parse(&app.chance.id("hok_")).expect("a minted id is an id");
    let own = save(app, &door, &Hook { tenant: tenant.clone(), connection: Some(connection.clone()), secrets: Vec::new() }).await?;
    if own { Ok(Some(door)) } else { Err(Simple::retry("unavailable", "no door was free; try again")) }
}

async fn save(app: &App, door: &ConnectionId, hook: &Hook<Sealed>) -> Result<bool, Simple> {
    app.store.save_hook(door, hook).await.map_err(|error| Simple::from_fault(&error))
}
