//! One delivery of a latest flow: the slot protocol around one call.

use canonical::{Key, Millis};
use fault::{Disposition, Simple};
use protocol::{
    Outcome, Schedule, lease_wait_ms,
    slot::{self, Acquired, Ask, Called, Held, Marks, Next, Refusal, Write},
};
use queue::{Delivery, Purpose};
use store::{Flow, Lost, SlotKey, Tenant};

use super::{
    Done, Parcel,
    attempt::{Answer, Failure, call, doubles, unknown},
    gate::Ready,
    again, our_fault, report,
};
use crate::{App, bury::bury, known::simple, meter::Metric, send::{retry_later, to_delivery_queue}};

/// Asks the slot; what follows depends on its answer.
pub(crate) async fn one(app: &App, ready: &Ready<'_>, parcel: Parcel) -> Done {
    let Some(key) = Key::new(parcel.delivery.key.clone()) else {
        return die(app, parcel, &Simple::reject("record_without_key", "the delivery has no key")).await;
    };
    // Names this receipt, and whose: who finds the lease abandoned knows whether it was its own occurrence.
    let me = format!("{}#{}", app.chance.id("own_"), parcel.delivery.occ.as_str());
    let mark = parcel.delivery.named.then(|| Marks::of(&parcel.delivery.ev));
    // Copies, because the parcel moves on: its payload is not part of them.
    let (flow, version, body_hash, occurrence) = (parcel.flow.id.clone(), parcel.delivery.ver.clone(), parcel.delivery.bh.clone(), parcel.delivery.occ.clone());
    let (tenant, at) = (app.store.of(ready.tenant), SlotKey { flow: &flow, key: &key });
    let ask = Ask { me: &me, version: &version, purpose: purpose(parcel.delivery.why), occurrence: occurrence.as_str(), body_hash: &body_hash, mark: mark.as_deref() };
    if ready.until_ms - app.now() < app.limits.call_ms {
        // Too late to finish a call within this invocation: it comes again, untouched.
        return again(app, parcel, 1_000).await;
    }
    if let Some(wait) = ready.pace.refused() {
        // One before it waits for its turn: this one would, and touch its slot for nothing.
        return again(app, parcel, wait).await;
    }
    let acquired = match tenant.acquire(at, &ask, app.now(), &app.limits).await {
        Ok(acquired) => acquired,
        Err(error) => return our_fault(app, parcel, &simple(&error)).await,
    };
    match acquired {
        Acquired::Refused(Refusal::Superseded { remember: Some(known) }) => {
            // Received once more, it would pass for newer than what overtook it.
            match tenant.remember(at, &known, mark.as_deref().unwrap_or_default()).await {
                Ok(Ok(())) => Done::ended(parcel, Outcome::Superseded, "superseded", "", app.now()),
                Ok(Err(_)) => again(app, parcel, 1_000).await,
                Err(error) => our_fault(app, parcel, &simple(&error)).await,
            }
        }
        Acquired::Refused(refusal) => refused(app, parcel, refusal).await,
        Acquired::Held(held) => Box::pin(with(app, ready, Lease { tenant: &tenant, at, ask, held }, parcel)).await,
    }
}

/// A slot that is ours to call for.
struct Lease<'a> {
    tenant: &'a Tenant<'a>,
    at: SlotKey<'a>,
    ask: Ask<'a>,
    held: Held,
}

impl Lease<'_> {
    async fn end(&self, write: &Write) -> Result<Result<(), Lost>, Simple> {
        self.tenant.end_lease(self.at, &self.ask, &self.held, write).await.map_err(|error| simple(&error))
    }
}

