//! How a received message is written: body, digests, and the attributes that were asked for.

use serde_json::{Map, Value, json};

use super::handle::Handle;
use super::queue::Queue;
use super::receive::Receive;
use super::stored::Stored;
use super::{attribute, fifo};
use crate::address;

/// One element of `Messages`.
pub(crate) fn written(queue: &Queue, message: Stored, handle: &Handle, request: &Receive) -> Value {
    let mut answer = json!({
        "MessageId": message.message_id,
        "ReceiptHandle": handle.text(queue),
        "MD5OfBody": message.body_md5,
    });
    let system = system_attributes(queue, &message, request);
    if !system.is_empty() {
        answer["Attributes"] = Value::Object(system);
    }
    let attributes = attribute::asked_for(message.attributes, &request.message_attribute_names);
    if let Some(digest) = attribute::digest(&attributes) {
        answer["MD5OfMessageAttributes"] = json!(digest);
        answer["MessageAttributes"] = json!(attributes);
    }
    answer["Body"] = Value::String(message.body);
    answer
}

fn system_attributes(queue: &Queue, message: &Stored, request: &Receive) -> Map<String, Value> {
    let asked =
        |name: &str| request.attribute_names.iter().chain(&request.message_system_attribute_names).any(|wanted| {
            wanted == "All" || wanted == name
        });
    let sequence = queue.fifo().then(|| fifo::sequence_number(message.row));
    let known = [
        ("SenderId", Some(address::ACCOUNT.to_owned())),
        ("SentTimestamp", Some(message.sent_ms.to_string())),
        ("ApproximateReceiveCount", Some(message.receives.to_string())),
        ("ApproximateFirstReceiveTimestamp", message.first_ms.map(|ms| ms.to_string())),
        ("MessageGroupId", message.group.clone()),
        ("MessageDeduplicationId", message.dedup.clone()),
        ("SequenceNumber", sequence),
        ("AWSTraceHeader", message.trace.clone()),
        ("DeadLetterQueueSourceArn", message.source_arn.clone()),
    ];
    known
        .into_iter()
        .filter(|(name, _)| asked(name))
        .filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))))
        .collect()
}
