//! How hostile a history is, and which part of the protocol is taken out of it. Data only.

use canonical::Millis;

/// The world around the decisions; chances are per mille.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Regime {
    pub(crate) name: &'static str,
    /// That a worker dies, at every step.
    pub(crate) crash: u64,
    /// That the queue delivers a message twice.
    pub(crate) dup: u64,
    /// That a call lands late, up to 285 s after it was made.
    pub(crate) slow: u64,
    /// That a call fails: refused, failed, or failed although it was carried out.
    pub(crate) bad: u64,
    /// That a worker freezes between the call and what follows it, for longer than its lease.
    pub(crate) freeze: u64,
    /// Every reading of a clock is off by up to this.
    pub(crate) skew_ms: Millis,
    /// The six versions arrive within this time.
    pub(crate) spread_ms: Millis,
    /// The queue keeps order and waits for each message.
    pub(crate) fifo: bool,
    /// The destination replays its answer to a key it knows, and executes nothing.
    pub(crate) keyed: bool,
    /// Versions alternate between two values, so that a no-op can be taken for one.
    pub(crate) flip: bool,
    /// Retries follow the schedule that ships, which waits up to hours, instead of 5 to 25 s.
    pub(crate) patient: bool,
    /// The destination refuses everything, for good.
    pub(crate) refuses: bool,
}

impl Regime {
    /// What a version says.
    pub(crate) fn value(&self, version: usize) -> usize {
        if self.flip { 1 + version % 2 } else { version }
    }
}

pub(crate) const NONE: Regime = Regime {
    name: "none",
    crash: 0,
    dup: 0,
    slow: 0,
    bad: 0,
    freeze: 0,
    skew_ms: 0,
    spread_ms: 20_000,
    fifo: false,
    keyed: false,
    flip: false,
    patient: false,
    refuses: false,
};
pub(crate) const MILD: Regime = Regime { name: "mild", crash: 3, dup: 10, slow: 10, bad: 20, ..NONE };
pub(crate) const FAULTS: Regime = Regime { name: "faults", crash: 30, dup: 150, slow: 100, bad: 100, ..NONE };
pub(crate) const SKEW: Regime = Regime { name: "faults+skew15", skew_ms: 15_000, ..FAULTS };
pub(crate) const BURST: Regime = Regime { name: "faults, burst", spread_ms: 1_000, ..FAULTS };
pub(crate) const HEAVY: Regime =
    Regime { name: "heavy+skew15", crash: 100, dup: 400, slow: 250, bad: 250, skew_ms: 15_000, ..NONE };
pub(crate) const FIFO: Regime = Regime { name: "faults, FIFO", fifo: true, ..FAULTS };
pub(crate) const FREEZE: Regime = Regime { name: "freeze", freeze: 250, spread_ms: 120_000, ..FAULTS };
pub(crate) const FLIP: Regime =
    Regime { name: "heavy, flip", flip: true, patient: true, spread_ms: 3_000_000, skew_ms: 0, ..HEAVY };
pub(crate) const KEYED: Regime = Regime { name: "faults, keyed", keyed: true, ..FAULTS };
/// Heavy without skew: crashes long enough in a row outlast the grace window.
pub(crate) const KEYED_HEAVY: Regime = Regime { name: "heavy, keyed", keyed: true, skew_ms: 0, ..HEAVY };
/// A destination that refuses everything, under the schedule that ships.
pub(crate) const REFUSING: Regime = Regime { name: "refusing", refuses: true, patient: true, ..MILD };

/// What is done to the protocol before it is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    /// Nothing: the decisions as they ship.
    Sound,
    /// Nobody sees anybody else's lease.
    WithoutLease,
    /// The last write is made whatever the fence says.
    WithoutFence,
    /// No verify is ever sent.
    WithoutReassert,
    /// The verify is sent after the commit.
    VerifyAfterCommit,
    /// The grace window is a minute, while writes land up to 285 s late.
    ShortGrace,
    /// Every call of an event has one idempotency key, its verify too.
    VerifyUnderEventKey,
    /// A verify has its own idempotency key, but an event that is delivered again keeps its first.
    EventKeyAcrossLeases,
    /// A verify that comes too early sends another and ends, instead of waiting.
    EarlyVerifyResends,
    /// The retry budget is what the slot counts, not also what the message has been through.
    BudgetInSlotAlone,
}
