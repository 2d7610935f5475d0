//! Lists flows.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use store::Flow;

use super::simple;
use crate::Arguments;

/// No arguments.
pub(crate) async fn run(app: &App, tenant: &TenantId, _: &Arguments<'_>) -> Result<Value, Simple> {
    let flows: Vec<Flow> = app.store.of(tenant).list().await.map_err(|error| simple(&error))?;
    Ok(json!({ "flows": flows }))
}
