//! Messages in their table: put there, read back, forgotten when their retention is over.

use rusqlite::{Row, params};

use super::attribute::Attributes;
use super::fifo::{Accepted, Ids};
use super::queue::Queue;
use super::{Call, contents};
use crate::chance;
use crate::refusal::Refusal;

/// The columns [`Stored::from_row`] reads, in its order.
pub(crate) const COLUMNS: &str = "id, message_id, body, body_md5, attributes, trace, group_id, dedup_id, sent_ms, \
                                  first_ms, receives, source_arn";

/// A message to be put down.
pub(crate) struct New<'a> {
    pub(crate) body: &'a str,
    pub(crate) attributes: &'a Attributes,
    pub(crate) trace: Option<&'a str>,
    pub(crate) ids: &'a Ids,
    pub(crate) delay_ms: i64,
}

/// A message as it lies there.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) row: i64,
    pub(crate) message_id: String,
    pub(crate) body: String,
    pub(crate) body_md5: String,
    pub(crate) attributes: Attributes,
    pub(crate) trace: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) dedup: Option<String>,
    pub(crate) sent_ms: i64,
    pub(crate) first_ms: Option<i64>,
    pub(crate) receives: i64,
    pub(crate) source_arn: Option<String>,
}

impl Stored {
    /// Reads [`COLUMNS`].
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Stored> {
        let attributes: Option<String> = row.get(4)?;
        let attributes = attributes.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Ok(Stored {
            row: row.get(0)?,
            message_id: row.get(1)?,
            body: row.get(2)?,
            body_md5: row.get(3)?,
            attributes,
            trace: row.get(5)?,
            group: row.get(6)?,
            dedup: row.get(7)?,
            sent_ms: row.get(8)?,
            first_ms: row.get(9)?,
            receives: row.get(10)?,
            source_arn: row.get(11)?,
        })
    }
}

/// Puts a message at the end of its queue.
pub(crate) fn put(call: &Call<'_>, queue: &Queue, new: &New<'_>) -> Result<Accepted, Refusal> {
    let message_id = chance::uuid();
    let attributes =
        (!new.attributes.is_empty()).then(|| serde_json::json!(new.attributes).to_string());
    let mut insert = call.db.prepare_cached(
        "INSERT INTO message
             (queue, message_id, body, body_md5, attributes, trace, group_id, dedup_id, sent_ms, visible_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    let row = insert.insert(params![
        queue.id,
        message_id,
        new.body,
        contents::digest(new.body),
        attributes,
        new.trace,
        new.ids.group,
        new.ids.dedup,
        call.now,
        call.now + new.delay_ms,
    ])?;
    Ok(Accepted { row, message_id })
}

/// Drops the messages whose retention is over.
pub(crate) fn forget_old(call: &Call<'_>, queue: &Queue) -> Result<(), Refusal> {
    let retention_ms = queue.settings.number("MessageRetentionPeriod") * 1000;
    call.db
        .prepare_cached("DELETE FROM message WHERE queue = ?1 AND sent_ms <= ?2")?
        .execute([queue.id, call.now - retention_ms])?;
    Ok(())
}
