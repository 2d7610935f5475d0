//! `DeleteMessage` and `DeleteMessageBatch`.
//!
//! Deleting twice is fine. A handle that was superseded deletes nothing: a standard queue says nothing about it, a FIFO
//! queue refuses any handle whose visibility timeout is over, because the group may have moved on.

use serde::Deserialize;
use serde_json::Value;

use super::handle::{Handle, Standing};
use super::queue::Queue;
use super::{Call, batch as entries, fault, nothing};
use crate::refusal::Refusal;
use crate::wire::read;

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct One {
    queue_url: String,
    receipt_handle: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Entry {
    id: String,
    receipt_handle: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Batch {
    queue_url: String,
    entries: Vec<Entry>,
}

/// `DeleteMessage`.
pub(crate) fn one(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let One { queue_url, receipt_handle } = read(body)?;
    let queue = Queue::at(call, &queue_url)?;
    delete(call, &queue, &receipt_handle)
}

/// `DeleteMessageBatch`.
pub(crate) fn batch(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Batch { queue_url, entries } = read(body)?;
    let queue = Queue::at(call, &queue_url)?;
    entries::check(entries.iter().map(|entry| entry.id.as_str()))?;
    entries::answer(
        entries.iter().map(|entry| (entry.id.as_str(), delete(call, &queue, &entry.receipt_handle))),
    )
}

fn delete(call: &Call<'_>, queue: &Queue, text: &str) -> Result<Value, Refusal> {
    let handle = Handle::parse(queue, text)?;
    match handle.standing(call, queue)? {
        Standing::Expired | Standing::Superseded if queue.fifo() => Err(fault::expired_handle(text)),
        Standing::Superseded | Standing::Gone => Ok(nothing()),
        Standing::InFlight { .. } | Standing::Expired => {
            call.db.prepare_cached("DELETE FROM message WHERE id = ?1")?.execute([handle.row])?;
            Ok(nothing())
        }
    }
}
