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
    // One of ours was left by a creation that was cut off; or it has secrets, which stay.
    if own(app, connection, || Hook::new(tenant.clone(), None)).await? {
        return Ok(None);
    }
    // Invariant: a prefix and 32 hex characters are an id.
    let door = ConnectionId::parse(&app.chance.id("hok_")).expect("a minted id is an id");
    let own = own(app, &door, || Hook::new(tenant.clone(), Some(connection.clone()))).await?;
    if own { Ok(Some(door)) } else { Err(Simple::retry("unavailable", "no door was free; try again")) }
}

async fn own(app: &App, door: &ConnectionId, begins: impl Fn() -> Hook<Sealed>) -> Result<bool, Simple> {
    app.store.change_hook(door, begins, |_| ()).await.map_err(|error| Simple::from_fault(&error))
}
