//! One history of one (flow, key): a clock, a queue, a slot, a destination, and six versions on their way.
//!
//! The world delivers messages twice, late and out of order, and lands calls late. What workers do with a message is
//! in `worker`; nothing here decides anything about delivery.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet, VecDeque};

use canonical::{Millis, Version};
use protocol::slot::{Limits, Purpose, Slot};

use crate::chance::Chance;
use crate::count::Count;
use crate::regimes::{Regime, Variant};
use crate::worker::{Step, Worker};

/// How many versions a history has.
pub(crate) const VERSIONS: usize = 6;
/// A history that has not ended by then never will.
const BUDGET: u64 = 20_000;
const VISIBILITY_MS: Millis = 180_000;
/// The latest a write lands: 95 % of the grace window that ships.
const LATEST_MS: Millis = 285_000;

/// What a queue holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message {
    pub(crate) version: usize,
    pub(crate) purpose: Purpose,
    /// When a verify is due: part of its idempotency key.
    pub(crate) due: Millis,
    /// How often it met a lease.
    pub(crate) met: u32,
    /// How often it failed.
    pub(crate) tries: u32,
    done: bool,
}

/// The idempotency key of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    Event(usize),
    Verify(usize, Millis),
    Lease(u64),
}

/// What will happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrive { message: usize, copy: bool },
    Join { message: usize },
    Pump,
    Unacknowledged { message: usize, worker: usize },
    Step { worker: usize },
    Land { version: usize, key: Key },
}

/// What a call came to, as the caller sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    /// Not now (429): not carried out, and no fault of the message.
    Busy,
    /// Never (422): not carried out.
    Invalid,
    /// It may be carried out, now or later.
    Unclear,
}

/// A history under way.
pub(crate) struct World {
    pub(crate) regime: Regime,
    pub(crate) variant: Variant,
    pub(crate) limits: Limits,
    pub(crate) chance: Chance,
    pub(crate) slot: Slot,
    pub(crate) messages: Vec<Message>,
    pub(crate) workers: Vec<Worker>,
    pub(crate) count: Count,
    now: Millis,
    planned: u64,
    /// By time, then in the order it was planned.
    ahead: BinaryHeap<Reverse<(Millis, u64, Event)>>,
    line: VecDeque<usize>,
    busy: bool,
    value: usize,
    keys: HashSet<Key>,
}

impl World {
    /// A history of this seed, run to its end.
    pub(crate) fn run(seed: u64, regime: Regime, variant: Variant) -> Count {
        let mut world = Self::new(seed, regime, variant);
        let mut at = 0;
        for version in 1..=VERSIONS {
            at += world.chance.between(0, regime.spread_ms / 6);
            world.send(version, Purpose::Deliver, at, 0);
        }
        while world.count.events < BUDGET {
            let Some(Reverse((at, _, event))) = world.ahead.pop() else { break };
            world.now = at;
            world.count.events += 1;
            world.happen(event);
        }
        world.count.endless = u64::from(!world.ahead.is_empty());
        world.count.wrong = u64::from(world.value != regime.value(VERSIONS));
        world.count.most_sends = world.count.sends;
        world.count
    }

    fn new(seed: u64, regime: Regime, variant: Variant) -> Self {
        let grace_ms = if variant == Variant::ShortGrace { 60_000 } else { Limits::default().grace_ms };
        Self {
            regime,
            variant,
            limits: Limits { grace_ms, ..Limits::default() },
            chance: Chance::seeded(seed),
            slot: Slot::default(),
            messages: Vec::new(),
            workers: Vec::new(),
            count: Count::default(),
            // Zero means "never" in a slot, so no history begins there.
            now: 1_000_000,
            planned: 0,
            ahead: BinaryHeap::new(),
            line: VecDeque::new(),
            busy: false,
            value: 0,
            keys: HashSet::new(),
        }
    }

