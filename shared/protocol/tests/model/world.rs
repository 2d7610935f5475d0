//! One history of one (flow, key): a clock, a queue, a slot, a destination, and six versions on their way.
//!
//! It knows when things happen. How messages arrive is in `queue`, how calls end in `destination`, what is done with a
//! message in `worker`; nothing here decides anything about delivery.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use canonical::{Millis, Version};
use protocol::slot::{Limits, Purpose, Slot};

use crate::chance::Chance;
use crate::count::Count;
use crate::destination::{Answer, Call, Destination, Key};
use crate::queue::Message;
use crate::regimes::{Regime, Variant};
use crate::worker::{Step, Worker};

/// How many versions a history has.
pub(crate) const VERSIONS: usize = 6;
/// A history that has not ended by then never will.
const BUDGET: u64 = 20_000;

/// What will happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    Arrive { message: usize, copy: bool },
    Join { message: usize },
    Pump,
    Unacknowledged { message: usize, worker: usize },
    Step { worker: usize },
    Land { version: usize, key: Key },
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
    pub(crate) line: VecDeque<usize>,
    pub(crate) busy: bool,
    destination: Destination,
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
        world.count.wrong = u64::from(world.destination.value != regime.value(VERSIONS));
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
            destination: Destination::default(),
        }
    }

    /// Plans what happens after a delay.
    pub(crate) fn after(&mut self, delay: Millis, event: Event) {
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
            Event::Land { version, key } => self.destination.land(&self.regime, version, key),
        }
    }

    /// The worker goes on after a delay, if it lives.
    pub(crate) fn go_on(&mut self, worker: usize, delay: Millis, step: Step) {
        self.workers[worker].step = step;
        self.after(delay, Event::Step { worker });
    }

    /// The time, as one of many clocks shows it.
    pub(crate) fn clock(&mut self) -> Millis {
        self.now + self.chance.between(-self.regime.skew_ms, self.regime.skew_ms)
    }

    /// Calls the destination: how long it takes here, and what it looks like from here.
    pub(crate) fn call(&mut self, version: usize, key: Key) -> (Millis, Answer) {
        self.count.calls += 1;
        let call = Call::roll(&mut self.chance, &self.regime, self.limits.call_ms);
        if let Some(land) = call.lands {
            self.after(land, Event::Land { version, key });
        }
        (call.latency, call.answer)
    }

    /// The version of this number.
    pub(crate) fn version(number: usize) -> Version {
        Version::of(0, Millis::try_from(number).ok(), None, 1_000_000)
    }
}
