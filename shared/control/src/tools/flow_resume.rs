//! Releases the line of a halted strict key.

use canonical::Key;
use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use crate::Arguments;

/// Arguments: `flowId`, `key`.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let flow = app.flow(tenant, &arguments.flow("flowId")?).await?;
    let key = Key::new(arguments.text("key")?).ok_or_else(|| Simple::reject("argument_invalid", "/key: a key is required"))?;
    let released = pipeline::resume_line(app, tenant, &flow.id, &key).await?;
    Ok(json!({ "flowId": flow.id, "released": released }))
}
