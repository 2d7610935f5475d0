//! What became of each record, and the one write that says so.

use canonical::{Key, Millis};
use fault::Simple;
use protocol::{Entry, Mark, Outcome, flow_hash};
use queue::{Delivery, Purpose};
use store::{Step, Trace};

use super::Parcel;
use crate::{App, Batch, known::simple};

/// What became of one record.
#[derive(Default)]
pub(crate) struct Done {
    pub(super) record: usize,
    pub(super) failed: bool,
    pub(crate) trace: Option<(Delivery, Trace)>,
    pub(crate) outcome: Option<Outcome>,
    /// It was put back: said in the ledger, so that nobody takes it for lost.
    pub(super) waits: Option<(Millis, Entry)>,
    /// Calls made.
    pub(crate) calls: u32,
    /// Calls that count against the breaker.
    pub(crate) failures: u32,
    /// The other side asked for a pause until then.
    pub(crate) pause_until: Millis,
    /// The connection cannot work until a person acts: the code.
    pub(crate) broken: Option<&'static str>,
}

impl Done {
    /// Reported as failed: the queue gives it again.
    pub(crate) fn failed(record: usize) -> Self {
        Self { record, failed: true, ..Self::default() }
    }

    /// Sent again or parked: durable elsewhere.
    pub(crate) fn delayed(record: usize) -> Self {
        Self { record, ..Self::default() }
    }

    /// Nothing is left to do, and nothing to count.
    pub(crate) fn settled(record: usize) -> Self {
        Self { record, ..Self::default() }
    }

    /// Sent again after a failed attempt: worth a line in the trace.
    pub(crate) fn delayed_with(parcel: Parcel, fault: &Simple, delay_ms: Millis, now: Millis) -> Self {
        let note = format!("{}, again in {} s", fault.code, (delay_ms + 999) / 1000);
        let trace = trace(&parcel.delivery, "delayed", fault.code, Step { at: now, step: "delayed".into(), note }, now);
        let trace = (parcel.delivery.why != Purpose::Verify).then_some((parcel.delivery, trace));
        Self { record: parcel.record, trace, ..Self::default() }
    }

    /// It ended. A verify is no occurrence: it leaves no outcome.
    pub(crate) fn ended(parcel: Parcel, outcome: Outcome, step: &str, note: &str, now: Millis) -> Self {
        if parcel.delivery.why == Purpose::Verify {
            return Self::settled(parcel.record);
        }
        let code = if outcome == Outcome::Dead { note } else { "" };
        let trace = trace(&parcel.delivery, outcome.word(), code, Step { at: now, step: step.into(), note: note.into() }, now);
        if outcome == Outcome::Dead {
            let delivery = &parcel.delivery;
            tracing::warn!(step = "deliver", outcome = "dead", code = note, tenant = delivery.tenant.as_str(), flow = delivery.flow.as_str(), ev = delivery.ev.as_str(), attempt = delivery.tries.len(), "an event died");
        }
        Self { record: parcel.record, outcome: Some(outcome), trace: Some((parcel.delivery, trace)), ..Self::default() }
    }
}

/// A wait worth saying: a long one, or one of many.
const SAID_MS: Millis = 60_000;
const OLD_MS: Millis = 5 * 60_000;
/// What was sent back too often is parked for this long, whatever the delay.
const PARKED_MS: Millis = 15 * 60_000;

/// What the ledger is told of a delivery that is put back for so long. A verify is no occurrence.
pub(crate) fn waits(delivery: &Delivery, now: Millis, delay_ms: Millis) -> Option<(Millis, Entry)> {
    let said = delivery.why != Purpose::Verify && (delay_ms > SAID_MS || now - delivery.acc > OLD_MS);
    said.then(|| (delivery.acc, Entry::new(flow_hash(&delivery.tenant, &delivery.flow), delivery.occ.as_str(), Mark::waits(delivery.acc, now + delay_ms.max(PARKED_MS)))))
}

pub(crate) fn trace(delivery: &Delivery, outcome: &str, code: &str, last: Step, now: Millis) -> Trace {
    let mut steps = vec![Step { at: delivery.acc, step: "received".into(), note: String::new() }];
    steps.extend(delivery.tries.iter().map(|attempt| Step {
        at: attempt.at,
        step: "attempt".into(),
        note: attempt.status.map_or_else(|| attempt.code.clone(), |status| format!("{status} {}", attempt.code)),
    }));
    steps.push(last);
    Trace {
        event: delivery.ev.to_string(),
        flow: delivery.flow.to_string(),
        occurrence: delivery.occ.as_str().to_owned(),
        canonical_type: delivery.ct.clone(),
        key: delivery.key.clone(),
        version: delivery.ver.to_string(),
        accepted_ms: delivery.acc,
        at_ms: now,
        outcome: outcome.to_owned(),
        code: code.to_owned(),
        steps,
    }
}

/// Writes traces and ledger of a batch; if that fails, every record is reported as failed and comes again.
pub(crate) async fn record(app: &App, batch: &Batch, done: Vec<Done>) -> Vec<String> {
    let entry = |delivery: &Delivery, outcome| (delivery.acc, Entry::new(flow_hash(&delivery.tenant, &delivery.flow), delivery.occ.as_str(), Mark::Ended(outcome)));
    let ended = done.iter().filter_map(|done| Some(entry(&done.trace.as_ref()?.0, done.outcome?)));
    let entries: Vec<_> = ended.chain(done.iter().filter_map(|done| done.waits)).collect();
    let traces: Vec<_> = done.iter().filter_map(|done| done.trace.as_ref()).map(|(delivery, trace)| (app.store.of(&delivery.tenant), trace.clone())).collect();
    let written = if traces.is_empty() && entries.is_empty() { Ok(()) } else { app.store.record("deliver", &batch.request, &traces, &entries, app.expires_s()).await };
    if let Err(error) = written {
        tracing::warn!(step = "deliver", code = simple(&error).code, "the record of a batch could not be written");
        return batch.works.iter().map(|work| work.id.clone()).collect();
    }
    done.iter().for_each(|done| show(app, done));
    done.iter().filter(|done| done.failed).map(|done| batch.works[done.record].id.clone()).collect()
}

/// A line for an event that went well, if it is one of those that are shown.
fn show(app: &App, done: &Done) {
    let (Some((delivery, trace)), Some(outcome)) = (&done.trace, done.outcome) else { return };
    if outcome != Outcome::Dead && app.meter.shows(delivery.ev.as_str()) {
        let key_hash = Key::new(&*delivery.key).map(|key| key.hash());
        tracing::info!(
            target: "event", step = "deliver", tenant = delivery.tenant.as_str(), flow = delivery.flow.as_str(), ev = delivery.ev.as_str(), key_hash = key_hash.as_deref(),
            outcome = outcome.word(), ver = delivery.ver.as_str(), attempt = delivery.tries.len() + 1, ms = trace.at_ms - delivery.acc,
        );
    }
}
