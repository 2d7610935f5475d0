//! Our key service, or a definition that is not in use, keeps orders waiting for hours: none dies, none passes another, and
//! nobody is told that something is lost.

use std::time::Duration;

use canonical::FlowId;
use pipeline::{Batch, Work};
use pullpush::World;
use queue::{Delivery, Message};
use serde_json::{Value, json};
use store::{Definition, DefinitionState};
use testkit::OrderLine;

use crate::tell::{counts, office_stock, stock_changes, take, world};

const STATES: [&str; 3] = ["paid", "partially_refunded", "refunded"];

async fn orders(world: &World) {
    let now = world.now();
    world.shop.shop().put_order("1001", "29.90", now, &[OrderLine::of("TEE-RED-M", 1, "29.90")]);
    for (state, later) in STATES.into_iter().zip(1..) {
        world.shop.shop().set_order_status("1001", state, None, now + later * 1_000);
        let webhook = world.shop.shop().webhook_for_order("1001").unwrap();
        take(world, &webhook).await;
    }
}

fn written(world: &World) -> Vec<Value> {
    world.office.backoffice().order_writes("#1001").iter().map(|write| serde_json::from_str::<Value>(&write.entity).unwrap()["status"].clone()).collect()
}

/// Hours go by, and nothing is taken for lost or dead.
async fn hours_go_by(world: &World) {
    for _ in 0..14 {
        world.wind(Duration::from_secs(361)).await.unwrap();
        let missing: u64 = world.chain.app().store.unsettled().await.unwrap().values().map(|hour| hour.missing).sum();
        assert_eq!(missing, 0, "they are known to wait");
    }
    assert_eq!(world.call("dlq.list", json!({ "flowId": "orders" })).await.unwrap()["entries"], json!([]));
    assert_eq!(written(world).len(), 0);
}

async fn all_arrive_in_order(world: &World) {
    let mut rounds = 0;
    while world.account("orders").await.unwrap()["open"] != 0 {
        rounds += 1;
        assert!(rounds < 40, "still open: {:?}", world.account("orders").await.unwrap());
        world.wind(Duration::from_secs(60)).await.unwrap();
    }
    assert_eq!(written(world)[..3], STATES.map(|state| json!(state)));
    let [.., dead] = counts(&world.account("orders").await.unwrap());
    assert_eq!(dead, 0);
}

async fn in_use(world: &World, slug: &str, state: DefinitionState) {
    let of = world.chain.app().store.of(&world.tenant);
    let definition: Definition = of.load(slug).await.unwrap().unwrap();
    of.save(&Definition { state, ..definition }).await.unwrap();
    world.chain.app().known.forget();
}

#[tokio::test]
async fn orders_wait_in_line_while_the_key_service_is_down() {
    let world = world().await;
    let kms = &world.chain.services().clients.kms;
    let key = kms.list_aliases().send().await.unwrap().aliases.unwrap()[0].target_key_id.clone().unwrap();
    orders(&world).await;
    let transform = world.chain.mappings().iter().find(|mapping| mapping.queue == "in-strict.fifo").unwrap();
    while Box::pin(transform.step(0)).await.unwrap() > 0 {}
    kms.disable_key().key_id(&key).send().await.unwrap();
    world.wind(Duration::from_secs(400)).await.unwrap();
    hours_go_by(&world).await;
    kms.enable_key().key_id(&key).send().await.unwrap();
    all_arrive_in_order(&world).await;
}

#[tokio::test]
async fn orders_wait_in_line_while_their_destination_has_no_definition_in_use() {
    let world = world().await;
    orders(&world).await;
    in_use(&world, "backoffice", DefinitionState::Draft).await;
    hours_go_by(&world).await;
    in_use(&world, "backoffice", DefinitionState::Active).await;
    all_arrive_in_order(&world).await;
}

#[tokio::test]
async fn accepted_orders_keep_their_place_while_their_source_has_no_definition_in_use() {
    let world = world().await;
    orders(&world).await;
    in_use(&world, "shop", DefinitionState::Draft).await;
    hours_go_by(&world).await;
    assert_eq!(world.chain.queue_depth("in-strict-dlq.fifo").await.unwrap().total(), 0);
    in_use(&world, "shop", DefinitionState::Active).await;
    for _ in 0..4 {
        world.wind(Duration::from_secs(361)).await.unwrap();
    }
    all_arrive_in_order(&world).await;
}

