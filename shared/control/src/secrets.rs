//! Secrets come in by one door, are sealed at once, and never come out of it again.

use canonical::{ConnectionId, TenantId};
use engine::Secret;
use fault::Simple;
use pipeline::App;
use store::{Connection, Hook};
use vault::{Purpose, Sealed};

use crate::{connectors::asks, tools::change};

/// Which secret is put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretKind {
    /// The webhook secret. The one before it stays live until the next is put.
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
            let before: Option<Hook<Sealed>> = app.store.hook(door).await.map_err(|error| Simple::from_fault(&error))?;
            let mut secrets = vec![sealed];
            secrets.extend(before.into_iter().filter(|hook| hook.tenant == *tenant).flat_map(|hook| hook.secrets).take(1));
            let own = app.store.save_hook(door, &Hook { tenant: tenant.clone(), connection: row.door.as_ref().map(|_| connection.clone()), secrets }).await.map_err(|error| Simple::from_fault(&error))?;
            if !own {
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
