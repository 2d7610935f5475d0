//! Long polls end when there is something to say.

use std::thread;

use cloud::Place;
use serde_json::{Value, json};

use crate::server::Server;

/// Polls for twenty seconds while `meanwhile` runs, and returns what arrived.
fn polled(server: &Server, queue: &str, meanwhile: impl FnOnce()) -> Value {
    thread::scope(|scope| {
        let request = json!({ "QueueUrl": queue, "WaitTimeSeconds": 20 });
        let poll = scope.spawn(move || server.sqs("ReceiveMessage", &request));
        // The poll may not have begun yet; then it finds the message at once, which is as good.
        while !server.cloud.counts().contains_key("sqs.ReceiveMessage") {
            thread::yield_now();
        }
        meanwhile();
        poll.join().unwrap()["Messages"][0]["Body"].clone()
    })
}

#[test]
fn a_poll_ends_when_a_message_is_sent() {
    let server = Server::start(Place::Memory);
    let queue = server.queue("work", &json!({}));
    let body = polled(&server, &queue, || {
        server.sqs("SendMessage", &json!({ "QueueUrl": queue, "MessageBody": "x" }));
    });
    assert_eq!(body, "x");
}

#[test]
fn a_poll_ends_when_the_clock_is_wound_past_a_delay() {
    let server = Server::start(Place::Memory);
    let queue = server.queue("work", &json!({ "DelaySeconds": "600" }));
    server.sqs("SendMessage", &json!({ "QueueUrl": queue, "MessageBody": "x" }));
    assert_eq!(polled(&server, &queue, || server.wind(600)), "x");
}
