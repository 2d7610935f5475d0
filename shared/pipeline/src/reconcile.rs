//! Reconcile: both ends scanned, compared by canonical key, and only differences sent, as ordinary events on `bulk`.
//!
//! Absent never becomes zero: a field the source does not speak of is not compared, and a key it does not have is only
//! counted; so is a record that says nothing, which is not missing either. Nothing is removed unless the flow asks for it,
//! and then by the connector's own rule.

mod difference;

use canonical::{ConnectionId, EventId, FlowId, Millis, Occurrence, TenantId, Version};
use document::{Value, hash_bytes, hash_value};
use fault::Simple;
use protocol::{Entry, Mark, flow_hash};
use queue::{Delivery, Job, Message, Purpose, ReconcileJob};
use store::{Compared, Flow, FlowMode, Work};

use crate::{App, again::{again, settle}, known::simple, receive::EVENT_BYTES, scan::{End, Silent, mapped, scan}, send::to_delivery_queue, transform::body};

use difference::missing;
pub use difference::{Difference, diff};

/// So many differences are sent and recorded together.
const PIECE: usize = 1_000;

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
    let End { items, silent, .. } = Box::pin(scan(app, tenant, flow, false, until_ms)).await?;
    let destination: Vec<_> = items.into_iter().map(|(item, _)| item).collect();
    let mut differences = diff(&source.items, &destination);
    differences.retain(|difference| !silent.unclear.contains(&difference.key));
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
