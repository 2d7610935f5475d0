//! Reconcile: both ends scanned, compared by canonical key, and only differences sent, as ordinary events on `bulk`.
//!
//! Absent never becomes zero: a field the source does not speak of is not compared, and a key it does not have is only
//! counted. Nothing is removed unless the flow asks for it, and then by the connector's own rule.

use std::collections::BTreeMap;

use canonical::{EventId, FlowId, Key, Millis, Occurrence, Reading, SnapshotItem, TenantId, Version};
use document::{Value, hash_value};
use engine::{Call, Snapshot};
use fault::Simple;
use protocol::{Entry, Mark, flow_hash};
use queue::{Delivery, Job, Purpose, ReconcileJob};
use store::{Flow, FlowMode};

use crate::{App, known::simple, send::to_delivery_queue, transform::body};

/// One key whose two ends differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which thing.
    pub key: Key,
    /// What the source says.
    pub fields: Value,
    /// The source's own time of it.
    pub at: Option<Millis>,
    /// Whether the destination has the key at all.
    pub known_there: bool,
}

/// What differs: keys of the source whose fields the destination lacks or holds otherwise. Fields the source does not
/// state, and those only one end has by nature (times), are not compared.
#[must_use]
pub fn diff(source: &[(SnapshotItem, Option<Millis>)], destination: &[SnapshotItem]) -> Vec<Difference> {
    let there: BTreeMap<&Key, &SnapshotItem> = destination.iter().map(|item| (&item.key, item)).collect();
    let differs = |item: &SnapshotItem| match there.get(&item.key) {
        None => true,
        Some(other) => item.fields.entries().unwrap_or_default().iter().any(|(name, _)| match (item.reading(name), other.reading(name)) {
            (Reading::Known(ours), Reading::Known(theirs)) => name != "updatedAt" && name != "createdAt" && hash_value(ours) != hash_value(theirs),
            // A destination that does not speak of a field cannot be said to hold it wrongly.
            (Reading::Absent, _) | (_, Reading::Absent) => false,
        }),
    };
    let difference = |(item, at): &(SnapshotItem, Option<Millis>)| Difference { key: item.key.clone(), fields: item.fields.clone(), at: *at, known_there: there.contains_key(&item.key) };
    source.iter().filter(|(item, _)| differs(item)).map(difference).collect()
}

/// Compares both ends of a flow and sends the differences; the answer is how many. A job of a schedule only sends itself
/// on with a name: a second copy of what compares has the same one.
///
/// # Errors
/// When an end cannot be scanned to its end, or a part of ours does not answer: nothing is concluded from half a scan.
pub async fn reconcile(app: &App, job: &ReconcileJob) -> Result<usize, Simple> {
    let invalid = |_| Simple::reject("argument_invalid", "the job names no flow");
    let tenant = TenantId::parse(&job.tenant).map_err(invalid)?;
    let flow = app.flow(&tenant, &FlowId::parse(&job.flow).map_err(invalid)?).await?;
    if flow.mode != FlowMode::Live {
        tracing::info!(step = "reconcile", tenant = tenant.as_str(), flow = flow.id.as_str(), outcome = "not_live", "a flow that is not live writes nothing");
        return Ok(0);
    }
    if job.run.is_empty() {
        let named = Job::Reconcile(ReconcileJob { run: app.chance.id("run_"), ..job.clone() });
        return app.queues.send_all(&[named.outgoing(0)]).await.map(|()| 0).map_err(|error| simple(&error));
    }
    let began = app.now();
    let source = Box::pin(scan(app, &tenant, &flow, true)).await?;
    let destination: Vec<_> = Box::pin(scan(app, &tenant, &flow, false)).await?.into_iter().map(|(item, _)| item).collect();
    let differences = diff(&source, &destination);
    let deliveries: Vec<_> = differences.iter().enumerate().map(|(index, difference)| repair(&tenant, &flow, &job.run, index, difference, began)).collect();
    let outgoing: Vec<_> = deliveries.iter().map(|delivery| to_delivery_queue(delivery.clone(), true, 0)).collect();
    app.queues.send_all(&outgoing).await.map_err(|error| simple(&error))?;
    let received = |delivery: &Delivery| (delivery.acc, Entry::new(flow_hash(&tenant, &flow.id), delivery.occ.as_str(), Mark::Received));
    let entries: Vec<_> = deliveries.iter().map(received).collect();
    app.store.record("reconcile", &format!("{}#{}", flow.id, job.run), &[], &entries, app.expires_s()).await.map_err(|error| simple(&error))?;
    tracing::info!(step = "reconcile", tenant = tenant.as_str(), flow = flow.id.as_str(), source = source.len(), destination = destination.len(), differences = deliveries.len(), "compared");
    Ok(deliveries.len())
}

