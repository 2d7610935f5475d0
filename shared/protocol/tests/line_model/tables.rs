//! The tables, the queue and the destination of the model: what survives a crash.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use canonical::Millis;
use protocol::{Outcome, line::Effect};

/// What travels: one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Body {
    /// Which change; a later one has a higher number.
    pub(crate) event: u32,
    pub(crate) occurrence: String,
    pub(crate) sequence: String,
    pub(crate) turn: bool,
    pub(crate) tries: u32,
}

/// A message on the queue; the first one blocks the others while it is in flight.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) sequence: u64,
    pub(crate) body: Body,
    pub(crate) visible_at: Millis,
}

/// A row of the line.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) due: Millis,
    pub(crate) body: Body,
}

/// Everything durable of one key.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) queue: VecDeque<Message>,
    pub(crate) sent: u64,
    pub(crate) halted: bool,
    pub(crate) parked: Option<String>,
    pub(crate) line: BTreeMap<String, Row>,
    pub(crate) effects: BTreeMap<u32, Effect>,
    /// By when they are due; the same time is the same row.
    pub(crate) timers: BTreeMap<Millis, Body>,
    pub(crate) letters: BTreeMap<String, Body>,
    pub(crate) ledger: BTreeMap<String, BTreeSet<&'static str>>,
    pub(crate) received: BTreeSet<String>,
    /// How often each event was executed by the destination, and after how many words of a person.
    pub(crate) executed: BTreeMap<u32, u32>,
    pub(crate) replays: BTreeMap<u32, u32>,
    /// Events whose death nobody waits for: a person let the line go on, or the flow skips it.
    pub(crate) passable: BTreeSet<u32>,
}

impl Tables {
    /// Sends to the end of the queue.
    pub(crate) fn send(&mut self, mut body: Body) {
        self.sent += 1;
        if body.sequence.is_empty() {
            body.sequence = format!("{:020}", self.sent);
        }
        self.queue.push_back(Message { sequence: self.sent, body, visible_at: 0 });
    }

    /// The slot is halted, and knows of a sequence number.
    pub(crate) fn halt(&mut self, sequence: &str) {
        self.halted = true;
        self.announce(sequence);
    }

    /// Somebody is about to join. False: nothing is halted any more.
    pub(crate) fn announce(&mut self, sequence: &str) -> bool {
        if self.halted && self.parked.as_deref() < Some(sequence) {
            self.parked = Some(sequence.to_owned());
        }
        self.halted
    }

    /// A row of the line, unless it is there.
    pub(crate) fn stand(&mut self, place: &str, body: &Body) {
        self.line.entry(place.to_owned()).or_insert_with(|| Row { due: 0, body: body.clone() });
    }

    /// Ends the halt, unless a later one has announced itself.
    pub(crate) fn resume(&mut self, sequence: &str) {
        if self.parked.as_deref() <= Some(sequence) {
            self.halted = false;
            self.parked = None;
        }
    }

    pub(crate) fn end(&mut self, occurrence: &str, outcome: Outcome) {
        self.ledger.entry(occurrence.to_owned()).or_default().insert(outcome.word());
    }
}
