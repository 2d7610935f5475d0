//! The ledger: who was received and how each ended, packed into rows that may be written twice and count once.

use std::collections::BTreeMap;

use canonical::{FlowId, Millis, TenantId};
use document::hash_bytes;

use crate::Outcome;

/// Stands for a flow of a tenant in ledger rows.
pub type FlowHash = [u8; 8];

const HOUR_MS: Millis = 3_600_000;
const STEP_MS: Millis = HOUR_MS / 2;
/// How long somebody may be on the way before it is missed.
const GRACE_MS: Millis = 10 * 60_000;
/// The first byte that says somebody waits; those below are receipt and outcomes.
const WAITS: u8 = 6;

/// The hash that stands for a flow.
#[must_use]
pub fn flow_hash(tenant: &TenantId, flow: &FlowId) -> FlowHash {
    let mut hash = [0; 8];
    hash.copy_from_slice(&hash_bytes(format!("{tenant}#{flow}").as_bytes())[..8]);
    hash
}

/// What a row says of an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A flow took it in.
    Received,
    /// It ended.
    Ended(Outcome),
    /// It is known to wait until so many half hours after the hour it was accepted in.
    Waits(u8),
}

impl Mark {
    /// It waits until an instant: a retry that is due, a connection that rests. What is further away than the mark can
    /// say is asked for again by then.
    #[must_use]
    pub fn waits(accepted_ms: Millis, until_ms: Millis) -> Self {
        let from = accepted_ms.div_euclid(HOUR_MS) * HOUR_MS;
        let steps = (until_ms - from).max(0).div_euclid(STEP_MS) + 1;
        Mark::Waits(u8::try_from(steps).unwrap_or(u8::MAX).min(u8::MAX - WAITS))
    }
}

/// One entry of a row: 17 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Which flow.
    pub flow: FlowHash,
    /// Which occurrence.
    pub occurrence: [u8; 8],
    /// What is said.
    pub mark: Mark,
}

impl Entry {
    /// An entry for an occurrence given as its 16 hex characters.
    #[must_use]
    pub fn new(flow: FlowHash, occurrence: &str, mark: Mark) -> Self {
        let mut bytes = [0; 8];
        // Invariant: an `Occurrence` is 16 hex characters; another text would only share the zero name.
        _ = hex::decode_to_slice(occurrence, &mut bytes);
        Self { flow, occurrence: bytes, mark }
    }
}

/// Entries as one binary attribute.
#[must_use]
pub fn pack(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(entries.len() * 17);
    for entry in entries {
        bytes.extend_from_slice(&entry.flow);
        bytes.extend_from_slice(&entry.occurrence);
        bytes.push(match entry.mark {
            Mark::Received => 0,
            Mark::Ended(Outcome::Applied) => 1,
            Mark::Ended(Outcome::Dead) => 2,
            Mark::Ended(Outcome::Superseded) => 3,
            Mark::Ended(Outcome::Duplicate) => 4,
            Mark::Ended(Outcome::Filtered) => 5,
            Mark::Waits(steps) => WAITS + steps.min(u8::MAX - WAITS),
        });
    }
    bytes
}

/// The entries of a binary attribute.
#[must_use]
pub fn unpack(bytes: &[u8]) -> Vec<Entry> {
    let entry = |chunk: &[u8]| {
        let (mut flow, mut occurrence) = ([0; 8], [0; 8]);
        flow.copy_from_slice(&chunk[..8]);
        occurrence.copy_from_slice(&chunk[8..16]);
        let mark = match chunk[16] {
            0 => Mark::Received,
            code @ 1..WAITS => Mark::Ended(Outcome::ALL[usize::from(code) - 1]),
            code => Mark::Waits(code - WAITS),
        };
        Entry { flow, occurrence, mark }
    };
    bytes.as_chunks::<17>().0.iter().map(|chunk| entry(chunk)).collect()
}

/// The equation of one flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Occurrences taken in.
    pub received: u64,
    /// How they ended, by outcome in order of [`Outcome::ALL`].
    pub ended: BTreeMap<Outcome, u64>,
    /// Names of those taken in that have not ended: not a number only, a list.
    pub open: Vec<String>,
    /// Names of the open ones that are neither on their way for a short time nor known to wait.
    pub missing: Vec<String>,
}

/// What is known of one occurrence: how it ended, or until when it may be silent.
#[derive(Default)]
struct Seen {
    outcome: Option<Outcome>,
    until_ms: Millis,
}

