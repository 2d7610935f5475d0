//! A worker with one message, and a person: the order of their steps, as the handlers have it.

use protocol::{
    Outcome,
    line::{Arriving, Effect, Head, Joined, Next, Step, grave, joined, next, place, step},
};

use crate::{
    desk::{Desk, Fault},
    tables::{Body, Row, Tables},
    world::Variant,
};

/// The budget of attempts.
const ATTEMPTS: u32 = 3;
/// Between two of them.
const WAIT_MS: i64 = 120_000;
/// Later than a person's request can still be under way.
const RESUMED_MS: i64 = 300_000;

/// The first of the line.
fn head(tables: &Tables) -> Option<(String, Row)> {
    tables.line.first_key_value().map(|(place, row)| (place.clone(), row.clone()))
}

fn seen(head: Option<&(String, Row)>) -> Option<Head<'_>> {
    head.map(|(place, row)| Head { place, due: row.due })
}

/// Handles one delivery; an error leaves it on the queue.
pub(crate) async fn deliver(desk: &Desk, mut body: Body) -> Result<(), Fault> {
    let (turn, mine) = (body.turn, place(&body.sequence, &body.occurrence));
    let (mut effect, mut halted) = known(desk, &body).await?;
    let first = if turn { desk.ask(|tables| head(tables)).await? } else { None };
    let ended = effect.ended(&body.occurrence);
    if ended.is_none() && (turn || halted) && died(desk, &body).await? {
        return finish_death(desk, &body, turn).await;
    }
    if let Some(outcome) = ended {
        return ends(desk, &body, outcome, turn).await;
    }
    let arriving = Arriving { sequence: &body.sequence, occurrence: &body.occurrence, turn };
    match step(&arriving, halted, seen(first.as_ref()), desk.now()) {
        Step::Rest(due) => return timer(desk, due, &body).await,
        Step::TryRow => body = first.unwrap().1.body,
        Step::Behind => {
            desk.ask(|tables| tables.halt(&body.sequence)).await?;
            desk.ask(|tables| tables.stand(&mine, &body)).await?;
            return wake(desk, &body.sequence).await;
        }
        Step::Join => {
            if desk.ask(|tables| tables.announce(&body.sequence)).await? {
                if !joins(desk, &body, &mine).await? {
                    return Ok(());
                }
                desk.ask(|tables| drop(tables.line.remove(&mine))).await?;
                (effect, halted) = known(desk, &body).await?;
                if let Some(outcome) = effect.ended(&body.occurrence) {
                    return ends(desk, &body, outcome, turn).await;
                }
                assert!(!halted, "whoever left the line found no halt");
            }
        }
        Step::Try => {}
    }
    tried(desk, body, &effect, turn).await
}

async fn known(desk: &Desk, body: &Body) -> Result<(Effect, bool), Fault> {
    let effect = desk.ask(|tables| tables.effects.get(&body.event).cloned().unwrap_or_default()).await?;
    let halted = desk.ask(|tables| tables.halted).await?;
    Ok((effect, halted))
}

/// Whether a grave is this very occurrence's: its death was cut off.
async fn died(desk: &Desk, body: &Body) -> Result<bool, Fault> {
    desk.ask(|tables| tables.line.get(&grave(&body.sequence)).is_some_and(|row| row.body.occurrence == body.occurrence)).await
}

/// The row, then whoever stands first is seen to. True: the halt has gone meanwhile.
async fn joins(desk: &Desk, body: &Body, mine: &str) -> Result<bool, Fault> {
    desk.ask(|tables| tables.stand(mine, body)).await?;
    if desk.variant == Variant::NobodySeesToTheHead {
        return Ok(false);
    }
    let first = desk.ask(|tables| head(tables)).await?;
    let halted = desk.ask(|tables| tables.halted).await?;
    match joined(mine, halted, seen(first.as_ref()), desk.now()) {
        Joined::Waits => Ok(false),
        Joined::Try if desk.variant == Variant::HaltForcedAway => Ok(false),
        Joined::Timer(due) => timer(desk, due, body).await.map(|()| false),
        Joined::Try => Ok(true),
    }
}

async fn timer(desk: &Desk, due: i64, body: &Body) -> Result<(), Fault> {
    desk.ask(|tables| drop(tables.timers.insert(due, Body { turn: true, ..body.clone() }))).await
}

/// One call, and what follows it.
async fn tried(desk: &Desk, body: Body, effect: &Effect, turn: bool) -> Result<(), Fault> {
    desk.shared.borrow_mut().called(&body);
    if desk.regime.doubles && desk.variant != Variant::NotAnnounced {
        if effect.cut_off(&body.occurrence, body.turn) {
            return dies(desk, &body, turn).await;
        }
        desk.ask(|tables| tables.effects.entry(body.event).or_default().begun = Some(body.occurrence.clone())).await?;
    }
    let executes = !desk.happens(desk.regime.fails);
    if executes && !desk.happens(desk.regime.rejects) {
        // The call itself: a crash before it and a crash after it are different histories.
        let again = !desk.regime.doubles && effect_of_key(desk, &body);
        let heard = desk.ask(|tables| if !again { *tables.executed.entry(body.event).or_default() += 1 }).await;
        if heard.is_err() || desk.happens(desk.regime.unclear) {
            return if desk.regime.doubles { dies(desk, &body, turn).await } else { fails(desk, body, turn).await };
        }
        desk.ask(|tables| {
            let effect = tables.effects.entry(body.event).or_default();
            (effect.done, effect.begun) = (Some(body.occurrence.clone()), None);
        })
        .await?;
        return ends(desk, &body, Outcome::Applied, turn).await;
    }
    desk.ask(|tables| tables.effects.entry(body.event).or_default().begun = None).await?;
    if executes { dies(desk, &body, turn).await } else { fails(desk, body, turn).await }
}

