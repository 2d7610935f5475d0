//! The queue of a history: it delivers twice, late and out of order, and again whatever nobody acknowledged.
//!
//! One that keeps order hands out one message at a time and waits for it; verifies travel beside it.

use canonical::Millis;
use protocol::slot::Purpose;

use crate::world::{Event, World};
use crate::worker::{Step, Worker};

const VISIBILITY_MS: Millis = 180_000;

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

impl World {
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

    /// Hands out the first in line, unless it is out already.
    pub(crate) fn pump(&mut self) {
        if let (false, Some(first)) = (self.busy, self.line.front()) {
            self.busy = true;
            self.receive(*first, false);
        }
    }

    /// Gives a message to a new worker.
    pub(crate) fn receive(&mut self, message: usize, copy: bool) {
        if self.messages[message].done && !copy {
            return;
        }
        self.count.receives += 1;
        let worker = self.workers.len();
        self.workers.push(Worker { message, settled: false, step: Step::Ask });
        self.after(VISIBILITY_MS, Event::Unacknowledged { message, worker });
        self.after(10, Event::Step { worker });
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
}
