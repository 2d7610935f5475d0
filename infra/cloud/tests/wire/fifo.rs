//! Order and deduplication.

use cloud::Place;
use serde_json::{Value, json};

use crate::server::Server;

fn fifo(server: &Server) -> String {
    server.queue("orders.fifo", &json!({ "FifoQueue": "true" }))
}

fn send(server: &Server, queue: &str, group: &str, body: &str) -> Value {
    send_as(server, queue, group, body, body)
}

fn send_as(server: &Server, queue: &str, group: &str, dedup: &str, body: &str) -> Value {
    server.sqs(
        "SendMessage",
        &json!({
            "QueueUrl": queue, "MessageBody": body, "MessageGroupId": group, "MessageDeduplicationId": dedup,
        }),
    )
}

#[test]
fn a_group_waits_for_its_message_in_flight_and_others_do_not() {
    let server = Server::start(Place::Memory);
    let queue = fifo(&server);
    for (group, body) in [("a", "a1"), ("a", "a2"), ("b", "b1")] {
        send(&server, &queue, group, body);
    }
    let first = server.sqs("ReceiveMessage", &json!({ "QueueUrl": queue }));
    assert_eq!(first["Messages"][0]["Body"], "a1");
    assert_eq!(server.bodies(&queue), "b1");
    assert_eq!(server.bodies(&queue), "");
    let handle = &first["Messages"][0]["ReceiptHandle"];
    server.sqs("DeleteMessage", &json!({ "QueueUrl": queue, "ReceiptHandle": handle }));
    assert_eq!(server.bodies(&queue), "a2");
}

#[test]
fn an_unfinished_message_comes_back_before_its_successors() {
    let server = Server::start(Place::Memory);
    let queue = fifo(&server);
    send(&server, &queue, "a", "1");
    send(&server, &queue, "a", "2");
    let first = server.sqs("ReceiveMessage", &json!({ "QueueUrl": queue, "VisibilityTimeout": 30 }));
    server.wind(31);
    assert_eq!(server.bodies(&queue), "1 2");
    let handle = &first["Messages"][0]["ReceiptHandle"];
    let expired = json!({ "QueueUrl": queue, "ReceiptHandle": handle });
    assert_eq!(server.refused("AmazonSQS", "DeleteMessage", &expired), "InvalidParameterValueException");
}

#[test]
fn an_id_is_known_for_five_minutes_even_after_its_message_is_deleted() {
    let server = Server::start(Place::Memory);
    let queue = fifo(&server);
    let first = send_as(&server, &queue, "a", "d", "1");
    let handle = server.receive(&queue)[0]["ReceiptHandle"].clone();
    server.sqs("DeleteMessage", &json!({ "QueueUrl": queue, "ReceiptHandle": handle }));
    server.wind(299);
    let second = send_as(&server, &queue, "a", "d", "2");
    assert_eq!((&second["MessageId"], &second["SequenceNumber"]), (&first["MessageId"], &first["SequenceNumber"]));
    assert_eq!(server.bodies(&queue), "");
    server.wind(1);
    send_as(&server, &queue, "a", "d", "3");
    assert_eq!(server.bodies(&queue), "3");
}

#[test]
fn ids_may_be_scoped_to_their_group() {
    let server = Server::start(Place::Memory);
    let attributes = json!({ "FifoQueue": "true", "DeduplicationScope": "messageGroup" });
    let queue = server.queue("scoped.fifo", &attributes);
    send_as(&server, &queue, "a", "d", "1");
    send_as(&server, &queue, "b", "d", "2");
    send_as(&server, &queue, "b", "d", "3");
    assert_eq!(server.bodies(&queue), "1 2");
}

#[test]
fn a_delay_of_the_queue_keeps_the_order() {
    let server = Server::start(Place::Memory);
    let queue = server.queue("delayed.fifo", &json!({ "FifoQueue": "true", "DelaySeconds": "10" }));
    send(&server, &queue, "a", "1");
    server.sqs("SetQueueAttributes", &json!({ "QueueUrl": queue, "Attributes": { "DelaySeconds": "0" } }));
    send(&server, &queue, "a", "2");
    assert_eq!(server.bodies(&queue), "");
    server.wind(10);
    assert_eq!(server.bodies(&queue), "1 2");
}
