//! An order ends its process each time it is delivered: before its queue gives it up and lets others pass, it dies where its
//! key can be halted, and those behind it wait for a person.

use pipeline::{Batch, Work};
use serde_json::json;
use testkit::OrderLine;

use crate::tell::{take, world};

#[tokio::test]
async fn a_poisoned_order_stops_its_line() {
    let world = world().await;
    world.shop.shop().put_order("1001", "29.90", world.now(), &[OrderLine::of("TEE-RED-M", 1, "29.90")]);
    take(&world, &world.shop.shop().webhook_for_order("1001").unwrap()).await;
    let transform = world.chain.mappings().iter().find(|mapping| mapping.queue == "in-strict.fifo").unwrap();
    Box::pin(transform.step(0)).await.unwrap();
    let deliver = world.chain.mappings().iter().find(|mapping| mapping.queue == "deliver-strict.fifo").unwrap();
    let message = deliver.receive(0).await.unwrap().remove(0);
    let body = message.body().unwrap().to_owned();
    let eighth = Work { id: "m1".into(), body, receives: 8, sequence: "00000000000000000001".into(), ..Work::default() };
    let failed = Box::pin(pipeline::deliver(world.chain.app(), &Batch { request: "r1".into(), until_ms: i64::MAX, works: vec![eighth] })).await;
    assert!(failed.is_empty());

    let dead = world.call("dlq.list", json!({ "flowId": "orders" })).await.unwrap();
    assert_eq!(dead["entries"][0]["code"], "message_poison", "{dead}");
    world.shop.shop().set_order_status("1001", "refunded", None, world.now() + 1_000);
    take(&world, &world.shop.shop().webhook_for_order("1001").unwrap()).await;
    world.drain().await.unwrap();
    assert_eq!(world.office.calls_to("POST", "/rest/V1/orders"), 0, "nobody passes it");
    assert_eq!(world.account("orders").await.unwrap()["open"], 1);
}
