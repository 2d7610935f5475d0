//! Creates a flow, live at once unless another mode is asked for. A flow that exists stays as it is.

use canonical::{FlowId, Kind, Order};
use canonical::TenantId;
use fault::{Severity, Simple};
use mapping::{Draft, Ends};
use pipeline::App;
use serde_json::{Value, json};

use store::{Flow, FlowMode};

use super::{flow_list::order, flow_schedule::{minutes, reconciles}, simple};
use crate::Arguments;

/// Arguments: `source`, `destination`, `type`, `id?`, `order?` (latest, strict), `mode?` (live, shadow, paused), `retry?`,
/// `skipDead?`, `atLeastOnce?`, `reconcileMinutes?`, `mapping?` (the document, or its text).
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let (source, destination) = (arguments.connection("source")?, arguments.connection("destination")?);
    let name = arguments.text("type")?;
    let kind = Kind::of(name).ok_or_else(|| Simple::reject("argument_invalid", format!("/type: {name} is no canonical type")))?;
    let word = |name: &str, allowed: &[&'static str]| match arguments.maybe_text(name)? {
        None => Ok(allowed[0]),
        Some(text) => allowed.iter().find(|word| **word == text).copied().ok_or_else(|| Simple::reject("argument_invalid", format!("/{name}: one of {} is expected", allowed.join(", ")))),
    };
    let strict = match arguments.maybe_text("order")? {
        None => kind.order == Order::Strict,
        Some(_) => word("order", &["latest", "strict"])? == "strict",
    };
    let mode = match word("mode", &["live", "shadow", "paused"])? {
        "shadow" => FlowMode::Shadow,
        "paused" => FlowMode::Paused,
        _ => FlowMode::Live,
    };
    let reconcile_minutes = minutes(arguments, "reconcileMinutes")?.unwrap_or(0);
    let from = app.connection(tenant, &source).await?;
    let to = app.connection(tenant, &destination).await?;
    if from.connector.source.is_none() {
        return Err(Simple::reject("connector_lacks", "/source: the connector is no source"));
    }
    if to.connector.destination.as_ref().is_none_or(|to| !to.accepts().iter().any(|accepted| accepted == name)) {
        return Err(Simple::reject("connector_lacks", format!("/destination: the connector takes no {name}")));
    }
    let mapping = self::mapping(arguments, name)?;
    // Invariant: a prefix and 32 hex characters are an id.
    let id = if arguments.maybe_text("id")?.is_some() { arguments.flow("id")? } else { FlowId::parse(&app.chance.id("flw_")).expect("a minted id is an id") };
    let flow = Flow {
        id, source, destination, canonical_type: name.to_owned(), mode, strict, reconcile_minutes, retry: word("retry", &["standard", "fast"])?.to_owned(),
        skip_dead: arguments.flag("skipDead")?, at_least_once: arguments.flag("atLeastOnce")?, removals: false, mapping, epoch: 0,
    };
    if !app.store.of(tenant).create(&flow).await.map_err(|error| simple(&error))? {
        return Err(Simple::reject("argument_invalid", format!("/id: flow {} exists; flow.pause, flow.activate and flow.setSchedule change it", flow.id)));
    }
    reconciles(app, tenant, &flow).await?;
    app.known.forget();
    Ok(json!({ "flowId": flow.id, "mode": flow.mode, "order": order(&flow), "reconcileMinutes": flow.reconcile_minutes }))
}

/// The text of the mapping, if one is given and nothing is wrong with it.
fn mapping(arguments: &Arguments<'_>, canonical_type: &str) -> Result<Option<String>, Simple> {
    let text = match arguments.0.get("mapping") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.clone(),
        Some(document) => document.to_string(),
    };
    let refused = |pointer: &str, message: String| Simple::reject("argument_invalid", format!("/mapping{pointer}: {message}"));
    let report = Draft::parse(&text).map_err(|error| refused("", error.to_string()))?.check_between(&Ends::flow(canonical_type));
    let wrong = report.findings().iter().filter(|finding| finding.severity == Severity::Error).map(|finding| format!("/mapping{}: {} ({}; {})", finding.pointer, finding.message, finding.code, finding.hint));
    let wrong: Vec<_> = wrong.collect();
    if wrong.is_empty() { Ok(Some(text)) } else { Err(Simple::reject("argument_invalid", wrong.join("; "))) }
}
