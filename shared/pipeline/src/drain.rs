//! Drains dead-letter queues: what ended its process, or no version of ours understands, becomes a dead letter.

use canonical::{Occurrence, TenantId};
use fault::{Disposition, Simple};
use protocol::{Entry, Mark, Outcome, flow_hash};
use queue::{Delivery, Envelope, Job, Message, Purpose, open};
use store::{Flow, Step, Trace};

use crate::{App, Batch, bury::{Letter, bury, bury_body}, deliver::{Done, Parcel, given_up, report}, known::simple, transform::{bury_item, matching, trace}};

/// Records every message as dead; the answer names the records that could not be.
pub async fn drain(app: &App, batch: &Batch) -> Vec<String> {
    let mut failed = Vec::new();
    for work in &batch.works {
        if let Err(fault) = one(app, batch, &work.body).await {
            tracing::warn!(step = "drain", code = fault.code, "a dead letter could not be kept");
            failed.push(work.id.clone());
        }
    }
    failed
}

/// Of what a message dies that no handler brought to an end: which of the two it was, nobody was left to say.
pub(crate) fn poison() -> Simple {
    Simple::reject("message_poison", "it was received too often without an end: handling it ended its process, or a fault of ours lasted")
}

async fn one(app: &App, batch: &Batch, body: &str) -> Result<(), Simple> {
    let poison = poison();
    match open(body) {
        Ok(Message::Delivery(delivery)) => {
            if delivery.strict
                && let Some(flow) = app.flows(&delivery.tenant).await?.iter().find(|flow| flow.id == delivery.flow && flow.strict).cloned()
            {
                return in_line(app, batch, *delivery, flow, &poison).await;
            }
            bury(app, &delivery, &poison).await?;
            if delivery.why == Purpose::Verify {
                // Kept for a person; it is no occurrence, and leaves no outcome.
                return Ok(());
            }
            let entry = Entry::new(flow_hash(&delivery.tenant, &delivery.flow), delivery.occ.as_str(), Mark::Ended(Outcome::Dead));
            let request = format!("{}#{}", batch.request, delivery.occ.as_str());
            let now = app.now();
            let step = Step { at: now, step: Outcome::Dead.word().to_owned(), note: poison.code.to_owned() };
            let trace = report::trace(&delivery, Outcome::Dead.word(), poison.code, step, now);
            app.store.record("drain", &request, &[(app.store.of(&delivery.tenant), trace)], &[(delivery.acc, entry)], app.expires_s()).await.map_err(|error| simple(&error))?;
            app.meter.told(&[(delivery.acc, entry)]);
            Ok(())
        }
        Ok(Message::Changes(envelope)) => {
            let (mut entries, mut traces) = (Vec::new(), Vec::new());
            for item in &envelope.items {
                let (flows, poison) = match matching(app, &envelope, item).await {
                    // What needs a person keeps nothing here until it is too old: it died of just that.
                    Err(fault) if fault.disposition == Disposition::Park => (fed(app, &envelope).await?, fault),
                    flows => (flows?, poison.clone()),
                };
                for flow in flows {
                    let (occurrence, entry) = bury_item(app, &envelope, item, &flow, &poison).await?;
                    entries.push((envelope.acc, entry));
                    let trace = Trace { occurrence: occurrence.as_str().to_owned(), ..trace(app, &envelope, item, None, flow.id.as_str(), Outcome::Dead.word(), poison.code) };
                    traces.push((app.store.of(&envelope.tenant), trace));
                    tracing::warn!(step = "drain", code = poison.code, ev = item.ev.as_str(), flow = flow.id.as_str(), occ = occurrence.as_str(), "dead");
                }
            }
            let request = format!("{}#{}", batch.request, envelope.id);
            app.store.record("drain", &request, &traces, &entries, app.expires_s()).await.map_err(|error| simple(&error))?;
            app.meter.told(&entries);
            Ok(())
        }
        // Its schedule starts it again; that it ended its process is for a person to see.
        Ok(Message::Job(job)) => bury_job(app, body, &job, &poison).await,
        // A text that is no message keeps its bytes.
        Err(error) => bury_unknown(app, body, &simple(&error)).await,
    }
}

