//! Drains dead-letter queues: what ended its process, or no version of ours understands, becomes a dead letter.

use canonical::{Occurrence, TenantId};
use fault::Simple;
use protocol::{Entry, Mark, Outcome, flow_hash};
use queue::{Job, Message, Purpose, open};
use store::{Step, Trace};

use crate::{App, Batch, bury::{Letter, bury, bury_body}, deliver::report, known::simple, transform::{bury_item, matching, trace}};

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

async fn one(app: &App, batch: &Batch, body: &str) -> Result<(), Simple> {
    let poison = Simple::reject("message_poison", "handling it ended its process more than once");
    match open(body) {
        Ok(Message::Delivery(delivery)) => {
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
                for flow in matching(app, &envelope, item).await? {
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
