//! Dead letters: what could not be delivered, with its payload and every attempt, until somebody replays or discards it.
//!
//! The payload is an item of its own: large rows under one key would throttle at a few deaths a second.

use aws_sdk_dynamodb::types::ReturnValue;
use canonical::{FlowId, Millis, Occurrence};

use crate::{Error, Tenant, attribute::{Row, n, number, row, s, text}, body};

const TABLE: &str = "dead";
const SHARDS: u8 = 16;

/// One dead letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadEntry {
    /// On which flow; a change that no flow could be found for has the flow `-`.
    pub flow: String,
    /// Which receipt.
    pub occurrence: String,
    /// Which change.
    pub event: String,
    /// Canonical key, where it was found.
    pub key: String,
    /// When the door took it.
    pub accepted_ms: Millis,
    /// When it died.
    pub died_ms: Millis,
    /// Why: the registered code.
    pub code: String,
    /// Why, in a sentence.
    pub message: String,
    /// Groups deaths of one cause.
    pub fingerprint: String,
    /// The attempts, as JSON text.
    pub attempts: String,
    /// The message as it was on the queue, so that a replay is the same event.
    pub body: String,
}

/// Names a dead letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadKey {
    /// On which flow.
    pub flow: String,
    /// When the door took it.
    pub accepted_ms: Millis,
    /// Which receipt.
    pub occurrence: String,
}

impl DeadEntry {
    /// Its name.
    #[must_use]
    pub fn key(&self) -> DeadKey {
        DeadKey { flow: self.flow.clone(), accepted_ms: self.accepted_ms, occurrence: self.occurrence.clone() }
    }
}

impl DeadKey {
    fn sk(&self) -> String {
        format!("{:013}#{}", self.accepted_ms, self.occurrence)
    }

    fn shard(&self) -> u8 {
        let digit = |at: usize| self.occurrence.get(at..=at).and_then(|digit| u8::from_str_radix(digit, 16).ok());
        digit(0).unwrap_or(0) % SHARDS
    }
}

impl Tenant<'_> {
    fn dead_pk(&self, flow: &str, shard: u8) -> String {
        self.pk(&format!("{flow}#{shard:x}"))
    }

    /// Keeps a dead letter; the same occurrence twice is one.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn bury(&self, entry: &DeadEntry, expires_s: i64) -> Result<(), Error> {
        let key = entry.key();
        let pk = self.dead_pk(&key.flow, key.shard());
        let body = row(format!("{pk}#body#{}", key.occurrence), key.sk(), [("b", Some(body::kept(TABLE, &entry.body)?)), ("exp", Some(n(expires_s)))]);
        let head = row(pk, key.sk(), [
            ("fl", Some(s(&entry.flow))),
            ("oc", Some(s(&entry.occurrence))),
            ("ev", Some(s(&entry.event))),
            ("ky", Some(s(&entry.key))),
            ("acc", Some(n(entry.accepted_ms))),
            ("at", Some(n(entry.died_ms))),
            ("code", Some(s(&entry.code))),
            ("msg", Some(s(&entry.message))),
            ("fp", Some(s(&entry.fingerprint))),
            ("tries", Some(s(&entry.attempts))),
            ("exp", Some(n(expires_s))),
        ]);
        self.store.put_batch(TABLE, vec![body, head]).await
    }

    /// The open dead letters of a flow, oldest first, without their bodies.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn dead(&self, flow: &str, limit: usize, now_s: i64) -> Result<Vec<DeadEntry>, Error> {
        let mut entries = Vec::new();
        for shard in 0..SHARDS {
            let rows = self.store.range(TABLE, self.dead_pk(flow, shard), "0", "9~", false, limit).await?;
            entries.extend(rows.iter().filter(|row| number(row, "exp").is_none_or(|exp: i64| exp > now_s)).map(read));
        }
        entries.sort_by(|left: &DeadEntry, right| (left.accepted_ms, &left.occurrence).cmp(&(right.accepted_ms, &right.occurrence)));
        entries.truncate(limit);
        Ok(entries)
    }

    /// One dead letter with its body.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn dead_letter(&self, key: &DeadKey) -> Result<Option<DeadEntry>, Error> {
        let pk = self.dead_pk(&key.flow, key.shard());
        let Some(head) = self.store.get(TABLE, pk.clone(), &key.sk()).await? else { return Ok(None) };
        let body = self.store.get(TABLE, format!("{pk}#body#{}", key.occurrence), &key.sk()).await?;
        let body = body.map(|row| body::body(TABLE, &row)).transpose()?.flatten().unwrap_or_default();
        Ok(Some(DeadEntry { body, ..read(&head) }))
    }

    /// When a dead letter was replayed first: now, or before, by a replay that did not come to its end. `None`: it is gone.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn replayed_at(&self, key: &DeadKey, now: Millis) -> Result<Option<Millis>, Error> {
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.dead_pk(&key.flow, key.shard()))).key("sk", s(key.sk()));
        let call = call.update_expression("SET rp = if_not_exists(rp, :now)").condition_expression("attribute_exists(pk)").expression_attribute_values(":now", n(now));
        match call.return_values(ReturnValue::AllNew).send().await.map_err(|error| Error::call(TABLE, &error)) {
            Ok(answer) => Ok(Some(answer.attributes().and_then(|row| number(row, "rp")).unwrap_or(now))),
            Err(Error::Conflict { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Removes a dead letter: it was replayed or discarded. Head first, so that a crash leaves no head without a body.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn unbury(&self, key: &DeadKey) -> Result<(), Error> {
        let pk = self.dead_pk(&key.flow, key.shard());
        self.store.delete(TABLE, pk.clone(), &key.sk()).await?;
        self.store.delete(TABLE, format!("{pk}#body#{}", key.occurrence), &key.sk()).await
    }
}

impl DeadKey {
    /// The name of an occurrence's death on a flow.
    #[must_use]
    pub fn new(flow: &FlowId, accepted_ms: Millis, occurrence: &Occurrence) -> Self {
        Self { flow: flow.to_string(), accepted_ms, occurrence: occurrence.as_str().to_owned() }
    }
}

fn read(row: &Row) -> DeadEntry {
    let field = |name| text(row, name).unwrap_or_default().to_owned();
    DeadEntry {
        flow: field("fl"),
        occurrence: field("oc"),
        event: field("ev"),
        key: field("ky"),
        accepted_ms: number(row, "acc").unwrap_or(0),
        died_ms: number(row, "at").unwrap_or(0),
        code: field("code"),
        message: field("msg"),
        fingerprint: field("fp"),
        attempts: field("tries"),
        body: String::new(),
    }
}
