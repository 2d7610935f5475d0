//! The event a function gets from a queue, and how its answer is read.
//!
//! The field names are those of the Lambda service, so that a function sees on one machine what it sees in AWS.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_sqs::types::Message;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Messages as the service writes them.
pub(super) fn written(messages: &[Message], arn: &str, region: &str) -> Value {
    let records: Vec<Value> = messages.iter().map(|message| record(message, arn, region)).collect();
    json!({ "Records": records })
}

fn record(message: &Message, arn: &str, region: &str) -> Value {
    let system: BTreeMap<&str, &String> = message.attributes.iter().flatten().map(|(name, value)| (name.as_str(), value)).collect();
    let mut record = json!({
        "messageId": message.message_id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": system,
        "messageAttributes": attributes(message),
        "md5OfBody": message.md5_of_body,
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": region,
    });
    if let Some(digest) = &message.md5_of_message_attributes {
        record["md5OfMessageAttributes"] = json!(digest);
    }
    record
}

fn attributes(message: &Message) -> Map<String, Value> {
    let mut attributes = Map::new();
    for (name, value) in message.message_attributes.iter().flatten() {
        let binary = value.binary_value.as_ref().map(|bytes| STANDARD.encode(bytes.as_ref()));
        attributes.insert(
            name.clone(),
            json!({ "stringValue": value.string_value, "binaryValue": binary, "stringListValues": [], "binaryListValues": [], "dataType": value.data_type }),
        );
    }
    attributes
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    batch_item_failures: Option<Vec<Item>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    item_identifier: Option<String>,
}

/// The messages an answer reports as failed. As in the service, nothing reported means that all succeeded, and an
/// answer that names what was not sent, or cannot be read, fails the whole batch.
pub(super) fn failures(answer: &str, sent: &BTreeSet<&str>) -> Result<BTreeSet<String>, String> {
    if answer.trim().is_empty() {
        return Ok(BTreeSet::new());
    }
    let answer: Option<Answer> = serde_json::from_str(answer).map_err(|error| format!("the answer is no batch response: {error}"))?;
    let reported = answer.unwrap_or_default().batch_item_failures.unwrap_or_default();
    let named = reported.into_iter().map(|item| item.item_identifier.filter(|id| sent.contains(id.as_str())));
    named.collect::<Option<_>>().ok_or_else(|| "the answer names a message that was not sent".to_owned())
}

#[cfg(test)]
mod tests {
    use super::failures;

    #[test]
    fn answers_are_read_as_the_service_reads_them() {
        let sent = ["a", "b"].into_iter().collect();
        for (answer, failed) in [
            ("", Some(vec![])), ("null", Some(vec![])), ("{}", Some(vec![])), (r#"{"batchItemFailures":null}"#, Some(vec![])), (r#"{"batchItemFailures":[]}"#, Some(vec![])),
            (r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#, Some(vec!["b"])), (r#"{"batchItemFailures":[{"itemIdentifier":"c"}]}"#, None),
            (r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#, None), (r#"{"batchItemFailures":[{}]}"#, None), (r#""done""#, None), ("{", None),
        ] {
            let read = failures(answer, &sent).ok().map(|failed| failed.into_iter().collect::<Vec<_>>());
            assert_eq!(read, failed.map(|failed| failed.into_iter().map(str::to_owned).collect()), "{answer}");
        }
    }
}
