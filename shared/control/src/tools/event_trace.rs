//! Every step of an event, and the history of a key.

use canonical::EventId;
use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use store::Trace;

use super::simple;
use crate::Arguments;

/// Arguments: `eventId`.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let event = EventId::parse(arguments.text("eventId")?).map_err(|error| Simple::reject("argument_invalid", format!("/eventId: {error}")))?;
    let traces = app.store.of(tenant).trace(&event).await.map_err(|error| simple(&error))?;
    Ok(json!({ "eventId": event, "occurrences": traces.iter().map(shown).collect::<Vec<_>>() }))
}

/// Arguments: `type` (canonical), `key`, `limit?`.
pub(crate) async fn history(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let (kind, key) = (arguments.text("type")?, arguments.text("key")?);
    let limit = usize::try_from(arguments.number("limit", 50, 1..=1000)?).unwrap_or(50);
    let rows = app.store.of(tenant).history(kind, key, limit).await.map_err(|error| simple(&error))?;
    let shown = |row: &store::IndexRow| json!({ "eventId": row.event, "flowId": row.flow, "occurrence": row.occurrence, "acceptedAt": row.accepted_ms, "version": row.version, "outcome": row.outcome });
    Ok(json!({ "type": kind, "key": key, "events": rows.iter().map(shown).collect::<Vec<_>>() }))
}

fn shown(trace: &Trace) -> Value {
    json!({
        "flowId": trace.flow, "occurrence": trace.occurrence, "type": trace.canonical_type, "key": trace.key, "version": trace.version,
        "acceptedAt": trace.accepted_ms, "outcome": trace.outcome, "code": trace.code, "steps": trace.steps,
    })
}
