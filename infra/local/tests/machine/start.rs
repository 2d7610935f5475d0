//! Starting: from nothing, again over the same folder, and a whole chain at rest.

use aws_sdk_sqs::types::QueueAttributeName;
use pullpush::{Chain, Error, Options, Ports, services::Services};

use crate::{Counting, hand};

#[tokio::test]
async fn a_second_start_finds_messages_keys_and_tables_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let clock = hand();
    let first = Services::start(Some(folder.path()), Ports::default(), clock.clone()).await.unwrap();
    let sealed = first.clients.kms.generate_data_key().key_id(pullpush::setup::KEY_ALIAS).key_spec(aws_sdk_kms::types::DataKeySpec::Aes256).send().await.unwrap();
    first.clients.sqs.send_message().queue_url(&first.queues["in"].url).message_body("kept").message_group_id("t1").send().await.unwrap();
    drop(first);
    let second = Services::start(Some(folder.path()), Ports::default(), clock).await.unwrap();
    let received = second.clients.sqs.receive_message().queue_url(&second.queues["in"].url).send().await.unwrap();
    assert_eq!(received.messages()[0].body(), Some("kept"));
    let opened = second.clients.kms.decrypt().ciphertext_blob(sealed.ciphertext_blob.unwrap()).send().await.unwrap();
    assert_eq!(opened.plaintext, sealed.plaintext);
    assert_eq!(second.clients.kms.list_aliases().send().await.unwrap().aliases().len(), 1);
    assert_eq!(second.clients.dynamodb.list_tables().send().await.unwrap().table_names().len(), store::TABLES.len());
}

#[tokio::test]
async fn queues_are_set_as_the_deployment_sets_them() {
    let services = Services::start(None, Ports::default(), hand()).await.unwrap();
    for (queue, visibility, days, redrive) in [
        ("in", "360", 4, Some(("in-quarantine", 2))), ("in-strict.fifo", "360", 4, Some(("in-strict-dlq.fifo", 240))), ("deliver", "360", 4, Some(("deliver-quarantine", 2))),
        ("deliver-strict.fifo", "360", 4, Some(("deliver-strict-dlq.fifo", 10))), ("bulk", "360", 4, Some(("deliver-quarantine", 2))), ("in-quarantine", "360", 4, Some(("in-dlq", 6))),
        ("deliver-quarantine", "360", 4, Some(("deliver-dlq", 6))), ("jobs-poll", "960", 4, Some(("jobs-dlq", 10))), ("jobs-reconcile", "960", 4, Some(("jobs-dlq", 10))),
        ("in-dlq", "360", 14, None), ("in-strict-dlq.fifo", "360", 14, None), ("deliver-dlq", "360", 14, None), ("deliver-strict-dlq.fifo", "360", 14, None), ("jobs-dlq", "360", 14, None),
    ] {
        let asked = services.clients.sqs.get_queue_attributes().queue_url(&services.queues[queue].url).attribute_names(QueueAttributeName::All);
        let all = asked.send().await.unwrap().attributes.unwrap();
        assert_eq!(all[&QueueAttributeName::VisibilityTimeout], visibility, "{queue}");
        assert_eq!(all[&QueueAttributeName::MessageRetentionPeriod], (days * 86_400).to_string(), "{queue}");
        let policy = redrive.map(|(to, most)| serde_json::json!({ "deadLetterTargetArn": services.queues[to].arn, "maxReceiveCount": most }));
        let read = all.get(&QueueAttributeName::RedrivePolicy).map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
        assert_eq!(read, policy, "{queue}");
        let limit = all.get(&QueueAttributeName::FifoThroughputLimit).map(String::as_str);
        assert_eq!(limit, queue.ends_with(".fifo").then_some("perMessageGroupId"), "{queue}");
    }
    assert_eq!(services.queues.len(), 14);
}

#[tokio::test]
async fn a_chain_at_rest_drains_at_once_and_counts_its_calls() {
    let options = Options { data: None, clock: hand(), chance: Counting::new(), public_base_url: String::new(), ports: Ports::default() };
    let chain = Chain::start(options).await.unwrap();
    let before = chain.counts().get("SQS.ReceiveMessage").copied().unwrap_or_default();
    assert_eq!(chain.drain().await.unwrap(), 0);
    assert_eq!(chain.mappings().len(), 14);
    assert_eq!(chain.counts()["SQS.ReceiveMessage"] - before, 14);
    assert_eq!(chain.queue_depth("in").await.unwrap().total(), 0);
    assert!(matches!(chain.queue_depth("out").await, Err(Error::Aws { .. })));
}