/// A set union by occurrence: rows written twice count once, and of several outcomes the first in precedence counts.
/// Entries come with the time they were accepted at, to the hour at least.
#[must_use]
pub fn settle_marks(entries: impl IntoIterator<Item = (Millis, Entry)>, now_ms: Millis) -> BTreeMap<FlowHash, Totals> {
    let mut known: BTreeMap<(FlowHash, [u8; 8]), Seen> = BTreeMap::new();
    for (accepted_ms, entry) in entries {
        let seen = known.entry((entry.flow, entry.occurrence)).or_default();
        match entry.mark {
            Mark::Received => seen.until_ms = seen.until_ms.max(accepted_ms),
            Mark::Waits(steps) => seen.until_ms = seen.until_ms.max(accepted_ms.div_euclid(HOUR_MS) * HOUR_MS + Millis::from(steps) * STEP_MS),
            Mark::Ended(outcome) => seen.outcome = Some(seen.outcome.map_or(outcome, |known| known.min(outcome))),
        }
    }
    let mut totals: BTreeMap<FlowHash, Totals> = BTreeMap::new();
    for ((flow, occurrence), seen) in known {
        let total = totals.entry(flow).or_default();
        total.received += 1;
        if let Some(outcome) = seen.outcome {
            *total.ended.entry(outcome).or_default() += 1;
            continue;
        }
        total.open.push(hex::encode(occurrence));
        if seen.until_ms + GRACE_MS < now_ms {
            total.missing.push(hex::encode(occurrence));
        }
    }
    totals
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_written_twice_count_once_and_the_strongest_outcome_wins() {
        let entry = |name: &str, mark| Entry::new([7; 8], name, mark);
        let (one, two) = ("00000000000000aa", "00000000000000bb");
        let rows = [
            entry(one, Mark::Received),
            entry(one, Mark::Received),
            entry(one, Mark::Ended(Outcome::Duplicate)),
            entry(one, Mark::Ended(Outcome::Applied)),
            entry(two, Mark::Received),
        ];
        let totals = &settle_marks(rows.map(|row| (0, row)), 1)[&[7; 8]];
        assert_eq!((totals.received, totals.ended[&Outcome::Applied], totals.open.as_slice()), (2, 1, &[two.to_owned()][..]));
    }

    #[test]
    fn who_is_silent_for_ten_minutes_is_missing_unless_it_is_known_to_wait() {
        let accepted = 100 * HOUR_MS + 1_000;
        let (lost, waits) = ("00000000000000aa", "00000000000000bb");
        let until = accepted + 2 * HOUR_MS;
        let rows = || [(lost, Mark::Received), (waits, Mark::Received), (waits, Mark::waits(accepted, until))].map(|(name, mark)| (accepted, Entry::new([7; 8], name, mark)));
        let missing = |now| settle_marks(rows(), now)[&[7; 8]].missing.clone();
        assert_eq!(missing(accepted + GRACE_MS), Vec::<String>::new());
        assert_eq!(missing(accepted + GRACE_MS + 1), [lost]);
        assert_eq!(missing(until + GRACE_MS), [lost]);
        assert_eq!(missing(until + GRACE_MS + STEP_MS + 1), [lost, waits]);
        assert_eq!(settle_marks(rows(), until)[&[7; 8]].open, [lost, waits]);
    }

    #[test]
    fn a_wait_beyond_what_a_mark_can_say_is_asked_for_again() {
        assert_eq!(Mark::waits(0, Millis::MAX), Mark::Waits(u8::MAX - WAITS));
        assert_eq!(Mark::waits(HOUR_MS, 0), Mark::Waits(1));
    }

    proptest! {
        #[test]
        fn what_is_packed_unpacks(seed in proptest::collection::vec((any::<[u8; 8]>(), any::<[u8; 8]>(), 0..=255_u8), 0..40)) {
            let entries: Vec<_> = seed.into_iter().map(|(flow, occurrence, mark)| {
                let mark = match mark {
                    0 => Mark::Received,
                    code @ 1..WAITS => Mark::Ended(Outcome::ALL[usize::from(code) - 1]),
                    code => Mark::Waits(code - WAITS),
                };
                Entry { flow, occurrence, mark }
            }).collect();
            prop_assert_eq!(unpack(&pack(&entries)), entries);
        }
    }
}
