//! The trace of every event: one item per occurrence, an index row per key, and the ledger rows beside them.

use canonical::{EventId, Key, Millis};
use protocol::Entry;
use serde::{Deserialize, Serialize};

use crate::{Error, Store, Tenant, attribute::{Row, n, number, row, s, text}, hours, ledger};

const TABLE: &str = "events";

/// One step of an event's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When, in ms.
    pub at: Millis,
    /// What happened, a word.
    pub step: String,
    /// More about it: a code, a status, a delay.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What is known of one occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Which change.
    pub event: String,
    /// On which flow.
    pub flow: String,
    /// Which receipt.
    pub occurrence: String,
    /// Canonical type.
    pub canonical_type: String,
    /// Canonical key.
    pub key: String,
    /// Version.
    pub version: String,
    /// When the door took it.
    pub accepted_ms: Millis,
    /// When this was written.
    pub at_ms: Millis,
    /// The outcome, or `delayed`.
    pub outcome: String,
    /// A code where something went wrong.
    pub code: String,
    /// The steps so far.
    pub steps: Vec<Step>,
}

/// One line of a key's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexRow {
    /// Which change.
    pub event: String,
    /// On which flow.
    pub flow: String,
    /// Which receipt.
    pub occurrence: String,
    /// When the door took it.
    pub accepted_ms: Millis,
    /// Version.
    pub version: String,
    /// The outcome, or `delayed`.
    pub outcome: String,
}

impl Tenant<'_> {
    fn trace_rows(&self, trace: &Trace, expires_s: i64) -> Result<[Row; 2], Error> {
        let steps = serde_json::to_string(&trace.steps).map_err(|error| Error::unreadable(TABLE, error.to_string()))?;
        let item = row(self.pk(&format!("e#{}", trace.event)), format!("{}#{}", trace.flow, trace.occurrence), [
            ("ct", Some(s(&trace.canonical_type))),
            ("ky", Some(s(&trace.key))),
            ("ver", Some(s(&trace.version))),
            ("acc", Some(n(trace.accepted_ms))),
            ("at", Some(n(trace.at_ms))),
            ("out", Some(s(&trace.outcome))),
            ("code", (!trace.code.is_empty()).then(|| s(&trace.code))),
            ("st", Some(s(steps))),
            ("exp", Some(n(expires_s))),
        ]);
        let index = row(self.key_pk(&trace.canonical_type, &trace.key), format!("{:013}#{}", trace.accepted_ms, trace.occurrence), [
            ("ev", Some(s(&trace.event))),
            ("fl", Some(s(&trace.flow))),
            ("ver", Some(s(&trace.version))),
            ("out", Some(s(&trace.outcome))),
            ("exp", Some(n(expires_s))),
        ]);
        Ok([item, index])
    }

    fn key_pk(&self, canonical_type: &str, key: &str) -> String {
        let hash = Key::new(key).map_or_else(|| "-".to_owned(), |key| key.hash());
        self.pk(&format!("k#{canonical_type}#{hash}"))
    }

    /// Every occurrence of an event.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn trace(&self, event: &EventId) -> Result<Vec<Trace>, Error> {
        let rows = self.store.range(TABLE, self.pk(&format!("e#{event}")), " ", "~", false, 1000).await?;
        Ok(rows.iter().map(|row| read(event.as_str(), row)).collect())
    }

    /// The outcome an occurrence has already, if it ended.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn outcome(&self, event: &EventId, flow: &str, occurrence: &str) -> Result<Option<String>, Error> {
        let row = self.store.get(TABLE, self.pk(&format!("e#{event}")), &format!("{flow}#{occurrence}")).await?;
        Ok(row.as_ref().and_then(|row| text(row, "out")).map(str::to_owned))
    }

    /// The history of a key, newest first.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn history(&self, canonical_type: &str, key: &str, limit: usize) -> Result<Vec<IndexRow>, Error> {
        let rows = self.store.range(TABLE, self.key_pk(canonical_type, key), "0", "9~", true, limit).await?;
        let read = |row: &Row| IndexRow {
            event: text(row, "ev").unwrap_or_default().to_owned(),
            flow: text(row, "fl").unwrap_or_default().to_owned(),
            occurrence: text(row, "sk").and_then(|sk| sk.split_once('#')).map(|(_, occurrence)| occurrence.to_owned()).unwrap_or_default(),
            accepted_ms: text(row, "sk").and_then(|sk| sk.split_once('#')?.0.parse().ok()).unwrap_or(0),
            version: text(row, "ver").unwrap_or_default().to_owned(),
            outcome: text(row, "out").unwrap_or_default().to_owned(),
        };
        Ok(rows.iter().map(read).collect())
    }
}

impl Store {
    /// Writes what a batch of one stage did: traces and ledger rows in as few requests as possible. After the commits,
    /// before the acknowledgements; writing it twice changes nothing.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn record(&self, stage: &str, request: &str, traces: &[(Tenant<'_>, Trace)], entries: &[(Millis, Entry)], expires_s: i64) -> Result<(), Error> {
        let mut rows = ledger::rows(stage, request, entries, expires_s);
        let parts = self.hours.unknown(ledger::parts(request, entries));
        rows.extend(parts.iter().map(|part| hours::note(*part, expires_s)));
        for (tenant, trace) in traces {
            rows.extend(tenant.trace_rows(trace, expires_s)?);
        }
        self.put_batch(TABLE, rows).await?;
        self.hours.know(parts);
        Ok(())
    }
}

fn read(event: &str, row: &Row) -> Trace {
    let field = |name| text(row, name).unwrap_or_default().to_owned();
    let sk = field("sk");
    let (flow, occurrence) = sk.split_once('#').unwrap_or((sk.as_str(), ""));
    Trace {
        event: event.to_owned(),
        flow: flow.to_owned(),
        occurrence: occurrence.to_owned(),
        canonical_type: field("ct"),
        key: field("ky"),
        version: field("ver"),
        accepted_ms: number(row, "acc").unwrap_or(0),
        at_ms: number(row, "at").unwrap_or(0),
        outcome: field("out"),
        code: field("code"),
        steps: text(row, "st").and_then(|steps| serde_json::from_str(steps).ok()).unwrap_or_default(),
    }
}
