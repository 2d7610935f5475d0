//! Ledger rows: who was received and how each ended, one row per batch, hour and shard.

use std::collections::BTreeMap;

use canonical::Millis;
use protocol::{Entry, pack, unpack};

use crate::{Error, Store, attribute::{Row, b, n, number, row}};

const TABLE: &str = "events";
const SHARDS: u8 = 16;
const HOUR_MS: Millis = 3_600_000;

/// The rows of a batch: entries by the hour their events were accepted; `request` names the batch, so that a second
/// write lands on the first.
pub(crate) fn rows(stage: &str, request: &str, entries: &[(Millis, Entry)], expires_s: i64) -> Vec<Row> {
    let mut hours: BTreeMap<i64, (Millis, Vec<Entry>)> = BTreeMap::new();
    for (accepted_ms, entry) in entries {
        let (latest, hour) = hours.entry(accepted_ms.div_euclid(HOUR_MS)).or_default();
        *latest = (*latest).max(*accepted_ms);
        hour.push(*entry);
    }
    let shard = document::hash_bytes(request.as_bytes())[0] % SHARDS;
    let row_of = |(hour, (latest, entries)): (i64, (Millis, Vec<Entry>))| {
        row(pk(hour, shard), format!("{stage}#{request}"), [("e", Some(b(pack(&entries)))), ("at", Some(n(latest))), ("exp", Some(n(expires_s)))])
    };
    hours.into_iter().map(row_of).collect()
}

fn pk(hour: i64, shard: u8) -> String {
    format!("l#{hour}#{shard:x}")
}

impl Store {
    /// Every entry of events accepted in an hour (hours since 1970), with the time the latest of its row was accepted at.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn ledger(&self, hour: i64) -> Result<Vec<(Millis, Entry)>, Error> {
        let mut entries = Vec::new();
        for shard in 0..SHARDS {
            for row in self.range(TABLE, pk(hour, shard), " ", "~", false, 1_000_000).await? {
                if let Some(bytes) = row.get("e").and_then(|value| value.as_b().ok()) {
                    let accepted_ms = number(&row, "at").unwrap_or(hour * HOUR_MS);
                    entries.extend(unpack(bytes.as_ref()).into_iter().map(|entry| (accepted_ms, entry)));
                }
            }
        }
        Ok(entries)
    }
}
