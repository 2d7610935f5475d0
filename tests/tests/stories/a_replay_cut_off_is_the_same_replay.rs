//! A replay ends after it sent and before it recorded, and is repeated hours later: it is the same occurrence, accepted at
//! the same time. A re-assert that died goes again as an occurrence, and a death by drain is told like any other.

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use pipeline::{Batch, Work};
use pullpush::World;
use queue::{Delivery, Message, Purpose, open};
use serde_json::{Value, json};
use testkit::faults::{Fault, Rule};

use crate::tell::{counts, office_stock, stock_changes, world};

/// Everything that can be received from a queue now; it is not given back.
async fn deliveries(world: &World, queue: &str) -> Vec<(String, Delivery)> {
    let services = world.chain.services();
    let mut all = Vec::new();
    loop {
        let call = services.clients.sqs.receive_message().queue_url(&services.queues[queue].url).max_number_of_messages(10).wait_time_seconds(0);
        let messages = Box::pin(call.send()).await.unwrap().messages.unwrap_or_default();
        if messages.is_empty() {
            return all;
        }
        all.extend(messages.iter().map(|message| match open(message.body().unwrap()).unwrap() {
            Message::Delivery(delivery) => (message.body().unwrap().to_owned(), *delivery),
            other => panic!("{other:?}"),
        }));
    }
}

async fn drained(world: &World, body: &str) {
    let work = Work { id: "m1".into(), body: body.into(), receives: 7, ..Work::default() };
    let failed = Box::pin(pipeline::drain(world.chain.app(), &Batch { request: "r1".into(), until_ms: i64::MAX, works: vec![work] })).await;
    assert_eq!(failed, Vec::<String>::new());
}

#[tokio::test]
async fn a_replay_cut_off_is_the_same_replay() {
    let world = world().await;
    world.office.faults().push(Rule::once("POST", "/rest/V1/inventory/source-items", Fault::status(422)));
    stock_changes(&world, "A", 5).await;
    world.drain().await.unwrap();
    let dynamodb = &world.chain.services().clients.dynamodb;
    let tables = Box::pin(dynamodb.list_tables().send()).await.unwrap().table_names.unwrap();
    let events = tables.iter().find(|name| name.ends_with("events")).unwrap();
    Box::pin(dynamodb.delete_table().table_name(events).send()).await.unwrap();
    world.call("dlq.retry", json!({ "flowId": "stock" })).await.unwrap_err();
    let mut create = dynamodb.create_table().table_name(events).billing_mode(BillingMode::PayPerRequest);
    for (name, kind) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        create = create.key_schema(KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap());
        create = create.attribute_definitions(AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap());
    }
    Box::pin(create.send()).await.unwrap();
    world.clock.wind(Duration::from_secs(3 * 3600));
    world.call("dlq.retry", json!({ "flowId": "stock" })).await.unwrap();
    let sent = deliveries(&world, "bulk").await;
    assert_eq!(sent.len(), 2);
    assert_eq!((&sent[0].1.occ, sent[0].1.acc), (&sent[1].1.occ, sent[1].1.acc));
}

#[tokio::test]
async fn what_is_drained_is_told_and_a_re_assert_is_no_occurrence() {
    let world = world().await;
    stock_changes(&world, "A", 5).await;
    while world.chain.mappings().iter().find(|mapping| mapping.queue == "in").unwrap().step(0).await.unwrap() > 0 {}
    let (body, delivery) = deliveries(&world, "deliver").await.remove(0);
    drained(&world, &body).await;
    let trace = world.call("event.trace", json!({ "eventId": delivery.ev })).await.unwrap();
    assert_eq!((&trace["occurrences"][0]["outcome"], &trace["occurrences"][0]["code"]), (&json!("dead"), &json!("message_poison")), "{trace}");
    assert_eq!(counts(&world.account("stock").await.unwrap()), [0, 0, 0, 0, 1]);

    let verify = Delivery { why: Purpose::Verify, occ: canonical::Occurrence::from_text("00000000000000aa").unwrap(), ..delivery };
    drained(&world, &Message::Delivery(Box::new(verify)).body()).await;
    assert_eq!(counts(&world.account("stock").await.unwrap()), [0, 0, 0, 0, 1], "a verify leaves no outcome");
    let dead = world.call("dlq.list", json!({ "flowId": "stock" })).await.unwrap();
    let letters: Vec<&Value> = dead["entries"].as_array().unwrap().iter().collect();
    let of_verify = letters.iter().find(|letter| letter["id"].as_str().unwrap().ends_with("00000000000000aa")).unwrap();
    world.call("dlq.retry", json!({ "id": of_verify["id"] })).await.unwrap();
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "A"), Some(5));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 0, 0, 1], "replayed, it is an occurrence of its own");
}
