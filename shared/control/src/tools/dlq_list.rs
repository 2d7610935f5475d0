//! Lists dead letters, one by one or by cause.

use std::collections::BTreeMap;

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use store::DeadEntry;

use super::{dlq_get::id, simple};
use crate::Arguments;

/// The most that is looked at.
pub(crate) const MOST: u64 = 1000;

/// Arguments: `flowId` (`-`: what belongs to no flow, as jobs that died), `limit?`.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let entries = open(app, tenant, arguments.text("flowId")?, arguments.number("limit", 100, 1..=MOST)?).await?;
    Ok(json!({ "entries": entries.iter().map(shown).collect::<Vec<_>>() }))
}

/// Arguments: `flowId`.
pub(crate) async fn clusters(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let mut clusters: BTreeMap<String, Vec<DeadEntry>> = BTreeMap::new();
    for entry in open(app, tenant, arguments.text("flowId")?, MOST).await? {
        clusters.entry(entry.fingerprint.clone()).or_default().push(entry);
    }
    let shown = |(fingerprint, entries): (String, Vec<DeadEntry>)| {
        let sample = &entries[0];
        let remedy = fault::documented(&sample.code).map(|code| code.remedy);
        json!({ "fingerprint": fingerprint, "count": entries.len(), "code": sample.code, "message": sample.message, "remedy": remedy, "firstSeen": sample.died_ms, "sampleKey": sample.key })
    };
    Ok(json!({ "clusters": clusters.into_iter().map(shown).collect::<Vec<_>>() }))
}

/// The open dead letters of a flow.
pub(crate) async fn open(app: &App, tenant: &TenantId, flow: &str, limit: u64) -> Result<Vec<DeadEntry>, Simple> {
    let limit = usize::try_from(limit).unwrap_or(100);
    app.store.of(tenant).dead(flow, limit, app.clock.now_ms() / 1000).await.map_err(|error| simple(&error))
}

/// A dead letter as it is shown.
pub(crate) fn shown(entry: &DeadEntry) -> Value {
    let attempts: Value = serde_json::from_str(&entry.attempts).unwrap_or_default();
    json!({
        "id": id(&entry.key()), "flowId": entry.flow, "eventId": entry.event, "key": entry.key, "code": entry.code, "message": entry.message,
        "fingerprint": entry.fingerprint, "acceptedAt": (entry.accepted_ms > 0).then_some(entry.accepted_ms), "diedAt": entry.died_ms, "attempts": attempts,
    })
}