    fn after(&mut self, delay: Millis, event: Event) {
        self.planned += 1;
        self.ahead.push(Reverse((self.now + delay, self.planned, event)));
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrive { message, copy } => self.receive(message, copy),
            Event::Join { message } => {
                self.line.push_back(message);
                self.pump();
            }
            Event::Pump => self.pump(),
            Event::Unacknowledged { message, worker } if !self.workers[worker].settled => self.receive(message, false),
            Event::Unacknowledged { .. } => {}
            Event::Step { worker } if self.chance.happens(self.regime.crash) => {
                self.workers[worker].step = Step::Gone;
                self.count.crashes += 1;
            }
            Event::Step { worker } => self.step(worker),
            Event::Land { version, key } => {
                if !self.regime.keyed || self.keys.insert(key) {
                    self.value = self.regime.value(version);
                }
            }
        }
    }

    /// Sends a message, due after a delay.
    pub(crate) fn send(&mut self, version: usize, purpose: Purpose, delay: Millis, due: Millis) {
        self.count.sends += 1;
        let message = self.messages.len();
        self.messages.push(Message { version, purpose, due, met: 0, tries: 0, done: false });
        if self.regime.fifo && purpose == Purpose::Deliver {
            return self.after(delay, Event::Join { message });
        }
        let late = self.chance.between(0, 3_000);
        self.after(delay + late, Event::Arrive { message, copy: false });
        if self.chance.happens(self.regime.dup) {
            let later = self.chance.between(0, 60_000);
            self.after(delay + later, Event::Arrive { message, copy: true });
        }
    }

    fn pump(&mut self) {
        if let (false, Some(first)) = (self.busy, self.line.front()) {
            self.busy = true;
            self.receive(*first, false);
        }
    }

    fn receive(&mut self, message: usize, copy: bool) {
        if self.messages[message].done && !copy {
            return;
        }
        self.count.receives += 1;
        let worker = self.workers.len();
        self.workers.push(Worker { message, settled: false, step: Step::Ask });
        self.after(VISIBILITY_MS, Event::Unacknowledged { message, worker });
        self.after(10, Event::Step { worker });
    }

    /// The worker goes on after a delay, if it lives.
    pub(crate) fn go_on(&mut self, worker: usize, delay: Millis, step: Step) {
        self.workers[worker].step = step;
        self.after(delay, Event::Step { worker });
    }

    /// The message is done with.
    pub(crate) fn acknowledge(&mut self, worker: usize) {
        let message = self.workers[worker].message;
        self.messages[message].done = true;
        self.workers[worker].settled = true;
        if self.regime.fifo && self.line.front() == Some(&message) {
            self.line.pop_front();
            self.busy = false;
            self.after(0, Event::Pump);
        }
    }

    /// The message comes again after a delay.
    pub(crate) fn again(&mut self, worker: usize, delay: Millis) {
        self.workers[worker].settled = true;
        self.after(delay, Event::Arrive { message: self.workers[worker].message, copy: false });
    }

    /// The time, as one of many clocks shows it.
    pub(crate) fn clock(&mut self) -> Millis {
        self.now + self.chance.between(-self.regime.skew_ms, self.regime.skew_ms)
    }

    /// Calls the destination: how long it takes here, and what it looks like from here.
    pub(crate) fn call(&mut self, version: usize, key: Key) -> (Millis, Answer) {
        self.count.calls += 1;
        let slow = self.chance.happens(self.regime.slow);
        let land = if slow { self.chance.between(0, LATEST_MS) } else { self.chance.between(50, 1_000) };
        let latency = land + if slow { self.chance.between(0, 5_000) } else { 50 };
        if self.regime.refuses {
            return (latency.min(self.limits.call_ms), Answer::Invalid);
        }
        let bad = self.chance.happens(self.regime.bad);
        let kind = self.chance.between(0, 3);
        // Of the failures a third is turned away, a third fails, and a third fails although it was carried out.
        if !bad || kind == 2 {
            self.after(land, Event::Land { version, key });
        }
        match (bad, kind) {
            _ if latency > self.limits.call_ms => (self.limits.call_ms, Answer::Unclear),
            (true, 0) => (latency, Answer::Busy),
            (true, _) => (latency, Answer::Unclear),
            (false, _) => (latency, Answer::Done),
        }
    }

    /// The version of this number.
    pub(crate) fn version(number: usize) -> Version {
        Version::of(0, Millis::try_from(number).ok(), None, 1_000_000)
    }
}

impl Regime {
    /// What a version says.
    pub(crate) fn value(&self, version: usize) -> usize {
        if self.flip { 1 + version % 2 } else { version }
    }
}
