//! `ChangeMessageVisibility` and its batch: more time for a message in flight, or none.
//!
//! Zero gives the message back at once. Twelve hours after it was received a message comes back whatever was asked.

use rusqlite::params;
use serde::Deserialize;
use serde_json::Value;

use super::handle::{Handle, Standing};
use super::queue::Queue;
use super::{Call, batch as entries, fault, nothing};
use crate::refusal::Refusal;
use crate::wire::read;

/// Twelve hours.
pub(crate) const LONGEST_SECONDS: i64 = 43_200;

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct One {
    queue_url: String,
    receipt_handle: String,
    visibility_timeout: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Entry {
    id: String,
    receipt_handle: String,
    visibility_timeout: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Batch {
    queue_url: String,
    entries: Vec<Entry>,
}

/// `ChangeMessageVisibility`.
pub(crate) fn one(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let One { queue_url, receipt_handle, visibility_timeout } = read(body)?;
    let queue = Queue::at(call, &queue_url)?;
    change(call, &queue, &receipt_handle, visibility_timeout)
}

/// `ChangeMessageVisibilityBatch`.
pub(crate) fn batch(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Batch { queue_url, entries } = read(body)?;
    let queue = Queue::at(call, &queue_url)?;
    entries::check(entries.iter().map(|entry| entry.id.as_str()))?;
    entries::answer(entries.iter().map(|entry| {
        let outcome = change(call, &queue, &entry.receipt_handle, entry.visibility_timeout);
        (entry.id.as_str(), outcome)
    }))
}

fn change(call: &Call<'_>, queue: &Queue, text: &str, seconds: Option<i64>) -> Result<Value, Refusal> {
    let handle = Handle::parse(queue, text)?;
    let seconds = seconds.ok_or_else(|| fault::missing("VisibilityTimeout"))?;
    if !(0..=LONGEST_SECONDS).contains(&seconds) {
        let reason = "VisibilityTimeout must be an integer between 0 and 43200.";
        return Err(fault::invalid_value("VisibilityTimeout", seconds, reason));
    }
    let received_ms = match handle.standing(call, queue)? {
        Standing::InFlight { received_ms } => received_ms,
        Standing::Expired | Standing::Superseded => return Err(fault::not_in_flight()),
        Standing::Gone => {
            let reason = "Message does not exist or is not available for visibility timeout change.";
            return Err(fault::invalid_value("ReceiptHandle", text, reason));
        }
    };
    let visible_ms = call.now + seconds * 1000;
    if visible_ms > received_ms + LONGEST_SECONDS * 1000 {
        let reason = "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]";
        return Err(fault::invalid_value("VisibilityTimeout", seconds, reason));
    }
    call.db
        .prepare_cached("UPDATE message SET visible_ms = ?2 WHERE id = ?1")?
        .execute(params![handle.row, visible_ms])?;
    Ok(nothing())
}
