//! Sets how often the source of a flow is polled and how often both its ends are compared.
//!
//! Schedules are rows: the sweep of every minute starts what falls due.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use store::{ConnectionState, Flow, due};

use super::{change, change_flow, simple};
use crate::Arguments;

/// Arguments: `flowId`, `reconcileMinutes?`, `pollMinutes?` (of the entities the flow takes); 0: never by itself.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let mut flow = app.flow(tenant, &arguments.flow("flowId")?).await?;
    let (reconcile, poll) = (minutes(arguments, "reconcileMinutes")?, minutes(arguments, "pollMinutes")?);
    if reconcile.is_none() && poll.is_none() {
        return Err(Simple::reject("argument_invalid", "/reconcileMinutes: an interval is required, of reconciles or of polls"));
    }
    let mut polled = Vec::new();
    if let Some(minutes) = poll {
        polled = polls(app, tenant, &flow, minutes).await?;
    }
    if let Some(minutes) = reconcile {
        flow = change_flow(app, tenant, &flow.id, |flow| flow.reconcile_minutes = minutes).await?;
        reconciles(app, tenant, &flow).await?;
    }
    app.known.forget();
    Ok(json!({ "flowId": flow.id, "reconcileMinutes": flow.reconcile_minutes, "polled": polled }))
}

/// An interval, if it is given.
pub(crate) fn minutes(arguments: &Arguments<'_>, name: &str) -> Result<Option<u32>, Simple> {
    if arguments.0.get(name).is_none_or(Value::is_null) {
        return Ok(None);
    }
    let minutes = u32::try_from(arguments.number(name, 0, 0..=1440)?).unwrap_or(1440);
    every(name, minutes).map(|()| Some(minutes))
}

/// Whether there is an interval of so many minutes.
pub(crate) fn every(name: &str, minutes: u32) -> Result<(), Simple> {
    if minutes == 0 || due::EVERY.contains(&minutes) {
        return Ok(());
    }
    let every = due::EVERY.map(|every| every.to_string()).join(", ");
    Err(Simple::reject("argument_invalid", format!("/{name}: one of 0, {every} is expected")))
}

/// Schedules the reconciles of a flow, or ends them. After the flow is saved: what is cut off in between is mended by
/// saying it again.
pub(crate) async fn reconciles(app: &App, tenant: &TenantId, flow: &Flow) -> Result<(), Simple> {
    let body = pipeline::reconcile_job(tenant, &flow.id).outgoing(0).message.body();
    app.store.schedule(&due::reconcile_id(tenant, &flow.id), flow.reconcile_minutes, &body).await.map_err(|error| simple(&error))
}

/// Sets the interval of every entity of the source that becomes the flow's type; a connection that rests is scheduled
/// when it is resumed.
async fn polls(app: &App, tenant: &TenantId, flow: &Flow, minutes: u32) -> Result<Vec<String>, Simple> {
    let known = app.connection(tenant, &flow.source).await?;
    let source = known.connector.source.as_ref().ok_or_else(|| Simple::reject("connector_lacks", "/flowId: the source cannot be polled"))?;
    let entities: Vec<_> = source.entities().into_iter().filter(|entity| source.canonical_type(entity) == Some(flow.canonical_type.as_str())).collect();
    if entities.is_empty() {
        return Err(Simple::reject("connector_lacks", format!("/pollMinutes: no entity of connection {} that becomes {} can be polled", flow.source, flow.canonical_type)));
    }
    let row = change(app, tenant, &flow.source, |row| {
        for entity in &entities {
            if minutes == 0 { row.polls.remove(entity) } else { row.polls.insert(entity.clone(), minutes) };
        }
        Ok(true)
    }).await?;
    let runs = if row.state == ConnectionState::Active { minutes } else { 0 };
    for entity in &entities {
        let body = pipeline::poll_job(tenant, &row.id, entity).body();
        app.store.schedule(&due::poll_id(tenant, &row.id, entity), runs, &body).await.map_err(|error| simple(&error))?;
    }
    Ok(entities)
}
