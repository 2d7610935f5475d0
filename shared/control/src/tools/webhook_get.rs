//! The address a merchant stores.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use crate::Arguments;

/// Arguments: `connectionId`.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let id = arguments.connection("connectionId")?;
    let known = app.connection(tenant, &id).await?;
    if known.connector.source.as_ref().and_then(|source| source.webhook()).is_none() {
        return Err(Simple::reject("webhook_not_supported", "the connector declares no webhook"));
    }
    let door = known.row.door.as_ref().unwrap_or(&id);
    Ok(json!({ "connectionId": id, "url": format!("{}/webhooks/{door}", app.public_base_url) }))
}
