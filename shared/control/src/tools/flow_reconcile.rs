//! Starts a reconcile of a flow.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use queue::{Job, ReconcileJob};
use store::FlowMode;

use super::simple;
use crate::Arguments;

/// Arguments: `flowId`. The answer names the run.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let flow = app.flow(tenant, &arguments.flow("flowId")?).await?;
    if flow.mode != FlowMode::Live {
        return Err(Simple::reject("argument_invalid", "/flowId: only a live flow is reconciled"));
    }
    let run = app.chance.id("run_");
    let job = Job::Reconcile(ReconcileJob { tenant: tenant.to_string(), flow: flow.id.to_string(), run: run.clone(), at: app.clock.now_ms(), tries: 0 });
    app.queues.send_all(&[job.outgoing(0)]).await.map_err(|error| simple(&error))?;
    Ok(json!({ "flowId": flow.id, "runId": run }))
}
