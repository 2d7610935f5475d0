//! One delivery of a strict flow: every event of a key, one after the other.
//!
//! On failure nothing goes back to the queue: the key is halted, and this and every later message of it stand in line
//! under their sequence numbers. Only the head is tried again, by the clock; whoever ends moves the line.

use canonical::{Key, Millis};
use fault::{Disposition, Simple};
use protocol::{
    Outcome, Schedule,
    slot::{self, Acquired, Ask, Called},
};
use queue::{Delivery, Message};
use store::SlotKey;

use super::{
    Done, Parcel,
    attempt::{Answer, Failure, call},
    gate::Ready,
    latest::die,
    our_fault, report,
};
use crate::{App, known::simple, send::to_delivery_queue};

/// A line is looked after for days, by whoever is warned of its head.
const LINE_MS: Millis = 5 * 86_400_000;

/// Delivers the head of a key, or lets it join the line.
pub(crate) async fn one(app: &App, ready: &Ready<'_>, mut parcel: Parcel) -> Done {
    let Some(key) = Key::new(parcel.delivery.key.clone()) else {
        return die(app, parcel, &Simple::reject("record_without_key", "the delivery has no key")).await;
    };
    if parcel.delivery.seq.is_empty() {
        parcel.delivery.seq.clone_from(&parcel.sequence);
    }
    match Box::pin(tried(app, ready, &mut parcel, &key)).await {
        Ok(done) => done,
        Err(fault) => our_fault(app, parcel, &fault).await,
    }
}

async fn tried(app: &App, ready: &Ready<'_>, parcel: &mut Parcel, key: &Key) -> Result<Done, Simple> {
    let tenant = app.store.of(ready.tenant);
    let delivery = parcel.delivery.clone();
    let at = SlotKey { flow: &parcel.flow.id, key };
    if !delivery.turn && tenant.halted(at).await.map_err(|error| simple(&error))? {
        let waiting = Message::Delivery(Box::new(delivery.clone())).body();
        if tenant.join_line(at, &delivery.seq, &waiting).await.map_err(|error| simple(&error))?.is_ok() {
            // In line until whoever stands before it ends: that may take a person.
            let waits = report::waits(&delivery, app.now(), LINE_MS);
            return Ok(Done { waits, ..Done::delayed(parcel.record) });
        }
    }
    if let Some(by) = tenant.effect(at, delivery.ev.as_str()).await.map_err(|error| simple(&error))? {
        let outcome = if by == delivery.occ.as_str() { Outcome::Applied } else { Outcome::Duplicate };
        move_line(app, at, &tenant, &delivery).await?;
        return Ok(Done::ended(take(parcel), outcome, outcome.word(), "", app.now()));
    }
    let me = app.chance.id("own_");
    let ask = Ask { me: &me, version: &delivery.ver, purpose: slot::Purpose::Force, occurrence: delivery.occ.as_str(), body_hash: &delivery.bh };
    let acquired = tenant.acquire(at, &ask, app.now(), &app.limits).await.map_err(|error| simple(&error))?;
    let Acquired::Held(held) = acquired else {
        // Somebody who died over this key still holds it for at most a lease: the line waits, in order.
        let limits = app.limits;
        return Ok(wait(app, take(parcel), limits.lease_ms).await);
    };
    match call(app, ready, &parcel.flow, &delivery, None).await {
        Answer::Applied { status } => {
            tenant.mark_effect(at, delivery.ev.as_str(), delivery.occ.as_str(), app.expires_s()).await.map_err(|error| simple(&error))?;
            let settlement = slot::settle(&held, slot::Purpose::Force, Called::Done, app.now(), &app.limits);
            // The effect is marked; a lost lease changes nothing about it.
            let _ended = tenant.end_lease(at, &ask, &held, &settlement.write).await.map_err(|error| simple(&error))?;
            move_line(app, at, &tenant, &delivery).await?;
            Ok(Done { calls: 1, ..Done::ended(take(parcel), Outcome::Applied, "applied", &status.to_string(), app.now()) })
        }
        Answer::Failed(failure) => {
            let called = Called::Failed { ambiguous: failure.ambiguous, burns: failure.burns };
            let settlement = slot::settle(&held, slot::Purpose::Force, called, app.now(), &app.limits);
            let _ended = tenant.end_lease(at, &ask, &held, &settlement.write).await.map_err(|error| simple(&error))?;
            Box::pin(failed(app, take(parcel), at, held.attempts, failure)).await
        }
    }
}

/// A strict delivery waits: halted at the head of its line, and started again by the clock.
pub(crate) async fn wait(app: &App, mut parcel: Parcel, delay_ms: Millis) -> Done {
    if parcel.delivery.seq.is_empty() {
        parcel.delivery.seq.clone_from(&parcel.sequence);
    }
    let Some(key) = Key::new(parcel.delivery.key.clone()) else { return Done::failed(parcel.record) };
    let at = SlotKey { flow: &parcel.flow.id, key: &key };
    match head_waits(app, at, &parcel, delay_ms).await {
        Ok(()) => Done { waits: report::waits(&parcel.delivery, app.now(), delay_ms), ..Done::delayed(parcel.record) },
        Err(_) => Done::failed(parcel.record),
    }
}