/// The job a schedule starts; it gets its name when it is started.
#[must_use]
pub fn reconcile_job(tenant: &TenantId, flow: &FlowId) -> Job {
    Job::Reconcile(ReconcileJob { tenant: tenant.to_string(), flow: flow.to_string(), run: String::new() })
}

async fn scan(app: &App, tenant: &TenantId, flow: &Flow, of_source: bool) -> Result<Vec<(SnapshotItem, Option<Millis>)>, Simple> {
    let connection = if of_source { &flow.source } else { &flow.destination };
    let known = app.connection(tenant, connection).await?;
    let lacks = || Simple::reject("connector_lacks", format!("connection {connection} cannot be scanned"));
    let snapshot = known.connector.snapshot.as_ref().ok_or_else(lacks)?;
    let config = app.vault.hydrate(tenant, connection, &known.row.sealed).await.map_err(|error| simple(&error))?;
    let call = Call { config: &config, exchange: app.exchange.as_ref(), now_ms: app.now() };
    whole(snapshot.as_ref(), call, &flow.canonical_type).await
}

/// Every page of a scan. A page that leads back to itself ends it with an error, not with half a truth.
async fn whole(snapshot: &dyn Snapshot, call: Call<'_>, canonical_type: &str) -> Result<Vec<(SnapshotItem, Option<Millis>)>, Simple> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..10_000 {
        let page = snapshot.snapshot(call, canonical_type, None, cursor.as_deref()).await?;
        items.extend(page.items);
        match page.next {
            None => return Ok(items),
            next if next == cursor => break,
            next => cursor = next,
        }
    }
    Err(Simple::reject("cursor_loop", "the scan does not come to an end"))
}

fn repair(tenant: &TenantId, flow: &Flow, run: &str, index: usize, difference: &Difference, began: Millis) -> Delivery {
    let empty = Value::Object(Vec::new());
    let hash = hash_value(&Value::Array(vec![difference.fields.clone(), empty.clone()]));
    let ev = EventId::derive(&flow.source, &[b"repair", run.as_bytes(), difference.key.as_str().as_bytes(), &hash]);
    // The record's own time as read in the scan, tied by the scan's start: not behind what was delivered of that state
    // before, and behind every live event accepted after.
    let ver = Version::of(flow.epoch, difference.at, None, began);
    Delivery {
        tenant: tenant.clone(),
        flow: flow.id.clone(),
        occ: Occurrence::of(run, u32::try_from(index).unwrap_or(u32::MAX), &ev, &flow.id),
        ev,
        ct: flow.canonical_type.clone(),
        cv: 1,
        key: difference.key.as_str().to_owned(),
        ver,
        bh: hex::encode(hash),
        why: Purpose::Repair,
        acc: began,
        hop: 0,
        met: 0,
        du: 0,
        tries: Vec::new(),
        strict: flow.strict,
        seq: String::new(),
        turn: false,
        p: body(&difference.fields, &empty),
    }
}

#[cfg(test)]
mod tests {
    use document::parse_str;

    use super::*;

    fn item(key: &str, fields: &str) -> SnapshotItem {
        SnapshotItem { key: Key::new(key).unwrap(), canonical_type: "stocklevel".into(), fields: parse_str(fields).unwrap() }
    }

    #[track_caller]
    fn differing(source: &[(&str, &str)], destination: &[(&str, &str)]) -> Vec<String> {
        let source: Vec<_> = source.iter().map(|(key, fields)| (item(key, fields), None)).collect();
        let destination: Vec<_> = destination.iter().map(|(key, fields)| item(key, fields)).collect();
        diff(&source, &destination).iter().map(|difference| difference.key.as_str().to_owned()).collect()
    }

    #[test]
    fn equal_ends_have_no_differences_however_their_numbers_are_written() {
        let none: [String; 0] = [];
        assert_eq!(differing(&[("A", r#"{"quantity":5.0}"#)], &[("A", r#"{"quantity":5}"#)]), none);
        assert_eq!(differing(&[("A", r#"{"quantity":5,"updatedAt":"x"}"#)], &[("A", r#"{"quantity":5,"updatedAt":"y"}"#)]), none);
    }

    #[test]
    fn absent_and_null_say_nothing_and_zero_says_zero() {
        let there = [("A", r#"{"quantity":7}"#)];
        let none: [String; 0] = [];
        assert_eq!(differing(&[("A", "{}")], &there), none);
        assert_eq!(differing(&[("A", r#"{"quantity":null}"#)], &there), none);
        assert_eq!(differing(&[], &there), none);
        assert_eq!(differing(&[("A", r#"{"quantity":0}"#)], &there), ["A"]);
    }

    #[test]
    fn a_key_the_destination_lacks_is_a_difference() {
        assert_eq!(differing(&[("B", r#"{"quantity":1}"#)], &[]), ["B"]);
    }
}
