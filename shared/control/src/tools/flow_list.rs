//! Lists flows, in the words they are created with.

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
    Ok(json!({ "flows": flows.iter().map(shown).collect::<Vec<_>>() }))
}

fn shown(flow: &Flow) -> Value {
    json!({
        "id": flow.id, "source": flow.source, "destination": flow.destination, "type": flow.canonical_type, "order": order(flow), "mode": flow.mode,
        "retry": flow.retry, "skipDead": flow.skip_dead, "atLeastOnce": flow.at_least_once, "reconcileMinutes": flow.reconcile_minutes, "mapping": flow.mapping,
    })
}

/// The word of its order rule.
pub(crate) fn order(flow: &Flow) -> &'static str {
    if flow.strict { "strict" } else { "latest" }
}
