//! Ledger rows: who was received and how each ended, one row per batch, hour and shard.

use std::collections::{BTreeMap, BTreeSet};

use canonical::Millis;
use protocol::{Entry, pack, unpack};

use crate::{Error, Store, attribute::{Row, b, n, number, row}, hours::Part};

const TABLE: &str = "events";
const SHARDS: u8 = 16;
const HOUR_MS: Millis = 3_600_000;
/// Entries of 17 bytes a row: a row holds 400 KB.
const MOST_ENTRIES: usize = 16_000;

/// The rows of a batch: entries by the hour their events were accepted; `request` names the batch, so that a second
/// write lands on the first.
pub(crate) fn rows(stage: &str, request: &str, entries: &[(Millis, Entry)], expires_s: i64) -> Vec<Row> {
    let mut hours: BTreeMap<i64, (Millis, Vec<Entry>)> = BTreeMap::new();
    for (accepted_ms, entry) in entries {
        let (latest, hour) = hours.entry(accepted_ms.div_euclid(HOUR_MS)).or_default();
        *latest = (*latest).max(*accepted_ms);
        hour.push(*entry);
    }
    let shard = shard(request);
    let name = |part: usize| if part == 0 { format!("{stage}#{request}") } else { format!("{stage}#{request}#{part:04}") };
    let row_of = |hour: i64, latest: Millis, part: usize, entries: &[Entry]| {
        row(pk(hour, shard), name(part), [("e", Some(b(pack(entries)))), ("at", Some(n(latest))), ("exp", Some(n(expires_s)))])
    };
    let rows_of = |(hour, (latest, entries)): (i64, (Millis, Vec<Entry>))| -> Vec<Row> {
        entries.chunks(MOST_ENTRIES).enumerate().map(|(part, entries)| row_of(hour, latest, part, entries)).collect()
    };
    hours.into_iter().flat_map(rows_of).collect()
}

/// The parts of the ledger a batch writes to.
pub(crate) fn parts(request: &str, entries: &[(Millis, Entry)]) -> Vec<Part> {
    let hours: BTreeSet<i64> = entries.iter().map(|(accepted_ms, _)| accepted_ms.div_euclid(HOUR_MS)).collect();
    hours.into_iter().map(|hour| (hour, shard(request))).collect()
}

fn shard(request: &str) -> u8 {
    document::hash_bytes(request.as_bytes())[0] % SHARDS
}

fn pk(hour: i64, shard: u8) -> String {
    format!("l#{hour}#{shard:x}")
}

impl Store {
    /// Every entry of events accepted in an hour (hours since 1970) in these shards, with the time the latest of its row
    /// was accepted at.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn ledger(&self, hour: i64, shards: &[u8]) -> Result<Vec<(Millis, Entry)>, Error> {
        let mut entries = Vec::new();
        for shard in shards {
            for row in self.range(TABLE, pk(hour, *shard), " ", "~", false, 1_000_000).await? {
                if let Some(bytes) = row.get("e").and_then(|value| value.as_b().ok()) {
                    let accepted_ms = number(&row, "at").unwrap_or(hour * HOUR_MS);
                    entries.extend(unpack(bytes.as_ref()).into_iter().map(|entry| (accepted_ms, entry)));
                }
            }
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use protocol::Mark;

    use super::*;
    use crate::attribute::text;

    #[test]
    fn a_batch_of_any_size_fits_into_rows_of_names_that_stay() {
        for (count, parts) in [(1, 1), (16_000, 1), (16_001, 2), (100_000, 7)] {
            let entries: Vec<_> = (0..count).map(|index| (HOUR_MS, Entry::new([1; 8], &format!("{index:016x}"), Mark::Received))).collect();
            let rows = rows("reconcile", "run", &entries, 1);
            let names: BTreeSet<_> = rows.iter().map(|row| text(row, "sk").unwrap()).collect();
            assert_eq!((rows.len(), names.len(), names.first()), (parts, parts, Some(&"reconcile#run")));
            let bytes = |row: &Row| row["e"].as_b().unwrap().as_ref().to_vec();
            assert!(rows.iter().all(|row| bytes(row).len() <= 300_000));
            assert_eq!(rows.iter().flat_map(|row| unpack(&bytes(row))).collect::<Vec<_>>(), entries.iter().map(|(_, entry)| *entry).collect::<Vec<_>>());
        }
    }
}
