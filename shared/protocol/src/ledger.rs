//! The ledger: who was received and how each ended, packed into rows that may be written twice and count once.

use std::collections::BTreeMap;

use canonical::{FlowId, TenantId};
use document::hash_bytes;

use crate::Outcome;

/// Stands for a flow of a tenant in ledger rows.
pub type FlowHash = [u8; 8];

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
        });
    }
    bytes
}

/// The entries of a binary attribute; bytes of an unknown mark are passed over.
#[must_use]
pub fn unpack(bytes: &[u8]) -> Vec<Entry> {
    let entry = |chunk: &[u8]| {
        let (mut flow, mut occurrence) = ([0; 8], [0; 8]);
        flow.copy_from_slice(&chunk[..8]);
        occurrence.copy_from_slice(&chunk[8..16]);
        let mark = match chunk[16] {
            0 => Mark::Received,
            code @ 1..=5 => Mark::Ended(Outcome::ALL[usize::from(code) - 1]),
            _ => return None,
        };
        Some(Entry { flow, occurrence, mark })
    };
    bytes.as_chunks::<17>().0.iter().filter_map(|chunk| entry(chunk)).collect()
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
}

/// A set union by occurrence: rows written twice count once, and of several outcomes the first in precedence counts.
#[must_use]
pub fn settle_marks(entries: impl IntoIterator<Item = Entry>) -> BTreeMap<FlowHash, Totals> {
    let mut best: BTreeMap<(FlowHash, [u8; 8]), Option<Outcome>> = BTreeMap::new();
    for entry in entries {
        let seen = best.entry((entry.flow, entry.occurrence)).or_default();
        if let Mark::Ended(outcome) = entry.mark {
            *seen = Some(seen.map_or(outcome, |known| known.min(outcome)));
        }
    }
    let mut totals: BTreeMap<FlowHash, Totals> = BTreeMap::new();
    for ((flow, occurrence), outcome) in best {
        let total = totals.entry(flow).or_default();
        total.received += 1;
        match outcome {
            Some(outcome) => *total.ended.entry(outcome).or_default() += 1,
            None => total.open.push(hex::encode(occurrence)),
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
        let totals = &settle_marks(rows)[&[7; 8]];
        assert_eq!((totals.received, totals.ended[&Outcome::Applied], totals.open.as_slice()), (2, 1, &[two.to_owned()][..]));
    }

    proptest! {
        #[test]
        fn what_is_packed_unpacks(seed in proptest::collection::vec((any::<[u8; 8]>(), any::<[u8; 8]>(), 0..6_usize), 0..40)) {
            let entries: Vec<_> = seed.into_iter().map(|(flow, occurrence, mark)| {
                let mark = if mark == 5 { Mark::Received } else { Mark::Ended(Outcome::ALL[mark]) };
                Entry { flow, occurrence, mark }
            }).collect();
            prop_assert_eq!(unpack(&pack(&entries)), entries);
        }
    }
}
