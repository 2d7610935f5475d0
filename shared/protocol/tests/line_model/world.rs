//! One history: who is polled next, who dies, when a timer fires, and what is found at the end.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    ops::AddAssign,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use crate::{
    chance::Chance,
    desk::{Desk, Fault, Shared},
    tables::{Body, Tables},
    worker,
};

/// How often, per mille, what goes wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Regime {
    pub(crate) name: &'static str,
    /// A process dies at a step.
    pub(crate) crash: u64,
    /// A write holds and its answer is lost.
    pub(crate) lost: u64,
    /// A table does not answer.
    pub(crate) fault: u64,
    /// The destination fails, and may take the next attempt.
    pub(crate) fails: u64,
    /// It refuses, for ever.
    pub(crate) rejects: u64,
    /// It acts, and nobody hears of it.
    pub(crate) unclear: u64,
    /// A message is sent twice, under two sequence numbers.
    pub(crate) copies: u64,
    /// A timer fires and stays; it fires late as often.
    pub(crate) twice: u64,
    /// Repeating a call doubles its effect.
    pub(crate) doubles: bool,
    /// Deaths are skipped: the line goes on without a person.
    pub(crate) skips: bool,
}

/// The protocol, or the protocol without one of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    Sound,
    NobodySeesToTheHead,
    HaltForcedAway,
    NoGrave,
    DeathForgotten,
    NotAnnounced,
}

/// What was found in histories.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Findings {
    pub(crate) histories: u64,
    pub(crate) crashes: u64,
    pub(crate) calls: u64,
    pub(crate) deaths: u64,
    pub(crate) persons: u64,
    /// Somebody was left in line with nothing to wake it, or a key stayed halted.
    pub(crate) stuck: u64,
    /// An occurrence did not end.
    pub(crate) open: u64,
    /// An event was tried before one ahead of it was terminal.
    pub(crate) passed: u64,
    /// An effect was had more often than persons asked for.
    pub(crate) doubled: u64,
    /// What had died was tried again.
    pub(crate) retried: u64,
}

impl AddAssign for Findings {
    fn add_assign(&mut self, other: Self) {
        let Self { histories, crashes, calls, deaths, persons, stuck, open, passed, doubled, retried } = other;
        self.histories += histories;
        self.crashes += crashes;
        self.calls += calls;
        self.deaths += deaths;
        self.persons += persons;
        self.stuck += stuck;
        self.open += open;
        self.passed += passed;
        self.doubled += doubled;
        self.retried += retried;
    }
}

const EVENTS: u32 = 6;
const VISIBILITY_MS: i64 = 360_000;
/// A history that is longer is stuck in a circle.
const MOST_STEPS: usize = 20_000;
/// From here on nothing fails any more.
const CALM_AFTER: usize = 3_000;

impl Shared {
    /// A call is about to be made: is it its turn?
    pub(crate) fn called(&mut self, body: &Body) {
        let tables = &self.tables;
        self.findings.calls += 1;
        self.findings.retried += u64::from(tables.ledger.get(&body.occurrence).is_some_and(|ends| ends.contains("dead")));
        let terminal = |event: &u32| tables.passable.contains(event) || tables.effects.get(event).is_some_and(|effect| effect.done.is_some());
        self.findings.passed += u64::from(!(1..body.event).all(|event| terminal(&event)));
    }
}

type Process = Pin<Box<dyn Future<Output = Result<(), Fault>>>>;

struct History {
    desk: Desk,
    worker: Option<(u64, Process)>,
    person: Option<Process>,
}

impl History {
    fn dice(&self, count: u64) -> u64 {
        self.desk.shared.borrow_mut().chance.of(count)
    }

