//! One call of a destination, and what its answer means for the message.

use std::time::Duration;

use canonical::{Event, Key, Millis};
use document::{Value, hash_bytes, parse_str};
use engine::{Call, DeliveryFault, Idempotency};
use fault::{Disposition, Simple};
use queue::{Attempt, Delivery, Purpose};
use store::Flow;

use super::gate::Ready;
use crate::{App, drain::poison};

/// Faults of our own, before anything was sent: they burn no attempt and say nothing of the destination.
const OURS: [&str; 4] = ["budget_spent", "session_busy", "store_unavailable", "kms_unavailable"];

/// What became of a call.
pub(crate) enum Answer {
    /// The destination has it.
    Applied { status: u16 },
    /// It failed.
    Failed(Failure),
}

/// A failed call.
pub(crate) struct Failure {
    pub(crate) fault: Simple,
    pub(crate) ambiguous: bool,
    /// Whether it counts against the retry budget.
    pub(crate) burns: bool,
    /// Whether it counts against the breaker.
    pub(crate) trips: bool,
    /// The wait the other side named.
    pub(crate) wished: Option<Duration>,
    /// The attempt, for the record.
    pub(crate) attempt: Attempt,
}

/// Calls the destination.
pub(crate) async fn call(app: &App, ready: &Ready<'_>, flow: &Flow, delivery: &Delivery, fence: Option<u64>, turn_at: Millis) -> Answer {
    app.clock.rest_until(turn_at).await;
    let began = app.now();
    let event = match event(delivery) {
        Ok(event) => event,
        Err(fault) => return Answer::Failed(failure(fault, began, app.now())),
    };
    let call = Call { pace: ready.pace, sessions: Some(ready.sessions), ..Call::new(ready.config, app.exchange.as_ref(), began) };
    let delivered = ready.destination.deliver(call, &event, &idempotency_key(delivery, fence)).await;
    app.meter.attempt(ready.connector, delivered.is_ok(), app.now() - began);
    match delivered {
        Ok(delivered) => Answer::Applied { status: delivered.status },
        Err(fault) => Answer::Failed(judge(ready, flow, delivery, fault, began, app.now())),
    }
}

fn judge(ready: &Ready<'_>, flow: &Flow, delivery: &Delivery, fault: DeliveryFault, began: Millis, now: Millis) -> Failure {
    let mut judged = failure(fault.fault, began, now);
    judged.ambiguous = fault.ambiguous;
    judged.attempt.status = fault.status;
    judged.attempt.excerpt = fault.excerpt;
    judged.trips = matches!(judged.fault.disposition, Disposition::Retry { .. });
    if let Disposition::Retry { after } = judged.fault.disposition {
        judged.wished = after;
    }
    if OURS.contains(&judged.fault.code) {
        (judged.burns, judged.trips) = (false, false);
    }
    if fault.ambiguous && doubles(ready, flow, delivery) {
        judged.fault = Simple::reject("ambiguous", "sent, and no clear answer came");
        judged.attempt.code = "ambiguous".into();
    }
    judged
}

/// Whether repeating a call could double its effect, and nobody can look: then a person decides.
pub(crate) fn doubles(ready: &Ready<'_>, flow: &Flow, delivery: &Delivery) -> bool {
    ready.destination.idempotency(&delivery.ct) == Idempotency::None && !flow.at_least_once
}

/// A call that may have been made by a process that ended before it could say so.
pub(crate) fn unknown(now: Millis) -> Failure {
    Failure { ambiguous: true, ..failure(Simple::reject("ambiguous", "its process ended while it was being sent"), now, now) }
}

/// A message that was received too often without an end.
pub(crate) fn poisoned(now: Millis) -> Failure {
    failure(poison(), now, now)
}

fn failure(fault: Simple, began: Millis, now: Millis) -> Failure {
    let attempt = Attempt { at: began, ms: now - began, status: None, code: fault.code.to_owned(), excerpt: String::new() };
    let burns = !matches!(fault.disposition, Disposition::Park);
    Failure { burns, ambiguous: false, trips: false, wished: None, attempt, fault }
}

/// The event as the destination gets it.
fn event(delivery: &Delivery) -> Result<Event, Simple> {
    let body = parse_str(&delivery.p).map_err(|error| Simple::from_fault(&error))?;
    let part = |name: &str| body.get(name).cloned().unwrap_or_else(|| Value::Object(Vec::new()));
    let key = Key::new(delivery.key.clone()).ok_or_else(|| Simple::reject("record_without_key", "the delivery has no key"))?;
    Ok(Event {
        id: delivery.ev.clone(),
        canonical_type: delivery.ct.clone(),
        canonical_version: delivery.cv,
        key,
        version: delivery.ver.clone(),
        fields: part("fields"),
        extensions: part("extensions"),
    })
}

/// The key under which a destination keeps one effect one. On a strict flow: the event's, whichever attempt or receipt
/// asks. On a latest flow the lease's fence is part of it: an event that comes back after an older value landed late has
/// to be executed again, and a destination that honours keys would only replay its answer.
pub(crate) fn idempotency_key(delivery: &Delivery, fence: Option<u64>) -> String {
    let own = match (delivery.why, fence) {
        (Purpose::Deliver, None) => String::new(),
        (Purpose::Deliver, Some(fence)) => format!("#{fence}"),
        (Purpose::Verify, fence) => format!("#verify#{}#{}", delivery.du, fence.unwrap_or(0)),
        (Purpose::Repair | Purpose::Force, fence) => format!("#{}#{}", delivery.occ.as_str(), fence.unwrap_or(0)),
    };
    let hash = hex::encode(hash_bytes(format!("{}#{}#{}{own}", delivery.tenant, delivery.flow, delivery.ev).as_bytes()));
    // In the shape of a name-based UUID (version 5 layout), which every API that takes keys accepts.
    format!("{}-{}-5{}-a{}-{}", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32])
}