/// The flows an envelope may feed whose connector cannot be asked: rather one letter too many than an event nobody sees.
async fn fed(app: &App, envelope: &Envelope) -> Result<Vec<Flow>, Simple> {
    let fed = |flow: &&Flow| flow.source == envelope.conn && envelope.flow.as_ref().is_none_or(|only| *only == flow.id);
    Ok(app.flows(&envelope.tenant).await?.iter().filter(fed).cloned().collect())
}

/// A delivery of a strict flow: its key halts at it, as at any death of its line.
async fn in_line(app: &App, batch: &Batch, delivery: Delivery, flow: Flow, poison: &Simple) -> Result<(), Simple> {
    let parcel = Parcel { record: 0, receives: 0, sequence: String::new(), turn_at: 0, delivery, flow };
    let Done { trace: Some((delivery, trace)), outcome: Some(outcome), .. } = Box::pin(given_up(app, parcel, poison)).await? else { return Ok(()) };
    let entry = Entry::new(flow_hash(&delivery.tenant, &delivery.flow), delivery.occ.as_str(), Mark::Ended(outcome));
    let request = format!("{}#{}", batch.request, delivery.occ.as_str());
    app.store.record("drain", &request, &[(app.store.of(&delivery.tenant), trace)], &[(delivery.acc, entry)], app.expires_s()).await.map_err(|error| simple(&error))?;
    app.meter.told(&[(delivery.acc, entry)]);
    Ok(())
}

/// Keeps a job under what it is: the same job that dies again is one dead letter, with its latest death.
async fn bury_job(app: &App, body: &str, job: &Job, fault: &Simple) -> Result<(), Simple> {
    let (flow, key) = match job {
        Job::Poll(job) => ("-", format!("poll {} {}", job.conn, job.ent)),
        Job::Reconcile(job) => (job.flow.as_str(), format!("reconcile {}", job.flow)),
        Job::Release(job) => ("-", format!("release {}", job.conn)),
        Job::Test(job) => ("-", format!("test {}", job.conn)),
    };
    let Ok(tenant) = TenantId::parse(job.tenant()) else { return bury_unknown(app, body, fault).await };
    tracing::warn!(step = "drain", code = fault.code, tenant = tenant.as_str(), key, "a job died");
    let occurrence = occurrence_of(key.as_bytes());
    let letter = Letter { flow, occurrence: &occurrence, event: "-", key: &key, accepted_ms: 0, body };
    bury_body(app, &tenant, letter, fault).await
}

/// An occurrence that is named by bytes.
fn occurrence_of(bytes: &[u8]) -> Occurrence {
    Occurrence::from_text(&hex::encode(&document::hash_bytes(bytes)[..8])).expect("eight bytes are sixteen hex characters")
}

/// Keeps a text that is no message of ours, under the tenant it names, else under `-`.
pub(crate) async fn bury_unknown(app: &App, body: &str, fault: &Simple) -> Result<(), Simple> {
    let named = serde_json::from_str::<serde_json::Value>(body).ok().and_then(|value| value.get("tenant")?.as_str().and_then(|text| TenantId::parse(text).ok()));
    // Invariant: `-` is an id.
    let tenant = named.unwrap_or_else(|| TenantId::parse("-").expect("a dash is an id"));
    let occurrence = occurrence_of(body.as_bytes());
    // Named by its bytes alone: the same text that comes again is one dead letter.
    let letter = Letter { flow: "-", occurrence: &occurrence, event: "-", key: "-", accepted_ms: 0, body };
    bury_body(app, &tenant, letter, fault).await?;
    tracing::error!(step = "drain", code = fault.code, tenant = tenant.as_str(), occ = occurrence.as_str(), bytes = body.len(), "a message that is none of ours was kept as it is");
    app.meter.ended(None, Outcome::Dead);
    Ok(())
}
