//! Secrets come in by one door, are sealed at once, and never come out of it again.
//!
//! Whoever seals cannot open. So that a webhook secret that is put again is known for the one that is there, sixteen bits
//! of its hash are kept beside it: too few to find it by, and a newer secret that has them by chance is taken all the same.

use canonical::{ConnectionId, TenantId};
use engine::Secret;
use fault::Simple;
use pipeline::App;
use sha2::{Digest, Sha256};
use store::{Connection, Hook};
use vault::{Purpose, Sealed};

use crate::{connectors::asks, tools::change};

/// Which secret is put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretKind {
    /// The webhook secret. The one before it stays live until another is put.
    Webhook,
    /// A value of the connection's configuration.
    Config(String),
}

/// Seals a secret of a connection and stores it.
///
/// # Errors
/// When there is no such connection, its connector asks for no such value, or a part of ours does not answer.
pub async fn put_secret(app: &App, tenant: &TenantId, connection: &ConnectionId, kind: &SecretKind, secret: &Secret) -> Result<(), Simple> {
    let of = app.store.of(tenant);
    let row: Option<Connection<Sealed>> = of.load(connection.as_str()).await.map_err(|error| Simple::from_fault(&error))?;
    let row = row.ok_or_else(|| Simple::reject("connection_unknown", format!("connection {connection} does not exist")))?;
    let asks = asks(app, tenant, &row.connector).await?;
    match kind {
        SecretKind::Webhook => {
            asks.value("webhook_secret")?;
            let sealed = app.vault.seal(tenant, Purpose::Webhook, connection, "webhook_secret", secret).await.map_err(|error| Simple::from_fault(&error))?;
            let door = row.door.as_ref().unwrap_or(connection);
            let begins = || Hook::new(tenant.clone(), row.door.as_ref().map(|_| connection.clone()));
            let own = app.store.change_hook(door, begins, |hook| hook.renew(sealed.clone(), mark(tenant, connection, secret)));
            if !own.await.map_err(|error| Simple::from_fault(&error))? {
                return Err(Simple::reject("argument_invalid", format!("/connectionId: the webhook door of {connection} is taken; create the connection under another id")));
            }
        }
        SecretKind::Config(name) => {
            asks.value(name)?;
            let sealed = app.vault.seal(tenant, Purpose::Credentials, connection, name, secret).await.map_err(|error| Simple::from_fault(&error))?;
            change(app, tenant, connection, |row| {
                row.sealed.insert(name.clone(), sealed.clone());
                Ok(true)
            }).await?;
        }
    }
    app.known.forget();
    Ok(())
}

/// The mark of a webhook secret at its place.
fn mark(tenant: &TenantId, connection: &ConnectionId, secret: &Secret) -> u16 {
    let hash = Sha256::digest(format!("pullpush.mark.1\n{tenant}\n{connection}\n{}", secret.expose()));
    u16::from_be_bytes([hash[0], hash[1]])
}
