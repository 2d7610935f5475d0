//! A job ends its process until its queue gives it up: it is a dead letter of its tenant, one however often it dies, and
//! can be started again from there.

use pipeline::{Batch, Work, poll_job, reconcile_job};
use pullpush::World;
use queue::{Job, Message, PollJob};
use serde_json::json;

use crate::tell::{counts, office_stock, stock_changes, world};

async fn die(world: &World, body: &str) {
    let work = Work { id: "m1".into(), body: body.into(), receives: 10, sent_ms: world.now(), ..Work::default() };
    let failed = Box::pin(pipeline::drain(world.chain.app(), &Batch { request: "r1".into(), until_ms: i64::MAX, works: vec![work] })).await;
    assert!(failed.is_empty());
}

#[tokio::test]
async fn a_poll_that_died_can_be_seen_and_started_again() {
    let world = world().await;
    world.shop.shop().set_stock("A", 5, world.now());
    let shop = canonical::ConnectionId::parse("shop").unwrap();
    die(&world, &poll_job(&world.tenant, &shop, "product").body()).await;
    // Another of its deaths, on a try of which nothing may be left to do.
    let job = PollJob { tenant: world.tenant.to_string(), conn: "shop".into(), ent: "product".into(), tries: 3, fence: Some(77), ..PollJob::default() };
    die(&world, &Message::Job(Job::Poll(job)).body()).await;

    let dead = world.call("dlq.list", json!({ "flowId": "-" })).await.unwrap();
    let letters = dead["entries"].as_array().unwrap();
    assert_eq!(letters.len(), 1, "{dead}");
    assert_eq!((&letters[0]["code"], &letters[0]["key"], &letters[0]["acceptedAt"]), (&json!("message_poison"), &json!("poll shop product"), &json!(null)), "{dead}");

    let retried = world.call("dlq.retry", json!({ "id": letters[0]["id"] })).await.unwrap();
    assert_eq!(retried["retried"], 1);
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "A"), Some(5));
    let left = world.call("dlq.list", json!({ "flowId": "-" })).await.unwrap();
    assert_eq!(left["entries"], json!([]));
}

#[tokio::test]
async fn a_reconcile_that_died_is_a_dead_letter_of_its_flow_and_no_event_of_it() {
    let world = world().await;
    stock_changes(&world, "B", 2).await;
    world.drain().await.unwrap();
    let flow = canonical::FlowId::parse("stock").unwrap();
    die(&world, &Message::Job(reconcile_job(&world.tenant, &flow)).body()).await;
    let dead = world.call("dlq.list", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!(dead["entries"][0]["key"], "reconcile stock", "{dead}");
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 0, 0, 0]);

    world.office.backoffice().set_stock("B", "default", 99);
    world.call("dlq.retry", json!({ "id": dead["entries"][0]["id"] })).await.unwrap();
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "B"), Some(2));
}
