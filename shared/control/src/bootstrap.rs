//! The first tenant of a new deployment: its key, and the connection its events come from.

use std::collections::BTreeMap;

use canonical::{ConnectionId, TenantId};
use fault::Simple;
use pipeline::App;
use sha2::{Digest, Sha256};
use store::{ApiKey, Connection, ConnectionState};
use vault::Sealed;

/// What was made. The key is shown once; only its hash is kept.
pub struct Bootstrap {
    /// The tenant.
    pub tenant: TenantId,
    /// Its key.
    pub key: String,
}

/// Makes a tenant, its source connection `api_…` and a key with every scope.
///
/// # Errors
/// When a table does not answer.
pub async fn bootstrap(app: &App) -> Result<Bootstrap, Simple> {
    let id = |prefix: &str| app.chance.id(prefix);
    // Invariant: a prefix and 32 hex characters are an id.
    let tenant = TenantId::parse(&id("ten_")).expect("a minted id is an id");
    let connection = ConnectionId::parse(&id("api_")).expect("a minted id is an id");
    let row: Connection<Sealed> = Connection { id: connection.clone(), connector: "api".into(), state: ConnectionState::Active, reason: None, door: None, sealed: BTreeMap::new(), polls: BTreeMap::new() };
    app.store.of(&tenant).save(&row).await.map_err(|error| Simple::from_fault(&error))?;
    let key = format!("pp_{}{}", id(""), id(""));
    let scopes = ["ingest", "read", "operate", "author", "admin"].map(str::to_owned).to_vec();
    let hash = hex::encode(Sha256::digest(key.as_bytes()));
    app.store.save_api_key(&hash, &ApiKey { tenant: tenant.clone(), scopes, connection }).await.map_err(|error| Simple::from_fault(&error))?;
    app.known.forget();
    Ok(Bootstrap { tenant, key })
}
