//! What the records of a snapshot say of each key. Where two say something else of one, nobody knows which of them is true.

use std::collections::{BTreeSet, HashMap, HashSet};

use canonical::Key;
use document::{Hash128, hash_value};

use crate::{LeftOut, Scanned, Silence};

/// Records of one key that are told apart.
const MOST: usize = 64;

/// What a record says of which it is not known.
const UNKNOWN: Hash128 = [0; 16];

/// What was said of keys so far.
#[derive(Debug, Default)]
pub struct Sayings {
    /// The records of each key, with what each said last.
    of: HashMap<Key, Vec<Said>>,
    /// Bytes there is room for, where it is bounded, and those that are taken.
    room: Option<usize>,
    taken: usize,
    missed: bool,
}

/// What is said of a key: a hash for the record, and one for its fields.
type Said = (u64, Hash128);

impl Sayings {
    /// Room for about so many bytes; what is said of more keys is not kept.
    #[must_use]
    pub fn within(bytes: usize) -> Self {
        Self { room: Some(bytes), ..Self::default() }
    }

    /// Takes an item.
    pub fn take(&mut self, scanned: &Scanned) {
        self.say(&scanned.item.key, (scanned.record, hash_value(&scanned.item.fields)));
    }

    /// Takes a record of which it is not known what it says: it speaks of its key, and otherwise than those that say something.
    pub fn take_left_out(&mut self, left: &LeftOut) {
        if let (Some(key), Silence::Value(_) | Silence::Unmapped(_)) = (&left.key, &left.why) {
            self.say(key, (0, UNKNOWN));
        }
    }

    /// Takes what was said later.
    pub fn join(&mut self, later: Self) {
        self.missed |= later.missed;
        later.of.into_iter().for_each(|(key, all)| all.into_iter().for_each(|said| self.say(&key, said)));
    }

    /// Of how many keys something is said.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.of.len()
    }

    /// Whether something was passed over for want of room.
    #[must_use]
    pub fn missed(&self) -> bool {
        self.missed
    }

    /// The keys of which records say something else, in order.
    #[must_use]
    pub fn contested(&self) -> BTreeSet<&Key> {
        self.of.iter().filter(|(_, all)| differ(all)).map(|(key, _)| key).collect()
    }

    /// Whether a record that is left out for its letters is of no account: one with the key as it was asked for is there.
    #[must_use]
    pub fn answers(&self, left: &LeftOut) -> bool {
        left.is_in_other_letters() && left.key.as_ref().is_some_and(|key| self.of.contains_key(key))
    }

    fn say(&mut self, key: &Key, said: Said) {
        let mut all = self.of.get_mut(key);
        if let Some(one) = all.iter_mut().flat_map(|all| all.iter_mut()).find(|one| one.0 == said.0) {
            *one = said;
            return;
        }
        if let Some(full) = all.as_mut().filter(|all| all.len() >= MOST) {
            // Others than these are looked for no more; that they differ is not forgotten.
            if !differ(full) {
                full.pop();
                full.push(said);
            }
            return;
        }
        let costs = size_of::<Said>() + if all.is_none() { size_of::<(Key, Vec<Said>)>() + key.as_str().len() } else { 0 };
        if self.room.is_some_and(|room| self.taken + costs > room) {
            self.missed = true;
            return;
        }
        self.taken += costs;
        match all {
            Some(all) => all.push(said),
            None => drop(self.of.insert(key.clone(), vec![said])),
        }
    }
}

/// Whether records say something else.
fn differ(all: &[Said]) -> bool {
    all.windows(2).any(|pair| matches!(pair, [one, other] if one.1 != other.1))
}

/// Each key once, of what was read and of what was left out.
///
/// Of one record what was read last counts, and of several that say the same as well. A key of which they say something else is left out,
/// because nobody knows which of them is true; so is one of which a record says nothing that is known.
#[must_use]
pub fn once(mut items: Vec<Scanned>, silent: &[LeftOut]) -> (Vec<Scanned>, Vec<LeftOut>) {
    let mut sayings = Sayings::default();
    items.iter().for_each(|scanned| sayings.take(scanned));
    silent.iter().for_each(|left| sayings.take_left_out(left));
    let contested: BTreeSet<Key> = sayings.contested().into_iter().cloned().collect();
    drop(sayings);
    let mut seen = HashSet::new();
    items.reverse();
    items.retain(|scanned| !contested.contains(&scanned.item.key) && seen.insert(scanned.item.key.clone()));
    items.reverse();
    let left_out = contested.into_iter().map(|key| LeftOut { record: crate::left_out::shown(key.as_str()).to_owned(), key: Some(key), why: Silence::Twice }).collect();
    (items, left_out)
}

#[cfg(test)]
mod tests {
    use canonical::SnapshotItem;

