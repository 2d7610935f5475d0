//! What a worker does with one message, step by step; between any two of them it may die.
//!
//! Every decision is asked of `protocol`, as the handlers ask it; a variant tampers with the question or the answer,
//! never with the decision.

use canonical::Millis;
use protocol::lease_wait_ms;
use protocol::slot::{Acquired, Ask, Called, Held, Next, Purpose, Refusal, Settlement, acquire, apply, settle};

use crate::destination::{Answer, Key};
use crate::queue::Message;
use crate::regimes::Variant;
use crate::world::World;

/// The next thing a worker does.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Asks for the lease.
    Ask,
    /// Calls the destination.
    Call(Held),
    /// Knows the answer and decides what follows.
    Settle(Held, Called),
    /// Makes the write that ends the lease.
    Write(Held, Settlement),
    /// Sends a verify that should have gone out before the write.
    LateVerify(Held, Millis),
    /// Acknowledges.
    Acknowledge,
    /// Has the message delivered again.
    Again(Millis),
    /// Nothing more.
    Gone,
}

/// One receipt of one message.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) message: usize,
    /// Acknowledged or sent again: the queue will not deliver it by itself.
    pub(crate) settled: bool,
    pub(crate) step: Step,
}

const MOMENT: Millis = 10;

impl World {
    /// Takes one step.
    pub(crate) fn step(&mut self, worker: usize) {
        let step = std::mem::replace(&mut self.workers[worker].step, Step::Gone);
        match step {
            Step::Ask => self.ask(worker),
            Step::Call(held) => self.call_out(worker, held),
            Step::Settle(held, called) => self.settle(worker, held, called),
            Step::Write(held, settlement) => self.write(worker, &held, &settlement),
            Step::LateVerify(held, delay) => {
                self.verify(worker, held.dirty_until, delay);
                self.go_on(worker, MOMENT, Step::Acknowledge);
            }
            Step::Acknowledge => self.acknowledge(worker),
            Step::Again(delay) => self.again(worker, delay),
            Step::Gone => {}
        }
    }

    fn message(&self, worker: usize) -> Message {
        self.messages[self.workers[worker].message]
    }

    /// Runs something with the ask of this worker.
    fn asking<T>(&mut self, worker: usize, what: impl FnOnce(&mut Self, &Ask<'_>) -> T) -> T {
        let message = self.message(worker);
        let version = Self::version(message.version);
        let (me, body_hash) = (worker.to_string(), self.regime.value(message.version).to_string());
        let (purpose, occurrence) = (message.purpose, version.as_str());
        let ask = Ask { me: &me, version: &version, purpose, occurrence, body_hash: &body_hash, mark: None };
        what(self, &ask)
    }

    fn ask(&mut self, worker: usize) {
        let now = self.clock();
        if self.variant == Variant::WithoutLease {
            self.slot.owner = None;
        }
        // The answer to a write may be lost; the client then repeats it.
        let repeats = 1 + u32::from(self.chance.happens(self.regime.crash));
        let mut acquired = None;
        for _ in 0..repeats {
            self.count.slot_writes += 1;
            acquired = Some(self.asking(worker, |world, ask| acquire(&mut world.slot, ask, now, &world.limits)));
        }
        match acquired.expect("asked at least once") {
            Acquired::Held(held) if held.no_op => self.go_on(worker, MOMENT, Step::Settle(held, Called::NoOp)),
            Acquired::Held(held) => self.go_on(worker, MOMENT, Step::Call(held)),
            Acquired::Refused(refusal) => self.refused(worker, &refusal, now),
        }
    }

    fn refused(&mut self, worker: usize, refusal: &Refusal, now: Millis) {
        let message = self.workers[worker].message;
        match refusal {
            Refusal::Superseded { .. } | Refusal::VerifyObsolete => self.acknowledge(worker),
            Refusal::Duplicate { verify_in, .. } => {
                if let Some(delay) = verify_in {
                    self.verify(worker, now + delay, *delay);
                }
                self.go_on(worker, MOMENT, Step::Acknowledge);
            }
            Refusal::Leased => {
                self.messages[message].met += 1;
                let wait = lease_wait_ms(self.messages[message].met - 1, self.chance.unit());
                self.again(worker, wait);
            }
            Refusal::TooEarly(delay) if self.variant == Variant::EarlyVerifyResends => {
                self.verify(worker, now + delay, *delay);
                self.go_on(worker, MOMENT, Step::Acknowledge);
            }
            Refusal::TooEarly(delay) => {
                self.messages[message].due = now + delay;
                self.again(worker, *delay);
            }
        }
    }

    fn call_out(&mut self, worker: usize, held: Held) {
        let message = self.message(worker);
        // A destination that honours keys executes a repeated one not at all, even when something else was written in
        // between. So a call made under a new lease needs a new key, whether it delivers or verifies.
        let key = match (self.variant, message.purpose) {
            (Variant::EventKeyAcrossLeases, Purpose::Verify) => Key::Verify(message.version, message.due),
            (Variant::EventKeyAcrossLeases | Variant::VerifyUnderEventKey, _) => Key::Event(message.version),
            _ => Key::Lease(held.fence),
        };
        let (latency, answer) = self.call(message.version, key);
        let called = match answer {
            Answer::Done => Called::Done,
            Answer::Busy => Called::Failed { ambiguous: false, burns: false },
            Answer::Invalid => Called::Failed { ambiguous: false, burns: true },
            Answer::Unclear => Called::Failed { ambiguous: true, burns: true },
        };
        let frozen = if self.chance.happens(self.regime.freeze) { self.chance.between(41_000, 170_000) } else { 0 };
        self.go_on(worker, latency + frozen, Step::Settle(held, called));
    }

    fn settle(&mut self, worker: usize, held: Held, called: Called) {
        let now = self.clock();
        let settlement = settle(&held, self.message(worker).purpose, called, now, &self.limits);
        match settlement.verify_in {
            Some(delay) if self.variant != Variant::VerifyAfterCommit => {
                self.verify(worker, held.dirty_until, delay);
                self.go_on(worker, MOMENT, Step::Write(held, settlement));
            }
            _ => self.write(worker, &held, &settlement),
        }
    }

    fn write(&mut self, worker: usize, held: &Held, settlement: &Settlement) {
        self.count.slot_writes += 1;
        let shown = if self.variant == Variant::WithoutFence { self.slot.fence } else { held.fence };
        let shown = Held { fence: shown, ..held.clone() };
        let ours = self.asking(worker, |world, ask| apply(&mut world.slot, ask, &shown, &settlement.write));
        let next = match (ours, settlement.next) {
            (false, _) => Step::Again(self.chance.between(1_000, 5_000)),
            (true, Next::Again(delay)) => {
                let message = self.workers[worker].message;
                self.messages[message].due = shown.dirty_until;
                Step::Again(delay)
            }
            (true, Next::Retry) => self.retry(worker, &shown, settlement),
            (true, Next::Ack) => match settlement.verify_in {
                Some(delay) if self.variant == Variant::VerifyAfterCommit => Step::LateVerify(shown, delay),
                _ => Step::Acknowledge,
            },
        };
        self.go_on(worker, MOMENT, next);
    }

    fn verify(&mut self, worker: usize, due: Millis, delay: Millis) {
        let message = self.message(worker);
        self.count.sent_by_verifies += u64::from(message.purpose == Purpose::Verify);
        if self.variant != Variant::WithoutReassert {
            self.send(message.version, Purpose::Verify, delay, due);
        }
    }
}
