//! Messages received too often.

use cloud::Place;
use serde_json::json;

use crate::server::Server;

#[test]
fn a_poisoned_message_moves_and_frees_its_group() {
    let server = Server::start(Place::Memory);
    let grave = server.queue("grave.fifo", &json!({ "FifoQueue": "true" }));
    let arn = "arn:aws:sqs:us-east-1:000000000000:grave.fifo";
    let policy = json!({ "deadLetterTargetArn": arn, "maxReceiveCount": 2 });
    let attributes =
        json!({ "FifoQueue": "true", "ContentBasedDeduplication": "true", "RedrivePolicy": policy.to_string() });
    let queue = server.queue("orders.fifo", &attributes);
    for body in ["poison", "sound"] {
        server.sqs("SendMessage", &json!({ "QueueUrl": queue, "MessageBody": body, "MessageGroupId": "a" }));
    }
    for _ in 0..2 {
        let one = server.sqs("ReceiveMessage", &json!({ "QueueUrl": queue }));
        assert_eq!(one["Messages"][0]["Body"], "poison");
        server.wind(30);
    }
    let one = server.sqs("ReceiveMessage", &json!({ "QueueUrl": queue }));
    assert_eq!(one["Messages"][0]["Body"], "sound");
    let buried = server.receive(&grave);
    assert_eq!(buried[0]["Body"], "poison");
    assert_eq!(
        buried[0]["Attributes"]["DeadLetterQueueSourceArn"],
        "arn:aws:sqs:us-east-1:000000000000:orders.fifo"
    );
}

#[test]
fn a_policy_needs_a_queue_of_its_kind() {
    let server = Server::start(Place::Memory);
    server.queue("grave", &json!({}));
    let create = |target: &str| {
        let arn = format!("arn:aws:sqs:us-east-1:000000000000:{target}");
        let policy = json!({ "deadLetterTargetArn": arn, "maxReceiveCount": 1 }).to_string();
        json!({ "QueueName": "orders.fifo", "Attributes": { "FifoQueue": "true", "RedrivePolicy": policy } })
    };
    for target in ["grave", "nowhere.fifo"] {
        assert_eq!(
            server.refused("AmazonSQS", "CreateQueue", &create(target)),
            "InvalidParameterValueException",
            "{target}"
        );
    }
}
