//! The tools, one file each.

pub(crate) mod connection_create;
pub(crate) mod connection_get;
pub(crate) mod connection_state;
pub(crate) mod connection_test;
pub(crate) mod definition_activate;
pub(crate) mod definition_create;
pub(crate) mod definition_validate;
pub(crate) mod dlq_discard;
pub(crate) mod dlq_get;
pub(crate) mod dlq_list;
pub(crate) mod dlq_retry;
pub(crate) mod event_stats;
pub(crate) mod event_trace;
pub(crate) mod flow_create;
pub(crate) mod flow_list;
pub(crate) mod flow_reconcile;
pub(crate) mod flow_resume;
pub(crate) mod flow_schedule;
pub(crate) mod flow_state;
pub(crate) mod webhook_get;

use canonical::{ConnectionId, FlowId, TenantId};
use fault::{Fault, Simple};
use pipeline::App;
use store::{Connection, Flow};
use vault::Sealed;

/// A fault as it leaves a tool.
pub(crate) fn simple(error: &dyn Fault) -> Simple {
    Simple::from_fault(error)
}

/// Changes a connection as it is now, so that nobody else's change is lost; the answer is what it became.
pub(crate) async fn change(app: &App, tenant: &TenantId, id: &ConnectionId, change: impl FnMut(&mut Connection<Sealed>) -> Result<bool, Simple>) -> Result<Connection<Sealed>, Simple> {
    let changed = Box::pin(app.store.of(tenant).change(id.as_str(), change)).await.map_err(|error| simple(&error))?;
    app.known.forget();
    changed.ok_or_else(|| Simple::reject("connection_unknown", format!("connection {id} does not exist")))?
}

/// Changes a flow as it is now; the answer is what it became.
pub(crate) async fn change_flow(app: &App, tenant: &TenantId, id: &FlowId, mut change: impl FnMut(&mut Flow)) -> Result<Flow, Simple> {
    let change = |flow: &mut Flow| {
        let before = flow.clone();
        change(flow);
        Ok::<_, Simple>(*flow != before)
    };
    let changed = Box::pin(app.store.of(tenant).change(id.as_str(), change)).await.map_err(|error| simple(&error))?;
    app.known.forget();
    changed.ok_or_else(|| Simple::reject("flow_unknown", format!("flow {id} does not exist")))?
}
