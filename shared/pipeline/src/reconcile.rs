//! Reconcile: both ends scanned, compared by canonical key, and only differences sent, as ordinary events on `bulk`.
//!
//! Absent never becomes zero: a field the source does not speak of is not compared, and a key it does not have is only
//! counted; so is a record that says nothing, which is not missing either. Nothing is removed unless the flow asks for it,
//! and then by the connector's own rule.

use std::collections::{BTreeMap, BTreeSet};

use canonical::{ConnectionId, EventId, FlowId, Key, Millis, Occurrence, Reading, SnapshotItem, TenantId, Version};
use document::{Value, hash_bytes, hash_value};
use fault::Simple;
use protocol::{Entry, Mark, flow_hash};
use queue::{Delivery, Job, Message, Purpose, ReconcileJob};
use store::{Compared, Flow, FlowMode, Work};

use crate::{App, again::{again, settle}, known::simple, receive::EVENT_BYTES, scan::{End, Silent, mapped, scan}, send::to_delivery_queue, transform::body};

/// So many differences are sent and recorded together.
const PIECE: usize = 1_000;

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

/// Compares both ends of a flow and sends the differences; the answer is how many.
///
/// A job of a schedule only sends itself on with a name: a second copy of what compares has the same one, and sends the
/// same occurrences. A run that fails is sent again with a delay, under its name; once its budget is spent the failure
/// stays noted, and the next scheduled run begins anew.
///
/// # Errors
/// When not even that could be kept: the record has to stay on its queue.
pub async fn reconcile(app: &App, job: &ReconcileJob, until_ms: Millis) -> Result<usize, Simple> {
    let invalid = |_| Simple::reject("argument_invalid", "the job names no flow");
    let tenant = TenantId::parse(&job.tenant).map_err(invalid)?;
    let flow = app.flow(&tenant, &FlowId::parse(&job.flow).map_err(invalid)?).await?;
    if flow.mode != FlowMode::Live {
        tracing::info!(step = "reconcile", tenant = tenant.as_str(), flow = flow.id.as_str(), outcome = "not_live", "a flow that is not live writes nothing");
        return Ok(0);
    }
    if job.run.is_empty() {
        let named = Job::Reconcile(ReconcileJob { run: app.chance.id("run_"), at: app.now(), ..job.clone() });
        return app.queues.send_all(&[named.outgoing(0)]).await.map(|()| 0).map_err(|error| simple(&error));
    }
    let work = Work::Reconcile(flow.id.as_str());
    match Box::pin(compared(app, &tenant, &flow, job, until_ms)).await {
        Ok(compared) => app.store.of(&tenant).note_compared(&flow.source, flow.id.as_str(), &compared).await.map(|()| compared.differences).map_err(|error| simple(&error)),
        Err(fault) => {
            let again = again(app, job.tries, &fault);
            let next = Job::Reconcile(ReconcileJob { tries: again.tries, ..job.clone() });
            settle(app, &tenant, &flow.source, work, &fault, again, next).await.map(|()| 0)
        }
    }
}

/// Scans both ends to their end, and sends what differs; nothing is concluded from half a scan, nor is anything left out in silence.
async fn compared(app: &App, tenant: &TenantId, flow: &Flow, job: &ReconcileJob, until_ms: Millis) -> Result<Compared, Simple> {
    let began = app.now();
    let source = mapped(app, flow, Box::pin(scan(app, tenant, flow, true, until_ms)).await?, began)?;
    let End { items, silent } = Box::pin(scan(app, tenant, flow, false, until_ms)).await?;
    let destination: Vec<_> = items.into_iter().map(|(item, _)| item).collect();
    let differences = diff(&source.items, &destination);
    for piece in differences.chunks(PIECE) {
        sent(app, tenant, flow, job, piece, began).await?;
    }
    let found = Compared {
        at: began,
        source: source.items.len(),
        destination: destination.len(),
        differences: differences.len(),
        missing: missing(&source, &destination),
        source_left_out: source.silent.count,
        destination_left_out: silent.count,
        left_out: of(&flow.source, source.silent).chain(of(&flow.destination, silent)).collect(),
    };
    told(tenant, flow, &found);
    Ok(found)
}

/// What an end says nothing of, with the name of the end.
fn of(connection: &ConnectionId, silent: Silent) -> impl Iterator<Item = String> {
    silent.named.into_iter().map(move |named| format!("{connection}: {named}"))
}