/// Calls, then verify → commit → acknowledge.
async fn with(app: &App, ready: &Ready<'_>, lease: Lease<'_>, parcel: Parcel) -> Done {
    let held = &lease.held;
    if held.lease_until - app.now() < app.limits.call_ms {
        // Frozen since: the lease may end before the call does. The fence keeps this harmless; calling would not be.
        let wait = lease_wait_ms(parcel.delivery.met, app.chance.unit());
        return match lease.end(&Write::Release { dirty_until: held.dirty_until, attempts: held.attempts }).await {
            Ok(_) => again(app, parcel, wait).await,
            Err(fault) => our_fault(app, parcel, &fault).await,
        };
    }
    let (called, status, failure) = called(app, ready, held, &parcel).await;
    let next = failure.as_ref().map(|failure| next_try(app, &parcel, held, failure));
    let mut settlement = slot::settle(held, lease.ask.purpose, called, app.now(), &app.limits);
    match (&mut settlement.write, next) {
        // A replay starts with a budget of its own.
        (Write::Release { attempts, .. }, Some(None)) => *attempts = 0,
        (Write::Release { attempts, .. }, Some(Some((tried, _)))) => *attempts = tried,
        _ => {}
    }
    if let Some(delay) = settlement.verify_in
        && let Err(fault) = send_verify(app, &parcel.delivery, held.dirty_until, delay).await
    {
        return our_fault(app, parcel, &fault).await;
    }
    match lease.end(&settlement.write).await {
        Err(fault) => return our_fault(app, parcel, &fault).await,
        // Somebody else has the slot: step 1 decides again.
        Ok(Err(_)) => return Done { calls: 1, ..again(app, parcel, lease_wait_ms(0, app.chance.unit())).await },
        Ok(Ok(())) => {}
    }
    let calls = u32::from(called != Called::NoOp);
    match (settlement.next, failure) {
        (Next::Again(delay), _) => {
            let renewed = Parcel { delivery: Delivery { du: held.dirty_until, ..parcel.delivery }, ..parcel };
            Done { calls, ..again(app, renewed, delay).await }
        }
        (Next::Retry, Some(failure)) => failed(app, parcel, next.flatten().map(|(_, delay_ms)| delay_ms), failure).await,
        (Next::Ack | Next::Retry, _) => {
            let note = if called == Called::NoOp { "unchanged".to_owned() } else { status.to_string() };
            Done { calls, ..Done::ended(parcel, Outcome::Applied, "applied", &note, app.now()) }
        }
    }
}

/// Whether this flow alone writes its type to its destination. Beside another one, what its own slot says is applied may
/// not be what the destination holds.
async fn alone(app: &App, ready: &Ready<'_>, parcel: &Parcel) -> bool {
    let other = |flow: &Flow| flow.id != parcel.flow.id && flow.destination == parcel.flow.destination && flow.canonical_type == parcel.flow.canonical_type;
    app.flows(ready.tenant).await.is_ok_and(|flows| !flows.iter().any(other))
}

/// The call, unless the destination has this already, or may have got it from a process that ended.
async fn called(app: &App, ready: &Ready<'_>, held: &Held, parcel: &Parcel) -> (Called, u16, Option<Failure>) {
    if held.no_op && alone(app, ready, parcel).await {
        return (Called::NoOp, 0, None);
    }
    let answer = if held.repeats && doubles(ready, &parcel.flow, &parcel.delivery) {
        Answer::Failed(unknown(app.now()))
    } else {
        call(app, ready, &parcel.flow, &parcel.delivery, Some(held.fence), parcel.turn_at).await
    };
    match answer {
        Answer::Applied { status } => (Called::Done, status, None),
        Answer::Failed(failure) => (Called::Failed { ambiguous: failure.ambiguous, burns: failure.burns }, 0, Some(failure)),
    }
}

fn purpose(why: Purpose) -> slot::Purpose {
    match why {
        Purpose::Deliver => slot::Purpose::Deliver,
        Purpose::Verify => slot::Purpose::Verify,
        Purpose::Repair => slot::Purpose::Repair,
        Purpose::Force => slot::Purpose::Force,
    }
}

async fn send_verify(app: &App, delivery: &Delivery, du: Millis, delay_ms: Millis) -> Result<(), Simple> {
    app.meter.add(Metric::DirtyReassert, 1);
    let verify = Delivery { why: Purpose::Verify, du, hop: 0, met: 0, tries: Vec::new(), ..delivery.clone() };
    app.queues.send_all(&[to_delivery_queue(verify, false, delay_ms)]).await.map_err(|error| simple(&error))
}

