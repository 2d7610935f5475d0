//! `SendMessage` and `SendMessageBatch`.
//!
//! Everything about a message is checked before anything is written, so a failed entry leaves no trace and its
//! neighbours in the batch are not disturbed. A batch is written in one transaction.

use serde::Deserialize;
use serde_json::{Value, json};

use super::attribute::{self, Attributes};
use super::fifo::{self, Ids};
use super::queue::Queue;
use super::{Call, batch as entries, contents, fault, stored};
use crate::refusal::Refusal;
use crate::wire::read;

/// What is sent, alone or as one entry.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Message {
    /// Of the entry, in a batch.
    id: String,
    message_body: String,
    delay_seconds: Option<i64>,
    message_attributes: Option<Attributes>,
    message_system_attributes: Option<Attributes>,
    message_deduplication_id: Option<String>,
    message_group_id: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct At {
    queue_url: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Batch {
    queue_url: String,
    entries: Vec<Message>,
}

/// `SendMessage`.
pub(crate) fn one(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let At { queue_url } = read(body)?;
    let message: Message = read(body)?;
    let queue = Queue::at(call, &queue_url)?;
    accept(call, &queue, &message)
}

/// `SendMessageBatch`.
pub(crate) fn batch(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Batch { queue_url, entries } = read(body)?;
    let queue = Queue::at(call, &queue_url)?;
    entries::check(entries.iter().map(|entry| entry.id.as_str()))?;
    let size = entries.iter().map(size).sum();
    // AWS measures a batch against its queue's own limit, and refuses it whole even when one entry alone is too long.
    let limit = usize::try_from(queue.settings.number("MaximumMessageSize")).expect("at most 1 MiB");
    if size > limit {
        return Err(fault::batch_too_long(limit, size));
    }
    entries::answer(entries.iter().map(|entry| (entry.id.as_str(), accept(call, &queue, entry))))
}

fn accept(call: &Call<'_>, queue: &Queue, message: &Message) -> Result<Value, Refusal> {
    let none = Attributes::new();
    let attributes = message.message_attributes.as_ref().unwrap_or(&none);
    let system = message.message_system_attributes.as_ref().unwrap_or(&none);
    check(queue, message, attributes, system)?;
    let delay_ms = delay_ms(queue, message.delay_seconds)?;
    let (group, dedup) = (message.message_group_id.as_deref(), message.message_deduplication_id.as_deref());
    let ids = Ids::of(queue, group, dedup, &message.message_body)?;
    let accepted = match ids.known(call, queue)? {
        Some(earlier) => earlier,
        None => {
            let trace = system.get("AWSTraceHeader").and_then(|trace| trace.string_value.as_deref());
            let new = stored::New { body: &message.message_body, attributes, trace, ids: &ids, delay_ms };
            let accepted = stored::put(call, queue, &new)?;
            ids.remember(call, queue, &accepted)?;
            accepted
        }
    };
    let mut answer = json!({
        "MessageId": accepted.message_id,
        "MD5OfMessageBody": contents::digest(&message.message_body),
    });
    if let Some(digest) = attribute::digest(attributes) {
        answer["MD5OfMessageAttributes"] = json!(digest);
    }
    if let Some(digest) = attribute::digest(system) {
        answer["MD5OfMessageSystemAttributes"] = json!(digest);
    }
    if queue.fifo() {
        answer["SequenceNumber"] = json!(fifo::sequence_number(accepted.row));
    }
    Ok(answer)
}

fn check(queue: &Queue, message: &Message, attributes: &Attributes, system: &Attributes) -> Result<(), Refusal> {
    if message.message_body.is_empty() {
        return Err(fault::missing("MessageBody"));
    }
    attribute::check(attributes)?;
    if let Some(name) = system.keys().find(|name| *name != "AWSTraceHeader") {
        return Err(fault::invalid(format!("Message system attribute name '{name}' is invalid.")));
    }
    if !contents::allowed(&message.message_body) {
        return Err(fault::invalid_contents());
    }
    let limit = queue.settings.number("MaximumMessageSize");
    if i64::try_from(size(message)).is_ok_and(|size| size <= limit) {
        return Ok(());
    }
    Err(fault::invalid(format!(
        "One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes."
    )))
}

fn size(message: &Message) -> usize {
    message.message_body.len() + message.message_attributes.as_ref().map_or(0, attribute::size)
}

/// The delay of one message: its own on a standard queue, the queue's on a FIFO queue.
fn delay_ms(queue: &Queue, seconds: Option<i64>) -> Result<i64, Refusal> {
    match seconds {
        Some(seconds) if queue.fifo() && seconds != 0 => Err(fault::wrong_kind("DelaySeconds", seconds)),
        Some(seconds) if !(0..=900).contains(&seconds) => {
            Err(fault::invalid_value("DelaySeconds", seconds, "DelaySeconds must be >= 0 and <= 900."))
        }
        Some(seconds) if !queue.fifo() => Ok(seconds * 1000),
        _ => Ok(queue.settings.number("DelaySeconds") * 1000),
    }
}
