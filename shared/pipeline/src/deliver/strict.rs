//! One delivery of a strict flow: every event of a key, one after the other.
//!
//! On failure nothing goes back to the queue: the key is halted, and this and every later message of it stand in line
//! under their sequence numbers. Only the head is tried again, by the clock; whoever ends moves the line. A death stops it
//! until a person resumes it or replays the dead one, unless the flow skips its dead.

use canonical::{Key, Millis};
use engine::Idempotency;
use fault::{Disposition, Simple};
use protocol::{
    Outcome, Schedule,
    line::{Arriving, Effect, Joined, Step, grave, step},
    slot::{self, Acquired, Ask, Called},
};

use super::{
    Done, Parcel,
    attempt::{Answer, Failure, call, doubles, poisoned, unknown},
    gate::Ready,
    latest::die,
    line::{Line, opened, place_of},
    report,
};
use crate::{App, bury::bury, known::simple};

/// A line is looked after for days, by whoever is warned of its head.
const LINE_MS: Millis = 5 * 86_400_000;

/// Received so often, a message dies here, where its key can be halted: the queue would give it up two receives later, and
/// let those behind it pass.
const MOST_RECEIVES: u32 = 8;

/// What is to become of a delivery whose turn it is.
enum Turn<'a> {
    Call(&'a Ready<'a>),
    Wait(Millis),
    Skip,
}

/// Delivers the head of a key, or lets it join the line.
pub(crate) async fn one(app: &App, ready: &Ready<'_>, parcel: Parcel) -> Done {
    arrives(app, parcel, Turn::Call(ready)).await
}

/// A strict delivery waits: halted at the head of its line, and started again by the clock.
pub(crate) async fn wait(app: &App, parcel: Parcel, delay_ms: Millis) -> Done {
    arrives(app, parcel, Turn::Wait(delay_ms)).await
}

/// A delivery of a flow in shadow: it ends without a call, and the line goes on.
pub(crate) async fn skip(app: &App, parcel: Parcel) -> Done {
    arrives(app, parcel, Turn::Skip).await
}

/// A delivery that its queue gave up dies as it would have in its line: those behind it wait for a person.
///
/// # Errors
/// When a table or a queue does not answer; it may be asked for again.
pub(crate) async fn given_up(app: &App, mut parcel: Parcel, fault: &Simple) -> Result<Done, Simple> {
    let Some(key) = Key::new(parcel.delivery.key.clone()) else {
        bury(app, &parcel.delivery, fault).await?;
        return Ok(Done::ended(parcel, Outcome::Dead, Outcome::Dead.word(), fault.code, app.now()));
    };
    if parcel.delivery.seq.is_empty() {
        // The number it had on its queue is not certain any more. Whoever is still there came after it: before all of them.
        parcel.delivery.seq = format!("!{:013}", parcel.delivery.acc);
    }
    let line = Line { app, tenant: parcel.delivery.tenant.clone(), flow: parcel.flow.clone(), key };
    let turn = parcel.delivery.turn;
    let (effect, _) = line.known(&parcel.delivery).await?;
    match effect.ended(parcel.delivery.occ.as_str()) {
        Some(outcome) => ends(&line, parcel, outcome, if outcome == Outcome::Dead { &effect.code } else { "" }, turn).await,
        None => dies(&line, parcel, fault, turn).await,
    }
}

async fn arrives(app: &App, mut parcel: Parcel, then: Turn<'_>) -> Done {
    let Some(key) = Key::new(parcel.delivery.key.clone()) else {
        return die(app, parcel, &Simple::reject("record_without_key", "the delivery has no key")).await;
    };
    if parcel.delivery.seq.is_empty() {
        parcel.delivery.seq.clone_from(&parcel.sequence);
    }
    let line = Line { app, tenant: parcel.delivery.tenant.clone(), flow: parcel.flow.clone(), key };
    let (record, receives, event) = (parcel.record, parcel.receives, parcel.delivery.ev.clone());
    match Box::pin(stepped(&line, parcel, then)).await {
        Ok(done) => done,
        Err(fault) => {
            // It keeps its place: its record is reported, and its group waits.
            tracing::warn!(step = "deliver", code = fault.code, tenant = line.tenant.as_str(), flow = line.flow.id.as_str(), ev = event.as_str(), rc = receives, "put back");
            Done::failed(record)
        }
    }
}

