//! The destination of a history: it answers late, or never, or wrongly, and may carry a call out long after its caller
//! has given up.

use std::collections::HashSet;

use canonical::Millis;

use crate::chance::Chance;
use crate::regimes::Regime;

/// The latest a write lands: 95 % of the grace window that ships.
const LATEST_MS: Millis = 285_000;

/// The idempotency key of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    Event(usize),
    Verify(usize, Millis),
    Lease(u64),
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

/// What the destination holds.
#[derive(Default)]
pub(crate) struct Destination {
    /// The value; 0 when nothing was ever written.
    pub(crate) value: usize,
    keys: HashSet<Key>,
}

impl Destination {
    /// Carries a call out.
    pub(crate) fn land(&mut self, regime: &Regime, version: usize, key: Key) {
        if !regime.keyed || self.keys.insert(key) {
            self.value = regime.value(version);
        }
    }
}

/// How one call will go.
pub(crate) struct Call {
    /// How long the caller waits.
    pub(crate) latency: Millis,
    pub(crate) answer: Answer,
    /// When it is carried out, if it is.
    pub(crate) lands: Option<Millis>,
}

impl Call {
    /// Rolls the dice for a call that is given up after `call_ms`.
    pub(crate) fn roll(chance: &mut Chance, regime: &Regime, call_ms: Millis) -> Self {
        let slow = chance.happens(regime.slow);
        let land = if slow { chance.between(0, LATEST_MS) } else { chance.between(50, 1_000) };
        let latency = land + if slow { chance.between(0, 5_000) } else { 50 };
        if regime.refuses {
            return Self { latency: latency.min(call_ms), answer: Answer::Invalid, lands: None };
        }
        let bad = chance.happens(regime.bad);
        let kind = chance.between(0, 3);
        // Of the failures a third is turned away, a third fails, and a third fails although it was carried out.
        let lands = (!bad || kind == 2).then_some(land);
        let answer = match (bad, kind) {
            _ if latency > call_ms => Answer::Unclear,
            (true, 0) => Answer::Busy,
            (true, _) => Answer::Unclear,
            (false, _) => Answer::Done,
        };
        Self { latency: latency.min(call_ms), answer, lands }
    }
}
