//! Visibility, delay, retention and batches on standard queues.

use cloud::Place;
use serde_json::{Value, json};

use crate::server::Server;

fn send(server: &Server, queue: &str, body: &str, delay: i64) {
    server.sqs("SendMessage", &json!({ "QueueUrl": queue, "MessageBody": body, "DelaySeconds": delay }));
}

fn counts(server: &Server, queue: &str) -> [Value; 3] {
    let request = json!({ "QueueUrl": queue, "AttributeNames": ["All"] });
    let shown = server.sqs("GetQueueAttributes", &request);
    ["", "NotVisible", "Delayed"]
        .map(|kind| shown["Attributes"][format!("ApproximateNumberOfMessages{kind}")].clone())
}

#[test]
fn messages_are_hidden_delayed_and_counted() {
    let server = Server::start(Place::Memory);
    let queue = server.queue("work", &json!({ "VisibilityTimeout": "60" }));
    send(&server, &queue, "now", 0);
    send(&server, &queue, "later", 90);
    assert_eq!(counts(&server, &queue), ["1", "0", "1"]);
    assert_eq!(server.bodies(&queue), "now");
    assert_eq!(counts(&server, &queue), ["0", "1", "1"]);
    server.wind(59);
    assert_eq!(server.bodies(&queue), "");
    server.wind(1);
    assert_eq!(server.receive(&queue)[0]["Attributes"]["ApproximateReceiveCount"], "2");
    server.wind(30);
    assert_eq!(server.bodies(&queue), "later");
}

#[test]
fn a_longer_visibility_is_counted_from_the_change_and_ends_at_twelve_hours() {
    let server = Server::start(Place::Memory);
    let queue = server.queue("work", &json!({}));
    send(&server, &queue, "x", 0);
    let handle = server.receive(&queue)[0]["ReceiptHandle"].clone();
    server.wind(20);
    let mut change = json!({ "QueueUrl": queue, "ReceiptHandle": handle, "VisibilityTimeout": 100 });
    server.sqs("ChangeMessageVisibility", &change);
    server.wind(99);
    assert_eq!(server.bodies(&queue), "");
    change["VisibilityTimeout"] = json!(43_200);
    assert_eq!(server.refused("AmazonSQS", "ChangeMessageVisibility", &change), "InvalidParameterValueException");
    server.wind(1);
    change["VisibilityTimeout"] = json!(5);
    assert_eq!(server.refused("AmazonSQS", "ChangeMessageVisibility", &change), "MessageNotInflight");
    assert_eq!(server.bodies(&queue), "x");
}

#[test]
fn a_superseded_handle_deletes_nothing() {
    let server = Server::start(Place::Memory);
    let queue = server.queue("work", &json!({}));
    send(&server, &queue, "x", 0);
    let stale = server.receive(&queue)[0]["ReceiptHandle"].clone();
    server.wind(30);
    assert_eq!(server.bodies(&queue), "x");
    server.sqs("DeleteMessage", &json!({ "QueueUrl": queue, "ReceiptHandle": stale }));
    server.wind(30);
    assert_eq!(server.bodies(&queue), "x");
}

#[test]
fn a_message_is_forgotten_when_its_retention_is_over() {
    let server = Server::start(Place::Memory);
    let queue = server.queue("work", &json!({ "MessageRetentionPeriod": "60" }));
    send(&server, &queue, "x", 0);
    server.wind(60);
    assert_eq!(counts(&server, &queue), ["0", "0", "0"]);
    assert_eq!(server.bodies(&queue), "");
}

#[test]
fn a_queue_is_found_by_the_end_of_any_url() {
    let server = Server::start(Place::Memory);
    server.queue("work", &json!({}));
    send(&server, "https://sqs.eu-north-1.amazonaws.com/123456789012/work", "x", 0);
    assert_eq!(server.bodies("http://127.0.0.1:1/000000000000/work"), "x");
}

#[test]
fn calls_are_counted_whether_or_not_they_succeed() {
    let server = Server::start(Place::Memory);
    let queue = server.queue("work", &json!({}));
    server.refused("AmazonSQS", "SendMessageBatch", &json!({ "QueueUrl": queue, "Entries": [] }));
    let entries = json!([{ "Id": "1", "MessageBody": "x" }]);
    server.sqs("SendMessageBatch", &json!({ "QueueUrl": queue, "Entries": entries }));
    assert_eq!(server.cloud.counts()["sqs.SendMessageBatch"], 2);
}