/// Logs what was compared, and what could not be.
fn told(tenant: &TenantId, flow: &Flow, found: &Compared) {
    let (tenant, flow) = (tenant.as_str(), flow.id.as_str());
    if !found.left_out.is_empty() {
        tracing::warn!(step = "reconcile", tenant, flow, first = found.left_out.join("; "), "records say nothing of what their type needs, and are neither compared nor sent");
    }
    let Compared { source, destination, differences, missing, source_left_out, destination_left_out, .. } = found;
    tracing::info!(step = "reconcile", tenant, flow, source, destination, differences, source_left_out, destination_left_out, missing, "compared");
}

/// How many keys of the destination no record of the source names; what the source has and says nothing of is none of them.
fn missing(source: &End, destination: &[SnapshotItem]) -> usize {
    let named: BTreeSet<&Key> = source.items.iter().map(|(item, _)| &item.key).chain(&source.silent.keys).collect();
    destination.iter().filter(|item| !named.contains(&item.key)).count()
}

/// Sends a piece, then records it. Repeated, it names the same occurrences, and its row lies under the same name.
async fn sent(app: &App, tenant: &TenantId, flow: &Flow, job: &ReconcileJob, piece: &[Difference], began: Millis) -> Result<(), Simple> {
    // A repetition is of the hour of its run.
    let accepted = if job.at > 0 { job.at } else { began };
    let repairs = piece.iter().map(|difference| Delivery { acc: accepted, ..repair(tenant, flow, &job.run, difference, began) });
    let deliveries: Vec<_> = repairs.filter(can_travel).collect();
    let names: String = deliveries.iter().map(|delivery| delivery.occ.as_str()).collect();
    let received = |delivery: &Delivery| (accepted, Entry::new(flow_hash(tenant, &flow.id), delivery.occ.as_str(), Mark::Received));
    let entries: Vec<_> = deliveries.iter().map(received).collect();
    let outgoing: Vec<_> = deliveries.into_iter().map(|delivery| to_delivery_queue(delivery, true, 0)).collect();
    app.queues.send_all(&outgoing).await.map_err(|error| simple(&error))?;
    let request = format!("{}#{}#{}", flow.id, job.run, hex::encode(&hash_bytes(names.as_bytes())[..8]));
    app.store.record("reconcile", &request, &[], &entries, app.expires_s()).await.map_err(|error| simple(&error))
}

/// The job a schedule starts; it gets its name when it is started.
#[must_use]
pub fn reconcile_job(tenant: &TenantId, flow: &FlowId) -> Job {
    Job::Reconcile(ReconcileJob { tenant: tenant.to_string(), flow: flow.to_string(), ..ReconcileJob::default() })
}

/// Whether a repair fits into a message and a row. One that does not holds up no other; it stays a difference.
fn can_travel(repair: &Delivery) -> bool {
    let fits = repair.p.len() <= EVENT_BYTES / 2 || store::can_keep(&Message::Delivery(Box::new(repair.clone())).body());
    if !fits {
        tracing::error!(step = "reconcile", code = "event_too_large", tenant = repair.tenant.as_str(), flow = repair.flow.as_str(), bytes = repair.p.len(), "a difference is too large to be sent");
    }
    fits
}

fn repair(tenant: &TenantId, flow: &Flow, run: &str, difference: &Difference, began: Millis) -> Delivery {
    let empty = Value::Object(Vec::new());
    let hash = hash_value(&Value::Array(vec![difference.fields.clone(), empty.clone()]));
    let ev = EventId::derive(&flow.source, &[b"repair", run.as_bytes(), difference.key.as_str().as_bytes(), &hash]);
    // The record's own time as read in the scan, tied by the scan's start: not behind what was delivered of that state
    // before, and behind every live event accepted after.
    let ver = Version::of(flow.epoch, difference.at, None, began);
    Delivery {
        tenant: tenant.clone(),
        flow: flow.id.clone(),
        occ: Occurrence::of(run, 0, &ev, &flow.id),
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
        turn_at: 0,
        named: false,
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
    fn what_the_source_has_and_says_nothing_of_is_not_missing() {
        let source = End { items: vec![(item("A", "{}"), None)], silent: Silent { count: 1, keys: [Key::new("B").unwrap()].into(), named: Vec::new() } };
        assert_eq!(missing(&source, &["A", "B", "C"].map(|key| item(key, "{}"))), 1);
    }

    #[test]
    fn a_key_the_destination_lacks_is_a_difference() {
        assert_eq!(differing(&[("B", r#"{"quantity":1}"#)], &[]), ["B"]);
    }
}
