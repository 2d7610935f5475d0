//! What a file holds outlives the process.

use cloud::Place;
use serde_json::json;

use crate::server::Server;

#[test]
fn messages_known_ids_and_keys_are_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::File(folder.path().join("cloud.db"));
    let fifo = |dedup: &str, body: &str| {
        json!({
            "QueueUrl": "x/orders.fifo", "MessageBody": body, "MessageGroupId": "a", "MessageDeduplicationId": dedup,
        })
    };
    let (blob, handle) = {
        let server = Server::start(place.clone());
        server.queue("orders.fifo", &json!({ "FifoQueue": "true" }));
        server.sqs("SendMessage", &fifo("1", "first"));
        server.sqs("SendMessage", &fifo("2", "second"));
        let one = server.sqs("ReceiveMessage", &json!({ "QueueUrl": "x/orders.fifo" }));
        let key = server.kms("CreateKey", &json!({}))["KeyMetadata"]["KeyId"].clone();
        server.kms("CreateAlias", &json!({ "AliasName": "alias/secrets", "TargetKeyId": key }));
        let made = server.kms("GenerateDataKey", &json!({ "KeyId": "alias/secrets", "KeySpec": "AES_256" }));
        (made["CiphertextBlob"].clone(), one["Messages"][0]["ReceiptHandle"].clone())
    };
    let server = Server::start(place);
    server.kms("Decrypt", &json!({ "CiphertextBlob": blob, "KeyId": "alias/secrets" }));
    server.sqs("SendMessage", &fifo("2", "again"));
    assert_eq!(server.bodies("x/orders.fifo"), "", "the group is still in flight");
    server.sqs("DeleteMessage", &json!({ "QueueUrl": "x/orders.fifo", "ReceiptHandle": handle }));
    assert_eq!(server.bodies("x/orders.fifo"), "second");
}
