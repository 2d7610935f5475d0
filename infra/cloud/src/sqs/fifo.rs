//! The two promises of FIFO queues at the door: a group for every message, and no message twice in five minutes.
//!
//! An id stays known for five minutes after its first message, whether or not that message still exists: a second one
//! is accepted and delivers nothing. Order itself is kept by `receive`.

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::queue::Queue;
use super::{Call, fault};
use crate::refusal::Refusal;

const REMEMBERED_MS: i64 = 5 * 60 * 1000;

/// What the ids say about one message; all absent on a standard queue without a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ids {
    pub(crate) group: Option<String>,
    pub(crate) dedup: Option<String>,
}

/// A message that was accepted: its place in the order and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) row: i64,
    pub(crate) message_id: String,
}

impl Ids {
    /// Checks what was sent against the kind of queue, and derives the deduplication id where the queue does so.
    pub(crate) fn of(queue: &Queue, group: Option<&str>, dedup: Option<&str>, body: &str) -> Result<Ids, Refusal> {
        for (name, id) in [("MessageGroupId", group), ("MessageDeduplicationId", dedup)] {
            if let Some(id) = id
                && !spelled(id)
            {
                return Err(fault::invalid_value(
                    name,
                    id,
                    &format!("{name} can only include alphanumeric and punctuation characters. 1 to 128 in length."),
                ));
            }
        }
        if !queue.fifo() {
            return match dedup {
                Some(id) => Err(fault::wrong_kind("MessageDeduplicationId", id)),
                None => Ok(Ids { group: group.map(str::to_owned), dedup: None }),
            };
        }
        let group = group.ok_or_else(|| fault::missing("MessageGroupId"))?.to_owned();
        let dedup = match dedup {
            Some(id) => id.to_owned(),
            None if queue.settings.is("ContentBasedDeduplication", "true") => hex::encode(Sha256::digest(body)),
            None => {
                return Err(fault::invalid(
                    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId \
                     provided explicitly",
                ));
            }
        };
        Ok(Ids { group: Some(group), dedup: Some(dedup) })
    }

    /// Within what an id must be new: the queue, or the group where the queue says so.
    fn scope<'a>(&'a self, queue: &Queue) -> &'a str {
        let by_group = queue.settings.is("DeduplicationScope", "messageGroup");
        self.group.as_deref().filter(|_| by_group).unwrap_or_default()
    }

    /// The message already accepted under this id, if its five minutes are not over.
    pub(crate) fn known(&self, call: &Call<'_>, queue: &Queue) -> Result<Option<Accepted>, Refusal> {
        let Some(dedup) = &self.dedup else { return Ok(None) };
        call.db
            .prepare_cached("DELETE FROM dedup WHERE queue = ?1 AND at_ms <= ?2")?
            .execute([queue.id, call.now - REMEMBERED_MS])?;
        let known = call
            .db
            .prepare_cached("SELECT message, message_id FROM dedup WHERE queue = ?1 AND scope = ?2 AND dedup_id = ?3")?
            .query_row(params![queue.id, self.scope(queue), dedup], |row| {
                Ok(Accepted { row: row.get(0)?, message_id: row.get(1)? })
            })
            .optional()?;
        Ok(known)
    }

    /// Remembers the id of a message just stored.
    pub(crate) fn remember(&self, call: &Call<'_>, queue: &Queue, accepted: &Accepted) -> Result<(), Refusal> {
        let Some(dedup) = &self.dedup else { return Ok(()) };
        call.db
            .prepare_cached(
                "INSERT INTO dedup (queue, scope, dedup_id, message, message_id, at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                queue.id,
                self.scope(queue),
                dedup,
                accepted.row,
                accepted.message_id,
                call.now
            ])?;
        Ok(())
    }
}

/// The sequence number of a message: twenty digits that grow with the order of arrival.
pub(crate) fn sequence_number(row: i64) -> String {
    let step = u64::try_from(row).unwrap_or_default();
    (10_000_000_000_000_000_000 + step * 256).to_string()
}

fn spelled(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}
