//! Drops dead letters that nobody will replay: one, or those of one cause, as many as one call can finish.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use super::{dlq_get::key, dlq_retry::of_cause, simple};
use crate::Arguments;

/// The most one call drops.
const AT_ONCE: usize = 200;
const REASON_BYTES: usize = 1024;

/// Arguments: `id`, or `flowId` and `fingerprint`; `reason`, which stays in the trace.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let reason = arguments.text("reason")?;
    if reason.len() > REASON_BYTES {
        return Err(Simple::reject("argument_invalid", format!("/reason: {REASON_BYTES} bytes at most are taken")));
    }
    let entries = if arguments.maybe_text("id")?.is_some() {
        let entry = app.store.of(tenant).dead_letter(&key(arguments)?).await.map_err(|error| simple(&error))?;
        vec![entry.ok_or_else(|| Simple::reject("not_found", "there is no such dead letter"))?]
    } else {
        of_cause(app, tenant, arguments).await?
    };
    let now = &entries[..entries.len().min(AT_ONCE)];
    for entry in now {
        pipeline::discard(app, tenant, entry, reason).await?;
    }
    Ok(json!({ "discarded": now.len(), "left": entries.len() - now.len() }))
}