async fn stepped(line: &Line<'_>, mut parcel: Parcel, then: Turn<'_>) -> Result<Done, Simple> {
    let turn = parcel.delivery.turn;
    // In line until whoever stands before it ends: that may take a person.
    let in_line = |parcel: &Parcel| Done { waits: report::waits(&parcel.delivery, line.app.now(), LINE_MS), ..Done::delayed(parcel.record) };
    let mut rounds = 0;
    let effect = loop {
        let (effect, halted) = line.known(&parcel.delivery).await?;
        if let Some(outcome) = effect.ended(parcel.delivery.occ.as_str()) {
            let note = if outcome == Outcome::Dead { &effect.code } else { "" };
            return ends(line, parcel, outcome, note, turn).await;
        }
        if (turn || halted) && let Some(code) = line.died(&parcel.delivery).await? {
            line.remember(&parcel.delivery, &code).await?;
            return ends(line, parcel, Outcome::Dead, &code, turn).await;
        }
        let head = if turn { line.head().await? } else { None };
        let arriving = Arriving { sequence: &parcel.delivery.seq, occurrence: parcel.delivery.occ.as_str(), turn };
        match step(&arriving, halted, head.as_ref().map(store::Line::head), line.app.now()) {
            Step::TryRow => parcel.delivery = opened(&head.map(|head| head.body).unwrap_or_default())?,
            Step::Try => {}
            // Nothing will be called: nobody is passed.
            Step::Rest(_) | Step::Join | Step::Behind if matches!(then, Turn::Skip) => {}
            Step::Rest(due_ms) => {
                line.timer(due_ms, &parcel.delivery).await?;
                return Ok(in_line(&parcel));
            }
            Step::Behind => {
                line.behind(&parcel.delivery).await?;
                return Ok(in_line(&parcel));
            }
            Step::Join => match line.joins(&parcel.delivery).await? {
                Some(Joined::Waits | Joined::Timer(_)) => return Ok(in_line(&parcel)),
                None | Some(Joined::Try) if rounds < 4 => {
                    rounds += 1;
                    continue;
                }
                None | Some(Joined::Try) => return Err(Simple::retry("store_unavailable", "a key is halted and resumed all the time")),
            },
        }
        break effect;
    };
    match then {
        Turn::Call(_) if parcel.receives >= MOST_RECEIVES && !turn => {
            let poisoned = poisoned(line.app.now());
            failed(line, parcel, 0, poisoned, turn).await
        }
        Turn::Call(ready) => tried(line, ready, parcel, &effect, turn).await,
        Turn::Wait(delay_ms) => waits(line, parcel, delay_ms).await,
        Turn::Skip => ends(line, parcel, Outcome::Filtered, "shadow", turn).await,
    }
}

async fn waits(line: &Line<'_>, parcel: Parcel, delay_ms: Millis) -> Result<Done, Simple> {
    line.waits(&parcel.delivery, line.app.now() + delay_ms).await?;
    Ok(Done { waits: report::waits(&parcel.delivery, line.app.now(), delay_ms), ..Done::delayed(parcel.record) })
}