#[tokio::test]
async fn what_its_queue_gave_up_for_want_of_a_connector_says_so() {
    let world = world().await;
    orders(&world).await;
    let strict = world.chain.mappings().iter().find(|mapping| mapping.queue == "in-strict.fifo").unwrap();
    let body = strict.receive(0).await.unwrap()[0].body().unwrap().to_owned();
    in_use(&world, "shop", DefinitionState::Draft).await;
    let work = Work { id: "m1".into(), body, receives: 241, ..Work::default() };
    let failed = Box::pin(pipeline::drain(world.chain.app(), &Batch { request: "r1".into(), until_ms: i64::MAX, works: vec![work] })).await;
    assert!(failed.is_empty(), "{failed:?}");
    let dead = world.call("dlq.list", json!({ "flowId": "orders" })).await.unwrap();
    assert_eq!(dead["entries"][0]["code"], "connector_unknown", "{dead}");
}

#[tokio::test]
async fn a_strict_delivery_its_queue_gave_up_stops_its_line() {
    let world = world().await;
    orders(&world).await;
    let transform = world.chain.mappings().iter().find(|mapping| mapping.queue == "in-strict.fifo").unwrap();
    while Box::pin(transform.step(0)).await.unwrap() > 0 {}
    let deliver = world.chain.mappings().iter().find(|mapping| mapping.queue == "deliver-strict.fifo").unwrap();
    let message = deliver.receive(0).await.unwrap().remove(0);
    let (sqs, url) = (&world.chain.services().clients.sqs, &world.chain.services().queues["deliver-strict.fifo"].url);
    sqs.delete_message().queue_url(url).set_receipt_handle(message.receipt_handle.clone()).send().await.unwrap();
    for _ in 0..2 {
        // Its number on the other queue is not the one it had.
        let work = Work { id: "m1".into(), body: message.body().unwrap().to_owned(), receives: 11, sequence: "99999999999999999999".into(), ..Work::default() };
        let failed = Box::pin(pipeline::drain(world.chain.app(), &Batch { request: "r1".into(), until_ms: i64::MAX, works: vec![work] })).await;
        assert!(failed.is_empty(), "{failed:?}");
    }
    for _ in 0..3 {
        world.wind(Duration::from_secs(20 * 60)).await.unwrap();
        assert_eq!(written(&world).len(), 0, "nobody passes it");
    }
    let dead = world.call("dlq.list", json!({ "flowId": "orders" })).await.unwrap();
    assert_eq!((dead["entries"][0]["code"].clone(), dead["entries"].as_array().unwrap().len()), (json!("message_poison"), 1), "{dead}");
    world.call("dlq.retry", json!({ "flowId": "orders" })).await.unwrap();
    world.drain().await.unwrap();
    let mut rounds = 0;
    while world.account("orders").await.unwrap()["open"] != 0 {
        rounds += 1;
        assert!(rounds < 40, "still open: {:?}", world.account("orders").await.unwrap());
        world.wind(Duration::from_secs(60)).await.unwrap();
    }
    assert_eq!(written(&world)[..3], STATES.map(|state| json!(state)));
}

#[tokio::test]
async fn a_delivery_whose_flow_cannot_be_read_goes_again_and_is_not_reported() {
    let world = world().await;
    stock_changes(&world, "TEE", 4).await;
    let transform = world.chain.mappings().iter().find(|mapping| mapping.queue == "in").unwrap();
    Box::pin(transform.step(0)).await.unwrap();
    let deliver = world.chain.mappings().iter().find(|mapping| mapping.queue == "deliver").unwrap();
    let message = deliver.receive(0).await.unwrap().remove(0);
    let Ok(Message::Delivery(known)) = queue::open(message.body().unwrap()) else { panic!("no delivery") };
    let unread = Delivery { flow: FlowId::parse("later").unwrap(), ..*known };
    let work = Work { id: "m1".into(), body: Message::Delivery(Box::new(unread)).body(), receives: 1, ..Work::default() };
    let failed = Box::pin(pipeline::deliver(world.chain.app(), &Batch { request: "r1".into(), until_ms: i64::MAX, works: vec![work] })).await;
    assert!(failed.is_empty());
    assert_eq!(world.chain.queue_depth("deliver").await.unwrap().delayed, 1);
    assert_eq!(office_stock(&world, "TEE"), None);
}
