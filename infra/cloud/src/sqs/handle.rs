//! Receipt handles: which message was received, from which queue, and in which delivery.
//!
//! The nonce changes with every delivery, so only the newest handle of a message means anything. The text is opaque to
//! callers, as with AWS.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::OptionalExtension;

use super::queue::Queue;
use super::{Call, fault};
use crate::chance;
use crate::refusal::Refusal;

/// A handle taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Handle {
    pub(crate) row: i64,
    pub(crate) nonce: String,
}

/// What the message of a handle is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// In flight with this handle; received at that moment.
    InFlight { received_ms: i64 },
    /// This handle's visibility timeout is over, and nobody has received the message since.
    Expired,
    /// Received again by someone else, or moved to the dead-letter queue.
    Superseded,
    /// Deleted.
    Gone,
}

/// A new nonce.
pub(crate) fn nonce() -> String {
    hex::encode(chance::bytes::<16>())
}

impl Handle {
    /// The text of the handle for a delivery from `queue`.
    pub(crate) fn text(&self, queue: &Queue) -> String {
        STANDARD.encode(format!("{}:{}:{}", queue.id, self.row, self.nonce))
    }

    /// Takes a text apart; it must be a handle of this queue.
    pub(crate) fn parse(queue: &Queue, text: &str) -> Result<Handle, Refusal> {
        if text.is_empty() {
            return Err(fault::missing("ReceiptHandle"));
        }
        let parsed = || {
            let plain = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
            let mut parts = plain.splitn(3, ':');
            let of: i64 = parts.next()?.parse().ok()?;
            let row = parts.next()?.parse().ok()?;
            let nonce = parts.next()?.to_owned();
            (of == queue.id).then_some(Handle { row, nonce })
        };
        parsed().ok_or_else(|| fault::bad_handle(text))
    }

    /// Looks the message up.
    pub(crate) fn standing(&self, call: &Call<'_>, queue: &Queue) -> Result<Standing, Refusal> {
        let found: Option<(i64, Option<String>, i64, Option<i64>)> = call
            .db
            .prepare_cached("SELECT queue, receipt, visible_ms, received_ms FROM message WHERE id = ?1")?
            .query_row([self.row], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        Ok(match found {
            None => Standing::Gone,
            Some((of, Some(nonce), visible_ms, received)) if of == queue.id && nonce == self.nonce => match received {
                Some(received_ms) if visible_ms > call.now => Standing::InFlight { received_ms },
                _ => Standing::Expired,
            },
            Some(_) => Standing::Superseded,
        })
    }
}