/// Halt first, then the row of the line, then the timer: whoever dies in between leaves the message on its queue.
async fn head_waits(app: &App, at: SlotKey<'_>, parcel: &Parcel, delay_ms: Millis) -> Result<(), Simple> {
    let tenant = app.store.of(&parcel.delivery.tenant);
    let released = Delivery { turn: true, hop: parcel.delivery.hop + 1, ..parcel.delivery.clone() };
    let seq = released.seq.clone();
    let body = Message::Delivery(Box::new(released)).body();
    tenant.halt(at, &seq).await.map_err(|error| simple(&error))?;
    tenant.keep_in_line(at, &seq, &body).await.map_err(|error| simple(&error))?;
    // Where others stand before it already, they are released first, and its turn comes from the line.
    let head = tenant.head_of_line(at).await.map_err(|error| simple(&error))?;
    if head.is_some_and(|head| head.sequence != seq) {
        return Ok(());
    }
    let name = format!("line#{}#{}", at.flow, at.key.hash());
    tenant.park(&parcel.flow.destination, app.now() + delay_ms, &name, &body).await.map_err(|error| simple(&error))
}

async fn failed(app: &App, mut parcel: Parcel, at: SlotKey<'_>, attempts_before: u32, failure: Failure) -> Result<Done, Simple> {
    let carried = u32::try_from(parcel.delivery.tries.len()).unwrap_or(u32::MAX);
    let attempts = attempts_before.max(carried) + u32::from(failure.burns);
    if failure.burns {
        parcel.delivery.tries.push(failure.attempt.clone());
    }
    let schedule = Schedule::of(&parcel.flow.retry).unwrap_or(Schedule::STANDARD);
    let next = match failure.fault.disposition {
        Disposition::Reject => None,
        Disposition::Park => Some(15 * 60_000 + 1),
        Disposition::Retry { after } => schedule.delay_ms(attempts, after.or(failure.wished), app.chance.unit()),
    };
    let broken = matches!(failure.fault.disposition, Disposition::Park).then_some(failure.fault.code);
    let trips = u32::from(failure.trips);
    let counted = |done: Done| Done { calls: 1, failures: trips, broken, ..done };
    let tenant = app.store.of(&parcel.delivery.tenant).id().clone();
    let Some(delay_ms) = next else {
        let (delivery, skip) = (parcel.delivery.clone(), parcel.flow.skip_dead);
        let done = die(app, parcel, &failure.fault).await;
        let tenant = app.store.of(&tenant);
        if skip {
            move_line(app, at, &tenant, &delivery).await?;
        } else {
            // Halted: later events of the key stand in line until somebody resumes it or replays this one.
            tenant.halt(at, &delivery.seq).await.map_err(|error| simple(&error))?;
            tenant.leave_line(at, &delivery.seq).await.map_err(|error| simple(&error))?;
        }
        return Ok(counted(done));
    };
    head_waits(app, at, &parcel, delay_ms).await?;
    let waits = report::waits(&parcel.delivery, app.now(), delay_ms);
    Ok(counted(Done { waits, ..Done::delayed_with(parcel, &failure.fault, delay_ms, app.now()) }))
}

/// After an end: the next of the line gets its turn, or the key is free again.
pub(crate) async fn move_line(app: &App, at: SlotKey<'_>, tenant: &store::Tenant<'_>, ended: &Delivery) -> Result<(), Simple> {
    if !ended.turn {
        return Ok(());
    }
    tenant.leave_line(at, &ended.seq).await.map_err(|error| simple(&error))?;
    for _ in 0..4 {
        if let Some(head) = tenant.head_of_line(at).await.map_err(|error| simple(&error))? {
            return release_head(app, &head).await;
        }
        if tenant.resume(at, &ended.seq).await.map_err(|error| simple(&error))?.is_ok() {
            return Ok(());
        }
        // Somebody announced itself and has not written its row yet: look again; its own message stays on the queue.
    }
    tenant.resume(at, "~").await.map_err(|error| simple(&error)).map(|_| ())
}

/// Sends the head of a line with its turn.
pub(crate) async fn release_head(app: &App, head: &store::Line) -> Result<(), Simple> {
    let Ok(Message::Delivery(next)) = queue::open(&head.body) else {
        return Err(Simple::reject("internal", "a line holds something that is no delivery"));
    };
    let next = Delivery { turn: true, hop: next.hop + 1, seq: head.sequence.clone(), ..*next };
    app.queues.send_all(&[to_delivery_queue(next, false, 0)]).await.map_err(|error| simple(&error))
}

fn take(parcel: &Parcel) -> Parcel {
    Parcel { record: parcel.record, receives: parcel.receives, sequence: parcel.sequence.clone(), delivery: parcel.delivery.clone(), flow: parcel.flow.clone() }
}

/// Lets the line of a halted key go on; the answer tells whether anybody stood in it.
///
/// # Errors
/// When a table or a queue does not answer.
pub async fn resume_line(app: &App, tenant: &canonical::TenantId, flow: &canonical::FlowId, key: &Key) -> Result<bool, Simple> {
    let of = app.store.of(tenant);
    let at = SlotKey { flow, key };
    if let Some(head) = of.head_of_line(at).await.map_err(|error| simple(&error))? {
        release_head(app, &head).await?;
        return Ok(true);
    }
    // Whoever announced itself since still has its message on the queue, and finds the key free.
    let _resumed = of.resume(at, "~").await.map_err(|error| simple(&error))?;
    Ok(false)
}
