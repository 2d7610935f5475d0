//! Starts a reconcile of a flow.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use queue::{Job, Message, Name, Outgoing, ReconcileJob};

use super::simple;
use crate::Arguments;

/// Arguments: `flowId`. The answer names the run.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let flow = app.flow(tenant, &arguments.flow("flowId")?).await?;
    let run = app.chance.id("run_");
    let message = Message::Job(Job::Reconcile(ReconcileJob { tenant: tenant.to_string(), flow: flow.id.to_string(), run: run.clone() }));
    let outgoing = Outgoing { queue: Name::JobsReconcile, group: flow.id.to_string(), dedup: None, delay_ms: 0, message };
    app.queues.send_all(&[outgoing]).await.map_err(|error| simple(&error))?;
    Ok(json!({ "flowId": flow.id, "runId": run }))
}
