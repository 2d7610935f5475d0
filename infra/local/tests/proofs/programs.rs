//! The deployed programs, each behind the Runtime API, and one webhook through all of them.

use aws_sdk_sqs::types::MessageSystemAttributeName;
use pullpush::World;
use serde_json::{Value, json};

use crate::{Counting, lambda::Program};

/// A recorded webhook: the stock of TEE-RED-M is 7.
const WEBHOOK: &str = include_str!("../../../../events/ingest/webhook_signed.json");

/// The one message of a queue, as the event its function gets; it is in flight from here on.
async fn taken(world: &World, queue: &str) -> String {
    let services = world.chain.services();
    let address = &services.queues[queue];
    let call = services.clients.sqs.receive_message().queue_url(&address.url).max_number_of_messages(10);
    let received = call.message_system_attribute_names(MessageSystemAttributeName::All).send().await.unwrap();
    let messages = received.messages.unwrap_or_default();
    assert_eq!(messages.len(), 1, "messages on {queue}");
    let message = &messages[0];
    let attributes: serde_json::Map<String, Value> = message.attributes.iter().flatten().map(|(name, value)| (name.as_str().to_owned(), json!(value))).collect();
    let record = json!({
        "messageId": message.message_id, "receiptHandle": message.receipt_handle, "body": message.body, "attributes": attributes, "messageAttributes": {},
        "md5OfBody": message.md5_of_body, "eventSource": "aws:sqs", "eventSourceARN": address.arn, "awsRegion": "eu-north-1",
    });
    json!({ "Records": [record] }).to_string()
}

#[tokio::test]
async fn a_webhook_passes_through_the_deployed_programs() {
    let world = Box::pin(World::start(Counting::new())).await.unwrap();
    let none_failed = Ok(json!({ "batchItemFailures": [] }));

    let mut ingest = Program::spawn("ingest", &world).await;
    let answer = ingest.invoke(WEBHOOK.to_owned()).await.unwrap();
    assert_eq!(answer["statusCode"], 200, "{answer}");
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    assert_eq!((&body["ok"], body["events"].as_array().map(Vec::len)), (&json!(true), Some(1)), "{body}");

    let mut transform = Program::spawn("transform", &world).await;
    assert_eq!(transform.invoke(taken(&world, "in").await).await, none_failed);

    let mut deliver = Program::spawn("deliver", &world).await;
    assert_eq!(deliver.invoke(taken(&world, "deliver").await).await, none_failed);
    assert_eq!(world.office.backoffice().stock("TEE-RED-M", "default"), Some(7));
    let trace = world.call("event.trace", json!({ "eventId": body["events"][0] })).await.unwrap();
    assert_eq!(trace["occurrences"][0]["outcome"], "applied", "{trace}");
}

#[tokio::test]
async fn an_event_a_program_cannot_read_is_reported_and_the_next_is_answered() {
    let world = Box::pin(World::start(Counting::new())).await.unwrap();
    let mut transform = Program::spawn("transform", &world).await;
    let error = transform.invoke(json!({ "Records": 7 }).to_string()).await.unwrap_err();
    assert!(error["errorType"].is_string() && error["errorMessage"].is_string(), "{error}");
    assert_eq!(transform.invoke(json!({ "Records": [] }).to_string()).await, Ok(json!({ "batchItemFailures": [] })));
    assert!(transform.lives());
}