/// One call. Where repeating it could double the effect, it is announced before, and its end is said after.
async fn tried(line: &Line<'_>, ready: &Ready<'_>, parcel: Parcel, effect: &Effect, turn: bool) -> Result<Done, Simple> {
    let (app, of, at, delivery) = (line.app, line.of(), line.at(), &parcel.delivery);
    let (event, occurrence) = (delivery.ev.as_str(), delivery.occ.as_str());
    let announced = matches!(ready.destination.idempotency(&delivery.ct), Idempotency::Lookup | Idempotency::None);
    if effect.cut_off(occurrence, delivery.turn) && doubles(ready, &line.flow, delivery) {
        return failed(line, parcel, 0, unknown(app.now()), turn).await;
    }
    let me = app.chance.id("own_");
    let ask = Ask { me: &me, version: &delivery.ver, purpose: slot::Purpose::Force, occurrence, body_hash: &delivery.bh, mark: None };
    let Acquired::Held(held) = of.acquire(at, &ask, app.now(), &app.limits).await.map_err(|error| simple(&error))? else {
        // Somebody who died over this key still holds it for at most a lease: the line waits, in order.
        return waits(line, parcel, app.limits.lease_ms).await;
    };
    if announced {
        of.effect_begun(at, event, occurrence, app.expires_s()).await.map_err(|error| simple(&error))?;
    }
    let answer = call(app, ready, &parcel.flow, delivery, None, parcel.turn_at).await;
    let called = match &answer {
        Answer::Applied { .. } => {
            of.effect_done(at, event, occurrence, app.expires_s()).await.map_err(|error| simple(&error))?;
            Called::Done
        }
        Answer::Failed(failure) => {
            if announced && !failure.ambiguous {
                of.effect_refused(at, event, app.expires_s()).await.map_err(|error| simple(&error))?;
            }
            Called::Failed { ambiguous: failure.ambiguous, burns: failure.burns }
        }
    };
    let settlement = slot::settle(&held, slot::Purpose::Force, called, app.now(), &app.limits);
    // What was done is marked; a lost lease changes nothing about it.
    let _ended = of.end_lease(at, &ask, &held, &settlement.write).await.map_err(|error| simple(&error))?;
    match answer {
        Answer::Applied { status } => Ok(Done { calls: 1, ..ends(line, parcel, Outcome::Applied, &status.to_string(), turn).await? }),
        Answer::Failed(failure) => Ok(Done { calls: 1, ..Box::pin(failed(line, parcel, held.attempts, failure, turn)).await? }),
    }
}

/// A failed attempt: in line until the next, or dead.
async fn failed(line: &Line<'_>, mut parcel: Parcel, attempts_before: u32, failure: Failure, turn: bool) -> Result<Done, Simple> {
    let app = line.app;
    let carried = u32::try_from(parcel.delivery.tries.len()).unwrap_or(u32::MAX);
    let attempts = attempts_before.max(carried) + u32::from(failure.burns);
    let schedule = Schedule::of(&parcel.flow.retry).unwrap_or(Schedule::STANDARD);
    let next = match failure.fault.disposition {
        Disposition::Reject => None,
        Disposition::Park => Some(15 * 60_000 + 1),
        Disposition::Retry { after } => schedule.delay_ms(attempts, after.or(failure.wished), app.chance.unit()),
    };
    let wished = failure.wished.filter(|_| failure.fault.code == "destination_rate_limited");
    let pause_until = wished.map_or(0, |wish| app.now() + Millis::try_from(wish.as_millis()).unwrap_or(0));
    let broken = matches!(failure.fault.disposition, Disposition::Park).then_some(failure.fault.code);
    let counted = |done: Done| Done { failures: u32::from(failure.trips), pause_until, broken, ..done };
    if failure.burns || next.is_none() {
        parcel.delivery.tries.push(failure.attempt.clone());
    }
    let Some(delay_ms) = next else { return dies(line, parcel, &failure.fault, turn).await.map(counted) };
    line.waits(&parcel.delivery, app.now() + delay_ms).await?;
    let waits = report::waits(&parcel.delivery, app.now(), delay_ms);
    Ok(counted(Done { waits, ..Done::delayed_with(parcel, &failure.fault, delay_ms, app.now()) }))
}

/// Death: kept first, then the line stops at it, then it is remembered.
async fn dies(line: &Line<'_>, parcel: Parcel, fault: &Simple, turn: bool) -> Result<Done, Simple> {
    bury(line.app, &parcel.delivery, fault).await?;
    if !parcel.flow.skip_dead {
        line.dig(&parcel.delivery, fault.code).await?;
    }
    line.remember(&parcel.delivery, fault.code).await?;
    ends(line, parcel, Outcome::Dead, fault.code, turn).await
}

/// An end: out of the line, which goes on. `note`: the status of the answer, or of what it died.
async fn ends(line: &Line<'_>, parcel: Parcel, outcome: Outcome, note: &str, turn: bool) -> Result<Done, Simple> {
    if turn {
        line.leave(&place_of(&parcel.delivery)).await?;
        if outcome != Outcome::Dead {
            // Of a replay that went well nobody has to be told any more.
            line.leave(&grave(&parcel.delivery.seq)).await?;
        }
        line.go_on(&parcel.delivery.seq).await?;
    }
    Ok(Done::ended(parcel, outcome, outcome.word(), note, line.app.now()))
}
