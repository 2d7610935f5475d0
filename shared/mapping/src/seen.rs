//! What the records of one run had in common so far. What a record adds counts once the record is through: one that fails or
//! waits for a table was not there.

use std::collections::HashSet;

use document::Hash128;

/// So much is remembered of one run.
const MOST: usize = 100_000;

/// What was met, by operation.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    kept: HashSet<(usize, Hash128)>,
    fresh: Vec<(usize, Hash128)>,
}

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    New,
    Before,
    /// It would be one more than are remembered.
    TooMany,
}

impl Seen {
    /// Notes a value of the record at hand.
    pub(crate) fn meet(&mut self, operation: usize, hash: Hash128) -> Met {
        if self.kept.contains(&(operation, hash)) {
            return Met::Before;
        }
        if self.kept.len() + self.fresh.len() >= MOST {
            return Met::TooMany;
        }
        self.fresh.push((operation, hash));
        Met::New
    }

    /// The record at hand is through, or it is as if it had never been.
    pub(crate) fn settle(&mut self, through: bool) {
        let fresh = self.fresh.drain(..);
        if through {
            self.kept.extend(fresh);
        }
    }
}

#[cfg(test)]
mod tests {
    use document::hash_bytes;

    use super::{MOST, Met, Seen};

    #[test]
    fn a_value_counts_once_its_record_is_through() {
        let mut seen = Seen::default();
        let hash = hash_bytes(b"1");
        for (operation, through, met) in [(1, false, Met::New), (1, true, Met::New), (1, true, Met::Before), (2, true, Met::New), (2, true, Met::Before)] {
            assert_eq!(seen.meet(operation, hash), met);
            seen.settle(through);
        }
    }

    #[test]
    fn no_more_is_remembered_than_may_be_and_what_is_stays_known() {
        let mut seen = Seen::default();
        for value in 0..MOST {
            assert_eq!(seen.meet(0, hash_bytes(&value.to_le_bytes())), Met::New);
        }
        seen.settle(true);
        assert_eq!(seen.meet(0, hash_bytes(b"more")), Met::TooMany);
        assert_eq!(seen.meet(0, hash_bytes(&0_usize.to_le_bytes())), Met::Before);
    }
}
