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
/// How many are read at once.
const PAGE: usize = 100;
/// A page that ends later is the last: the others go when this is asked again, or when they fall due.
const ENOUGH_MS: Millis = 15_000;

/// Arguments: `flowId`.
pub(crate) async fn pause(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let flow = change_flow(app, tenant, &arguments.flow("flowId")?, |flow| flow.mode = FlowMode::Paused).await?;
    Ok(shown(&flow, 0, false))
}

/// Arguments: `flowId`, `mode?` (live, shadow). The answer says `more` when some of it still rests: asked again, it goes on.
pub(crate) async fn activate(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let mode = match arguments.maybe_text("mode")? {
        None | Some("live") => FlowMode::Live,
        Some("shadow") => FlowMode::Shadow,
        Some(_) => return Err(Simple::reject("argument_invalid", "/mode: one of live, shadow is expected")),
    };
    let flow = change_flow(app, tenant, &arguments.flow("flowId")?, |flow| flow.mode = mode).await?;
    let (released, more) = unpark(app, tenant, &flow).await?;
    Ok(shown(&flow, released, more))
}

fn shown(flow: &Flow, released: usize, more: bool) -> Value {
    json!({ "flowId": flow.id, "mode": flow.mode, "released": released, "more": more })
}

/// Sends what is parked for a flow and rests no longer than a pause does, page by page; the answer tells how much, and
/// whether time ran out before all of it. Each is durable on its queue before its row goes; a second time is another copy
/// of one message.
async fn unpark(app: &App, tenant: &TenantId, flow: &Flow) -> Result<(usize, bool), Simple> {
    let (of, connection, began) = (app.store.of(tenant), &flow.destination, app.clock.now_ms());
    let (seen, mut released, mut place) = (began + SEEN_MS, 0, String::new());
    loop {
        let rows = of.parked_behind(connection, &place, began + REST_MS, PAGE).await.map_err(|error| simple(&error))?;
        let Some(last) = rows.last() else { return Ok((released, false)) };
        place.clone_from(&last.place);
        let (mut places, mut outgoing) = (Vec::new(), Vec::new());
        for row in &rows {
            let Ok(Message::Delivery(delivery)) = open(&row.body) else { continue };
            if delivery.flow != flow.id {
                continue;
            }
            released += 1;
            if !flow.strict {
                outgoing.push(pipeline::to_delivery_queue(*delivery, false, SEEN_MS));
            } else if row.due_ms > seen {
                // The timer of a line: a queue that keeps order delays nothing, so it stays one, for sooner.
                pipeline::hasten_line(app, *delivery, flow, seen).await?;
            } else {
                continue;
            }
            places.push(row.place.as_str());
        }
        app.queues.send_all(&outgoing).await.map_err(|error| simple(&error))?;
        for place in places {
            of.unpark(connection, place).await.map_err(|error| simple(&error))?;
        }
        if app.clock.now_ms() - began > ENOUGH_MS {
            return Ok((released, true));
        }
    }
}