/// A destination that keeps one effect one has it already.
fn effect_of_key(desk: &Desk, body: &Body) -> bool {
    desk.shared.borrow().tables.executed.contains_key(&body.event)
}

/// A failed attempt: the halt, the row, then the timer.
async fn fails(desk: &Desk, mut body: Body, turn: bool) -> Result<(), Fault> {
    body.tries += 1;
    if body.tries >= ATTEMPTS {
        return dies(desk, &body, turn).await;
    }
    let (mine, due) = (place(&body.sequence, &body.occurrence), desk.now() + WAIT_MS);
    desk.ask(|tables| tables.halt(&body.sequence)).await?;
    desk.ask(|tables| drop(tables.line.insert(mine.clone(), Row { due, body: body.clone() }))).await?;
    if body.turn {
        desk.ask(|tables| drop(tables.line.remove(&grave(&body.sequence)))).await?;
    }
    let first = desk.ask(|tables| head(tables)).await?;
    if first.as_ref().is_some_and(|(first, _)| *first != mine) {
        return wake(desk, &body.sequence).await;
    }
    timer(desk, due, &body).await
}

/// A death: the letter, then the grave, then out of the line, then remembered.
async fn dies(desk: &Desk, body: &Body, turn: bool) -> Result<(), Fault> {
    desk.ask(|tables| drop(tables.letters.insert(body.occurrence.clone(), body.clone()))).await?;
    if desk.regime.skips {
        desk.shared.borrow_mut().tables.passable.insert(body.event);
    } else {
        desk.ask(|tables| tables.halt(&body.sequence)).await?;
        if desk.variant != Variant::NoGrave {
            desk.ask(|tables| drop(tables.line.insert(grave(&body.sequence), Row { due: 0, body: body.clone() }))).await?;
        }
    }
    finish_death(desk, body, turn).await
}

async fn finish_death(desk: &Desk, body: &Body, turn: bool) -> Result<(), Fault> {
    desk.ask(|tables| drop(tables.line.remove(&place(&body.sequence, &body.occurrence)))).await?;
    if desk.variant != Variant::DeathForgotten {
        desk.ask(|tables| tables.effects.entry(body.event).or_default().dead.push(body.occurrence.clone())).await?;
    }
    ends(desk, body, Outcome::Dead, turn).await
}

/// An end: the line goes on, then it is recorded.
async fn ends(desk: &Desk, body: &Body, outcome: Outcome, turn: bool) -> Result<(), Fault> {
    if turn {
        desk.ask(|tables| drop(tables.line.remove(&place(&body.sequence, &body.occurrence)))).await?;
        if outcome != Outcome::Dead {
            desk.ask(|tables| drop(tables.line.remove(&grave(&body.sequence)))).await?;
        }
        wake(desk, &body.sequence).await?;
    }
    desk.ask(|tables| tables.end(&body.occurrence, outcome)).await
}

/// Whoever stands first gets what it needs.
async fn wake(desk: &Desk, ended: &str) -> Result<(), Fault> {
    let first = desk.ask(|tables| head(tables)).await?;
    match next(seen(first.as_ref()), desk.now()) {
        Next::Resume if desk.variant == Variant::HaltForcedAway => desk.ask(|tables| tables.resume("~")).await,
        Next::Resume => desk.ask(|tables| tables.resume(ended)).await,
        Next::Person => Ok(()),
        Next::Timer(due) => timer(desk, due, &first.unwrap().1.body).await,
        Next::Wake => desk.ask(|tables| tables.send(Body { turn: true, ..first.unwrap().1.body })).await,
    }
}

/// A person lets the line go on: a timer first, then the graves at its head go, then the head is woken.
pub(crate) async fn resumes(desk: Desk) -> Result<(), Fault> {
    let mut ended = String::new();
    loop {
        let first = desk.ask(|tables| head(tables)).await?;
        let Some((place, row)) = &first else { break };
        if !seen(first.as_ref()).is_some_and(|head| head.is_grave()) {
            break;
        }
        ended.clone_from(&row.body.sequence);
        timer(&desk, desk.now() + RESUMED_MS, &row.body).await?;
        desk.ask(|tables| {
            tables.passable.insert(row.body.event);
            tables.line.remove(place);
        })
        .await?;
    }
    wake(&desk, &ended).await
}

/// A person replays a dead letter: sent, counted as received, then removed.
pub(crate) async fn replays(desk: Desk, letter: Body) -> Result<(), Fault> {
    let again = Body { occurrence: format!("{}r", letter.occurrence), turn: true, tries: 0, ..letter.clone() };
    let (occurrence, event) = (again.occurrence.clone(), again.event);
    desk.ask(|tables| {
        tables.send(again);
        *tables.replays.entry(event).or_default() += 1;
    })
    .await?;
    desk.ask(|tables| tables.received.insert(occurrence)).await?;
    desk.ask(|tables| drop(tables.letters.remove(&letter.occurrence))).await
}
