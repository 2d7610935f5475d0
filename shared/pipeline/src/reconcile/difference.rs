//! What differs between two ends that were read: by canonical key, and only where both speak.

use std::collections::{BTreeMap, BTreeSet};

use canonical::{Key, Millis, Reading, SnapshotItem};
use document::{Value, hash_value};

use crate::scan::End;

/// One key whose two ends differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which thing.
    pub key: Key,
    /// What the source says.
    pub fields: Value,
    /// The source's own time of it.
    pub at: Option<Millis>,
    /// Whether the destination has the key at all.
    pub known_there: bool,
}

/// What differs: keys of the source whose fields the destination lacks or holds otherwise. Fields the source does not
/// state, and those only one end has by nature (times), are not compared.
#[must_use]
pub fn diff(source: &[(SnapshotItem, Option<Millis>)], destination: &[SnapshotItem]) -> Vec<Difference> {
    let there: BTreeMap<&Key, &SnapshotItem> = destination.iter().map(|item| (&item.key, item)).collect();
    let differs = |item: &SnapshotItem| match there.get(&item.key) {
        None => true,
        Some(other) => item.fields.entries().unwrap_or_default().iter().any(|(name, _)| match (item.reading(name), other.reading(name)) {
            (Reading::Known(ours), Reading::Known(theirs)) => name != "updatedAt" && name != "createdAt" && hash_value(ours) != hash_value(theirs),
            // A destination that does not speak of a field cannot be said to hold it wrongly.
            (Reading::Absent, _) | (_, Reading::Absent) => false,
        }),
    };
    let difference = |(item, at): &(SnapshotItem, Option<Millis>)| Difference { key: item.key.clone(), fields: item.fields.clone(), at: *at, known_there: there.contains_key(&item.key) };
    source.iter().filter(|(item, _)| differs(item)).map(difference).collect()
}

/// How many keys of the destination no record of the source names; what the source has and says nothing of is none of them. Of a source
/// that holds something back, or has nothing at all, none is said to be missing.
pub(super) fn missing(source: &End, destination: &[SnapshotItem]) -> usize {
    if source.partial || source.items.is_empty() {
        return 0;
    }
    let named: BTreeSet<&Key> = source.items.iter().map(|(item, _)| &item.key).chain(&source.silent.keys).collect();
    destination.iter().filter(|item| !named.contains(&item.key)).count()
}

#[cfg(test)]
mod tests {
    use document::parse_str;

    use super::*;
    use crate::scan::Silent;

    fn item(key: &str, fields: &str) -> SnapshotItem {
        SnapshotItem { key: Key::new(key).unwrap(), canonical_type: "stocklevel".into(), fields: parse_str(fields).unwrap() }
    }

    #[track_caller]
    fn differing(source: &[(&str, &str)], destination: &[(&str, &str)]) -> Vec<String> {
        let source: Vec<_> = source.iter().map(|(key, fields)| (item(key, fields), None)).collect();
        let destination: Vec<_> = destination.iter().map(|(key, fields)| item(key, fields)).collect();
        diff(&source, &destination).iter().map(|difference| difference.key.as_str().to_owned()).collect()
    }

    #[test]
    fn equal_ends_have_no_differences_however_their_numbers_are_written() {
        let none: [String; 0] = [];
        assert_eq!(differing(&[("A", r#"{"quantity":5.0}"#)], &[("A", r#"{"quantity":5}"#)]), none);
        assert_eq!(differing(&[("A", r#"{"quantity":5,"updatedAt":"x"}"#)], &[("A", r#"{"quantity":5,"updatedAt":"y"}"#)]), none);
    }

    #[test]
    fn absent_and_null_say_nothing_and_zero_says_zero() {
        let there = [("A", r#"{"quantity":7}"#)];
        let none: [String; 0] = [];
        assert_eq!(differing(&[("A", "{}")], &there), none);
        assert_eq!(differing(&[("A", r#"{"quantity":null}"#)], &there), none);
        assert_eq!(differing(&[], &there), none);
        assert_eq!(differing(&[("A", r#"{"quantity":0}"#)], &there), ["A"]);
    }

    #[test]
    fn what_the_source_has_and_says_nothing_of_is_not_missing() {
        let source = End { items: vec![(item("A", "{}"), None)], silent: Silent { count: 1, keys: [Key::new("B").unwrap()].into(), ..Silent::default() }, partial: false };
        assert_eq!(missing(&source, &["A", "B", "C"].map(|key| item(key, "{}"))), 1);
    }

    #[test]
    fn a_key_the_destination_lacks_is_a_difference() {
        assert_eq!(differing(&[("B", r#"{"quantity":1}"#)], &[]), ["B"]);
    }
}
