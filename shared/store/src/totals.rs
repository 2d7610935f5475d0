//! Totals of the ledger, per flow and hour: put by the sweep, never added to, so that counting twice changes nothing.

use std::collections::BTreeMap;

use protocol::{FlowHash, Outcome, Totals};
use serde::{Deserialize, Serialize};

use crate::{Error, Store, attribute::{Row, n, number, row, s, text}};

const TABLE: &str = "events";

/// The equation of one flow over one hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HourTotals {
    /// Occurrences taken in.
    pub received: u64,
    /// How many ended each way, in order of [`Outcome::ALL`].
    pub ended: [u64; 5],
    /// Those that have not ended.
    pub open: u64,
}

/// What is open in one hour, over all flows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsettled {
    /// Occurrences that have not ended.
    pub open: u64,
    /// Those of them that are neither fresh nor known to wait.
    pub missing: u64,
}

impl From<&Totals> for HourTotals {
    fn from(totals: &Totals) -> Self {
        let ended = Outcome::ALL.map(|outcome| totals.ended.get(&outcome).copied().unwrap_or(0));
        Self { received: totals.received, ended, open: u64::try_from(totals.open.len()).unwrap_or(u64::MAX) }
    }
}

impl Store {
    /// The totals of every flow in an hour (hours since 1970), as they were counted last.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn totals(&self, hour: i64) -> Result<BTreeMap<FlowHash, HourTotals>, Error> {
        let rows = self.range(TABLE, pk(hour), "0", "g", false, 1_000_000).await?;
        Ok(rows.iter().filter_map(read).collect())
    }

    /// The totals of one flow in an hour, if it was counted.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn totals_of(&self, hour: i64, flow: &FlowHash) -> Result<Option<HourTotals>, Error> {
        Ok(self.get(TABLE, pk(hour), &hex::encode(flow)).await?.as_ref().and_then(read).map(|(_, totals)| totals))
    }

    /// Puts what changed.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn put_totals(&self, hour: i64, totals: &BTreeMap<FlowHash, HourTotals>, expires_s: i64) -> Result<(), Error> {
        let rows = totals.iter().map(|(flow, totals)| {
            let [applied, dead, superseded, duplicate, filtered] = totals.ended.map(|count| Some(n(count)));
            row(pk(hour), hex::encode(flow), [
                ("r", Some(n(totals.received))), ("a", applied), ("d", dead), ("s", superseded), ("u", duplicate), ("f", filtered), ("o", Some(n(totals.open))), ("exp", Some(n(expires_s))),
            ])
        });
        self.put_batch(TABLE, rows.collect()).await
    }

    /// The hours in which something is still open, as they were counted last.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn unsettled(&self) -> Result<BTreeMap<i64, Unsettled>, Error> {
        let row = self.get(TABLE, "t#unsettled".into(), ".").await?;
        Ok(row.as_ref().and_then(|row| text(row, "h")).and_then(|hours| serde_json::from_str(hours).ok()).unwrap_or_default())
    }

    /// Keeps the hours in which something is still open.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn save_unsettled(&self, hours: &BTreeMap<i64, Unsettled>) -> Result<(), Error> {
        let hours = serde_json::to_string(hours).map_err(|error| Error::unreadable(TABLE, error.to_string()))?;
        self.put(TABLE, row("t#unsettled".into(), ".", [("h", Some(s(hours)))])).await
    }
}

fn pk(hour: i64) -> String {
    format!("t#{hour}")
}

fn read(row: &Row) -> Option<(FlowHash, HourTotals)> {
    let mut flow: FlowHash = [0; 8];
    hex::decode_to_slice(text(row, "sk")?, &mut flow).ok()?;
    let count = |name| number(row, name).unwrap_or(0);
    Some((flow, HourTotals { received: count("r"), ended: ["a", "d", "s", "u", "f"].map(count), open: count("o") }))
}