    /// Polls a process once, or ends it. `Some`: it is over, and whether it did all it wanted.
    fn polled(&self, process: &mut Process) -> Option<bool> {
        if self.desk.happens(self.desk.regime.crash) {
            self.desk.shared.borrow_mut().findings.crashes += 1;
            return Some(false);
        }
        match process.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => None,
            Poll::Ready(result) => Some(result.is_ok()),
        }
    }

    fn work(&mut self) {
        let Some((sequence, mut process)) = self.worker.take() else { return };
        match self.polled(&mut process) {
            None => self.worker = Some((sequence, process)),
            Some(done) => {
                // The acknowledgement may be lost too.
                let acknowledged = done && !self.desk.happens(self.desk.regime.lost);
                let mut shared = self.desk.shared.borrow_mut();
                let now = shared.now;
                match acknowledged {
                    true => shared.tables.queue.retain(|message| message.sequence != sequence),
                    false => shared.tables.queue.iter_mut().filter(|message| message.sequence == sequence).for_each(|message| message.visible_at = now + VISIBILITY_MS),
                }
            }
        }
    }

    /// The first message of the queue, if it is not in flight.
    fn receive(&mut self) -> bool {
        let shared = self.desk.shared.borrow();
        let Some(first) = shared.tables.queue.front().filter(|message| self.worker.is_none() && message.visible_at <= shared.now) else { return false };
        let (sequence, body, desk) = (first.sequence, first.body.clone(), self.desk.clone());
        drop(shared);
        self.worker = Some((sequence, Box::pin(async move { worker::deliver(&desk, body).await })));
        true
    }

    /// A person resumes the key, or replays a dead letter.
    fn act(&mut self) {
        let letter = self.desk.shared.borrow().tables.letters.values().next().cloned();
        self.desk.shared.borrow_mut().findings.persons += 1;
        let desk = self.desk.clone();
        self.person = Some(match letter {
            Some(letter) if self.dice(3) > 0 => Box::pin(worker::replays(desk, letter)),
            _ => Box::pin(worker::resumes(desk)),
        });
    }

    /// Fires what is due; late, and twice, as the dice fall.
    fn fire(&self) -> bool {
        let (late, twice) = (self.desk.happens(self.desk.regime.twice), self.desk.happens(self.desk.regime.twice));
        let mut shared = self.desk.shared.borrow_mut();
        let now = shared.now;
        let Some((due, body)) = shared.tables.timers.first_key_value().map(|(due, body)| (*due, body.clone())).filter(|(due, _)| *due <= now && !late) else { return false };
        if !twice {
            shared.tables.timers.remove(&due);
        }
        shared.tables.send(body);
        true
    }

    /// Nothing can be done now: the clock goes to what is next. False: nothing is.
    fn pass_time(&self) -> bool {
        let mut shared = self.desk.shared.borrow_mut();
        let visible = shared.tables.queue.front().map(|message| message.visible_at);
        let due = shared.tables.timers.first_key_value().map(|(due, _)| *due);
        let Some(next) = visible.into_iter().chain(due).min() else { return false };
        shared.now = shared.now.max(next) + 1;
        true
    }

    fn run(&mut self) {
        let mut steps = 0;
        loop {
            steps += 1;
            self.desk.shared.borrow_mut().calm = steps > CALM_AFTER;
            if steps > MOST_STEPS {
                self.desk.shared.borrow_mut().findings.stuck += 1;
                return;
            }
            match self.dice(8) {
                0 => drop(self.fire()),
                1 if self.person.is_none() && self.dice(60) == 0 && steps < CALM_AFTER => self.act(),
                1..=3 if self.person.is_some() => {
                    let mut process = self.person.take().expect("it was just there");
                    self.person = if self.polled(&mut process).is_none() { Some(process) } else { None };
                }
                _ if self.worker.is_some() => self.work(),
                _ if self.receive() || self.person.is_some() || self.fire() => {}
                _ if self.pass_time() => {}
                // At rest: only what waits for a person may be left.
                _ if self.waits_for_a_person() => self.act(),
                _ => return,
            }
        }
    }

    fn waits_for_a_person(&self) -> bool {
        let shared = self.desk.shared.borrow();
        let grave = shared.tables.line.first_key_value().is_some_and(|(place, _)| place.ends_with("#~"));
        grave || (!shared.tables.letters.is_empty() && shared.findings.persons < 4)
    }

    fn found(&self) -> Findings {
        let shared = self.desk.shared.borrow();
        let tables: &Tables = &shared.tables;
        let mut findings = shared.findings;
        findings.histories = 1;
        findings.stuck += u64::from(!tables.line.is_empty() || tables.halted);
        let ended: BTreeSet<_> = tables.ledger.keys().collect();
        findings.open = u64::from(!tables.received.iter().all(|occurrence| ended.contains(occurrence)));
        findings.deaths = tables.ledger.values().filter(|ends| ends.contains("dead")).count() as u64;
        findings.doubled = tables.executed.iter().filter(|(event, times)| **times > 1 + tables.replays.get(event).copied().unwrap_or(0)).count() as u64;
        findings
    }
}

/// Runs one history.
pub(crate) fn history(seed: u64, regime: Regime, variant: Variant) -> Findings {
    let shared = Shared { tables: Tables::default(), chance: Chance::seeded(seed), findings: Findings::default(), now: 0, calm: false };
    let desk = Desk { shared: Rc::new(RefCell::new(shared)), regime, variant };
    let mut copies = Vec::new();
    for event in 1..=EVENTS {
        let body = Body { event, occurrence: format!("o{event}"), sequence: String::new(), turn: false, tries: 0 };
        if desk.happens(regime.copies) {
            copies.push(body.clone());
        }
        let mut shared = desk.shared.borrow_mut();
        shared.tables.received.insert(body.occurrence.clone());
        shared.tables.send(body);
        if let Some(copy) = copies.pop().filter(|copy| copy.event < event) {
            shared.tables.send(copy);
        }
    }
    copies.into_iter().for_each(|copy| desk.shared.borrow_mut().tables.send(copy));
    let mut history = History { desk, worker: None, person: None };
    history.run();
    history.found()
}