async fn refused(app: &App, mut parcel: Parcel, refusal: Refusal) -> Done {
    match refusal {
        Refusal::Superseded { .. } => Done::ended(parcel, Outcome::Superseded, "superseded", "", app.now()),
        Refusal::Duplicate { mine, verify_in } => {
            if let Some(delay) = verify_in
                && let Err(fault) = send_verify(app, &parcel.delivery, app.now() + delay, delay).await
            {
                return our_fault(app, parcel, &fault).await;
            }
            let outcome = if mine { Outcome::Applied } else { Outcome::Duplicate };
            Done::ended(parcel, outcome, outcome.word(), "", app.now())
        }
        Refusal::VerifyObsolete => Done::settled(parcel.record),
        Refusal::TooEarly(delay) => again(app, parcel, delay).await,
        Refusal::Leased => {
            app.meter.add(Metric::LeaseConflict, 1);
            let wait = lease_wait_ms(parcel.delivery.met, app.chance.unit());
            parcel.delivery.met += 1;
            again(app, parcel, wait).await
        }
    }
}

/// The attempts by now and the delay to the next, `None` when it is to die. The message carries its own count beside the
/// slot's: versions that fail in turn reset the slot's, and would never die.
fn next_try(app: &App, parcel: &Parcel, held: &Held, failure: &Failure) -> Option<(u32, Millis)> {
    let carried = u32::try_from(parcel.delivery.tries.len()).unwrap_or(u32::MAX);
    let attempts = held.attempts.max(carried) + u32::from(failure.burns);
    let schedule = Schedule::of(&parcel.flow.retry).unwrap_or(Schedule::STANDARD);
    let delay_ms = match failure.fault.disposition {
        Disposition::Reject => None,
        Disposition::Park => Some(15 * 60_000 + 1),
        Disposition::Retry { after } => schedule.delay_ms(attempts, after.or(failure.wished), app.chance.unit()),
    };
    delay_ms.map(|delay_ms| (attempts, delay_ms))
}

/// A failed call, after the lease was given back: again by the schedule, parked for a person, or dead.
async fn failed(app: &App, mut parcel: Parcel, next: Option<Millis>, failure: Failure) -> Done {
    let trips = u32::from(failure.trips);
    let pause_until = if failure.fault.code == "destination_rate_limited" { failure.wished.map_or(0, |wish| app.now() + Millis::try_from(wish.as_millis()).unwrap_or(0)) } else { 0 };
    if failure.burns || next.is_none() {
        parcel.delivery.tries.push(failure.attempt.clone());
    }
    let broken = matches!(failure.fault.disposition, Disposition::Park).then_some(failure.fault.code);
    let counted = |done: Done| Done { calls: 1, failures: trips, pause_until, broken, ..done };
    let Some(delay_ms) = next else {
        return counted(die(app, parcel, &failure.fault).await);
    };
    let waiting = Parcel { delivery: Delivery { met: 0, ..parcel.delivery.clone() }, flow: parcel.flow.clone(), sequence: parcel.sequence.clone(), ..parcel };
    let waits = report::waits(&waiting.delivery, app.now(), delay_ms);
    match retry_later(app, &waiting.flow, waiting.delivery.clone(), delay_ms).await {
        Ok(()) => counted(Done { waits, ..Done::delayed_with(waiting, &failure.fault, delay_ms, app.now()) }),
        Err(_) => counted(Done::failed(waiting.record)),
    }
}

/// Death: kept first, then counted. A verify is no occurrence and leaves no outcome, but its slot stays dirty and the
/// destination may hold an older value: it is kept for a person all the same.
pub(crate) async fn die(app: &App, parcel: Parcel, fault: &Simple) -> Done {
    match bury(app, &parcel.delivery, fault).await {
        Ok(()) if parcel.delivery.why == Purpose::Verify => {
            tracing::error!(step = "verify", code = fault.code, tenant = parcel.delivery.tenant.as_str(), flow = parcel.flow.id.as_str(), ev = parcel.delivery.ev.as_str(), "a re-assert was refused");
            Done::settled(parcel.record)
        }
        Ok(()) => Done::ended(parcel, Outcome::Dead, "dead", fault.code, app.now()),
        Err(_) => Done::failed(parcel.record),
    }
}
