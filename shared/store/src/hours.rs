//! Which parts of the ledger hold anything: noted beside the first row a process writes to each, so that nobody has to
//! ask sixteen shards of every hour.
//!
//! A note that is written twice is one. One that this process wrote is remembered, and only after it was written.

use std::{collections::{BTreeMap, HashSet}, sync::{Arc, Mutex, PoisonError}};

use crate::{Error, Store, attribute::{Row, n, row, text}};

const TABLE: &str = "events";
const PK: &str = "l#hours";
/// The most notes a process remembers.
const MOST: usize = 10_000;

/// A shard of an hour (hours since 1970).
pub(crate) type Part = (i64, u8);

/// The parts this process has noted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hours(Arc<Mutex<HashSet<Part>>>);

impl Hours {
    /// Those of some parts that still have to be noted.
    pub(crate) fn unknown(&self, parts: Vec<Part>) -> Vec<Part> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parts.into_iter().filter(|part| !known.contains(part)).collect()
    }

    /// These are noted.
    pub(crate) fn know(&self, parts: Vec<Part>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.extend(parts);
    }
}

/// The note of a part.
pub(crate) fn note((hour, shard): Part, expires_s: i64) -> Row {
    row(PK.to_owned(), format!("{hour:09}#{shard:x}"), [("exp", Some(n(expires_s)))])
}

impl Store {
    /// The shards that hold anything, of the hours between two, both included.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn ledger_hours(&self, first: i64, last: i64) -> Result<BTreeMap<i64, Vec<u8>>, Error> {
        let mut hours: BTreeMap<i64, Vec<u8>> = BTreeMap::new();
        for row in self.range(TABLE, PK.into(), &format!("{first:09}#"), &format!("{last:09}#~"), false, 1_000_000).await? {
            let part = text(&row, "sk").and_then(|sk| sk.split_once('#')).and_then(|(hour, shard)| Some((hour.parse().ok()?, u8::from_str_radix(shard, 16).ok()?)));
            if let Some((hour, shard)) = part {
                hours.entry(hour).or_default().push(shard);
            }
        }
        Ok(hours)
    }
}