    use super::*;

    fn scanned(key: &str, record: u64, fields: &str) -> Scanned {
        let item = SnapshotItem { key: Key::new(key).unwrap(), canonical_type: "stocklevel".into(), fields: document::parse_str(fields).unwrap() };
        Scanned { item, occurred_ms: None, record }
    }

    /// The keys with what counts of them, and those that are left out.
    fn counting(items: &[(&str, u64, &str)], silent: &[LeftOut]) -> (Vec<String>, Vec<String>) {
        let (items, left_out) = once(items.iter().map(|(key, record, fields)| scanned(key, *record, fields)).collect(), silent);
        (items.iter().map(|one| format!("{}{}", one.item.key.as_str(), one.item.fields)).collect(), left_out.iter().map(|left| format!("{} {}", left.record, left.why.word())).collect())
    }

    #[test]
    fn the_last_of_one_record_counts_and_of_two_that_differ_none() {
        for (items, counts, left_out) in [
            (&[("A", 1, r#"{"n":1}"#), ("B", 2, r#"{"n":2}"#)][..], &[r#"A{"n":1}"#, r#"B{"n":2}"#][..], &[][..]),
            (&[("A", 1, r#"{"n":1}"#), ("B", 2, r#"{"n":2}"#), ("A", 1, r#"{"n":3}"#)], &[r#"B{"n":2}"#, r#"A{"n":3}"#], &[]),
            (&[("A", 1, r#"{"n":1}"#), ("A", 2, r#"{"n":1.0}"#)], &[r#"A{"n":1.0}"#], &[]),
            (&[("A", 1, r#"{"n":1}"#), ("B", 1, r#"{"n":2}"#), ("A", 2, r#"{"n":2}"#)], &[r#"B{"n":2}"#], &["A twice"]),
            // What a record says no more is not held against it.
            (&[("A", 1, r#"{"n":1}"#), ("A", 2, r#"{"n":2}"#), ("A", 1, r#"{"n":2}"#)], &[r#"A{"n":2}"#], &[]),
            (&[("A", 1, r#"{"n":1}"#), ("A", 2, r#"{"n":1}"#), ("A", 3, r#"{"n":2}"#)], &[], &["A twice"]),
        ] {
            assert_eq!(counting(items, &[]), (counts.iter().map(|text| (*text).to_owned()).collect(), left_out.iter().map(|text| (*text).to_owned()).collect()), "{items:?}");
        }
    }

    #[test]
    fn a_record_of_which_nobody_knows_what_it_says_is_held_against_one_of_the_same_key() {
        let silent = |why: Silence| LeftOut { key: Some(Key::new("A").unwrap()), record: "2".to_owned(), why };
        let unmapped = fault::Simple::reject("mapping_cast", "no number");
        for (why, left_out) in [(Silence::Value("quantity".to_owned()), &["A twice"][..]), (Silence::Unmapped(unmapped), &["A twice"]), (Silence::Rule, &[])] {
            let (counts, found) = counting(&[("A", 1, r#"{"n":1}"#), ("B", 3, r#"{"n":2}"#)], &[silent(why.clone())]);
            assert_eq!((counts.len(), found), (2 - left_out.len(), left_out.iter().map(|text| (*text).to_owned()).collect()), "{why:?}");
        }
    }

    #[test]
    fn what_was_said_later_is_joined() {
        let (mut sayings, mut later) = (Sayings::default(), Sayings::default());
        sayings.take(&scanned("A", 1, "{}"));
        for (key, record) in [("A", 2), ("B", 1), ("B", 2)] {
            later.take(&scanned(key, record, &format!(r#"{{"n":{record}}}"#)));
        }
        sayings.join(later);
        assert_eq!((sayings.contested().len(), sayings.keys(), sayings.missed()), (2, 2, false));
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let mut sayings = Sayings::within(1_000);
        for round in 0..2 {
            (0..100).for_each(|n| sayings.take(&scanned(&format!("key {n}"), 1, &format!(r#"{{"n":{round}}}"#))));
        }
        let keys = sayings.keys();
        assert!((5..20).contains(&keys) && sayings.missed() && sayings.contested().is_empty(), "{keys}");
        let mut sayings = Sayings::within(1_000);
        (0..100).for_each(|record| sayings.take(&scanned("A", record, &format!(r#"{{"n":{record}}}"#))));
        assert!(sayings.missed() && sayings.contested().len() == 1 && sayings.taken <= 1_000);
        // A key that everything has, of which the last one differs.
        let mut sayings = Sayings::default();
        (0..1_000).for_each(|record| sayings.take(&scanned("A", record, if record < 900 { "{}" } else { r#"{"n":1}"# })));
        assert!(sayings.contested().len() == 1 && sayings.taken < 4_000);
    }
}
