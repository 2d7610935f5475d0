//! Pauses a flow, and lets it deliver again: live, or in shadow.
//!
//! A paused flow takes everything in and parks it. What it parked goes on its way soon after, not when it falls due.

use canonical::{Millis, TenantId};
use fault::Simple;
use pipeline::App;
use queue::{Message, open};
use serde_json::{Value, json};
use store::{Flow, FlowMode};

use super::{change_flow, simple};
use crate::Arguments;

/// What rests is parked for this long at a time.
const REST_MS: Millis = 15 * 60_000 + 1;
/// Until then every function has seen the change.
const SEEN_MS: Millis = 31_000;
/// How many go at once; the others go when they fall due.
const MOST: usize = 500;

/// Arguments: `flowId`.
pub(crate) async fn pause(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let flow = change_flow(app, tenant, &arguments.flow("flowId")?, |flow| flow.mode = FlowMode::Paused).await?;
    Ok(shown(&flow, 0))
}

/// Arguments: `flowId`, `mode?` (live, shadow).
pub(crate) async fn activate(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let mode = match arguments.maybe_text("mode")? {
        None | Some("live") => FlowMode::Live,
        Some("shadow") => FlowMode::Shadow,
        Some(_) => return Err(Simple::reject("argument_invalid", "/mode: one of live, shadow is expected")),
    };
    let flow = change_flow(app, tenant, &arguments.flow("flowId")?, |flow| flow.mode = mode).await?;
    let released = unpark(app, tenant, &flow).await?;
    Ok(shown(&flow, released))
}

fn shown(flow: &Flow, released: usize) -> Value {
    json!({ "flowId": flow.id, "mode": flow.mode, "released": released })
}

/// Sends what is parked for a flow and rests no longer than a pause does. Each is durable on its queue before its row
/// goes; a second time is another copy of one message.
async fn unpark(app: &App, tenant: &TenantId, flow: &Flow) -> Result<usize, Simple> {
    let (of, connection) = (app.store.of(tenant), &flow.destination);
    let mut released = 0;
    for row in of.parked(connection, app.clock.now_ms() + REST_MS, MOST).await.map_err(|error| simple(&error))? {
        let Ok(Message::Delivery(delivery)) = open(&row.body) else { continue };
        if delivery.flow == flow.id {
            app.queues.send_all(&[pipeline::to_delivery_queue(*delivery, false, SEEN_MS)]).await.map_err(|error| simple(&error))?;
            of.unpark(connection, &row.place).await.map_err(|error| simple(&error))?;
            released += 1;
        }
    }
    Ok(released)
}
