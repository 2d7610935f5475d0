//! The line of a strict key: whoever stands in it is released by the clock or waits for a person, and never for nobody.

use std::time::Duration;

use canonical::{FlowId, Key};
use pullpush::{World, world::BACKOFFICE};
use serde_json::{Value, json};
use store::SlotKey;
use testkit::{
    OrderLine,
    faults::{Fault, Rule},
};

use crate::tell::{counts, office_stock, stock_changes, take, world, world_with};

const ORDERS: &str = "/rest/V1/orders";

/// The order as it is created, then with each of these states; the answer is the event of each.
async fn order_with(world: &World, states: &[&str]) -> Vec<String> {
    let now = world.now();
    world.shop.shop().put_order("1001", "29.90", now, &[OrderLine::of("TEE-RED-M", 1, "29.90")]);
    let mut events = Vec::new();
    for (state, later) in std::iter::once(&"paid").chain(states).zip(1..) {
        world.shop.shop().set_order_status("1001", state, None, now + later * 1_000);
        let webhook = world.shop.shop().webhook_for_order("1001").unwrap();
        events.push(take(world, &webhook).await.body["events"][0].as_str().unwrap().to_owned());
    }
    events
}

fn written(world: &World) -> Vec<Value> {
    world.office.backoffice().order_writes("#1001").iter().map(|write| serde_json::from_str::<Value>(&write.entity).unwrap()["status"].clone()).collect()
}

async fn until_nothing_is_open(world: &World) {
    let mut rounds = 0;
    while world.account("orders").await.unwrap()["open"] != 0 {
        rounds += 1;
        assert!(rounds < 40, "still open: {:?}", world.account("orders").await.unwrap());
        world.wind(Duration::from_secs(60)).await.unwrap();
    }
}

#[tokio::test]
async fn whoever_finds_its_key_halted_by_a_process_that_died_is_released() {
    let world = world().await;
    let (flow, key) = (FlowId::parse("orders").unwrap(), Key::new("#1001").unwrap());
    let at = SlotKey { flow: &flow, key: &key };
    world.chain.app().store.of(&world.tenant).halt(at, "00000000000000000001").await.unwrap();
    order_with(&world, &["refunded"]).await;
    world.drain().await.unwrap();
    assert_eq!(written(&world).len(), 0, "both stand in line");

    until_nothing_is_open(&world).await;
    assert_eq!(written(&world), [json!("paid"), json!("refunded")]);
    assert!(!world.chain.app().store.of(&world.tenant).halted(at).await.unwrap());
}

#[tokio::test]
async fn a_death_stops_the_line_until_a_person_resumes_it_and_is_not_tried_again() {
    let world = world().await;
    world.office.faults().push(Rule::once("POST", ORDERS, Fault::status(422)));
    order_with(&world, &["partially_refunded", "refunded"]).await;
    for _ in 0..3 {
        world.wind(Duration::from_secs(20 * 60)).await.unwrap();
        assert_eq!((world.office.calls_to("POST", ORDERS), written(&world).len()), (1, 0), "nobody passes the dead one");
    }
    let resumed = world.call("flow.resume", json!({ "flowId": "orders", "key": "#1001" })).await.unwrap();
    assert_eq!(resumed["released"], true);
    world.drain().await.unwrap();
    until_nothing_is_open(&world).await;
    for _ in 0..2 {
        // The timer of the resume comes late, and finds that its work is done.
        world.wind(Duration::from_secs(6 * 60)).await.unwrap();
    }
    assert_eq!(written(&world), [json!("partially_refunded"), json!("refunded")]);
    assert_eq!(world.office.calls_to("POST", ORDERS), 3);
    assert_eq!(counts(&world.account("orders").await.unwrap()), [2, 0, 0, 0, 1]);
}

#[tokio::test]
async fn a_replay_of_the_dead_goes_ahead_of_the_line_and_lets_it_go_on() {
    let world = world().await;
    world.office.faults().push(Rule::once("POST", ORDERS, Fault::status(422)));
    world.office.faults().push(Rule::once("POST", ORDERS, Fault::status(503)));
    order_with(&world, &["refunded"]).await;
    world.drain().await.unwrap();
    world.call("dlq.retry", json!({ "flowId": "orders" })).await.unwrap();
    world.drain().await.unwrap();
    assert_eq!((world.office.calls_to("POST", ORDERS), written(&world).len()), (2, 0), "it failed, and nobody passes it");

    until_nothing_is_open(&world).await;
    assert_eq!(written(&world), [json!("paid"), json!("refunded")]);
    assert_eq!(counts(&world.account("orders").await.unwrap()), [2, 0, 0, 0, 1]);
}

#[tokio::test]
async fn a_call_that_was_cut_off_is_repeated_only_by_a_person_where_it_could_double() {
    let (keeps, doubles) = ("\"idempotency\": \"natural_key\"", "\"idempotency\": \"none\"");
    let last = BACKOFFICE.rfind(keeps).unwrap();
    let definition = format!("{}{doubles}{}", &BACKOFFICE[..last], &BACKOFFICE[last + keeps.len()..]);
    let world = world_with(&definition).await;
    let events = order_with(&world, &[]).await;
    // As a process leaves it that dies in its call.
    let (flow, key) = (FlowId::parse("orders").unwrap(), Key::new("#1001").unwrap());
    let at = SlotKey { flow: &flow, key: &key };
    world.chain.app().store.of(&world.tenant).effect_begun(at, &events[0], "somebody", world.now() / 1000 + 86_400).await.unwrap();
    world.drain().await.unwrap();

    assert_eq!(world.office.calls_to("POST", ORDERS), 0);
    let dead = world.call("dlq.list", json!({ "flowId": "orders" })).await.unwrap();
    assert_eq!(dead["entries"][0]["code"], "ambiguous", "{dead}");
    world.call("dlq.retry", json!({ "flowId": "orders" })).await.unwrap();
    until_nothing_is_open(&world).await;
    world.drain().await.unwrap();
    assert_eq!(written(&world), [json!("paid")]);
    assert_eq!(counts(&world.account("orders").await.unwrap()), [1, 0, 0, 0, 1]);
}

#[tokio::test]
async fn a_429_on_an_order_lets_the_whole_connection_rest() {
    let world = world().await;
    world.office.faults().push(Rule::once("POST", ORDERS, Fault::Status { status: 429, retry_after: Some("600".into()), executes: false }));
    order_with(&world, &[]).await;
    world.drain().await.unwrap();
    stock_changes(&world, "TEE", 4).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "TEE"), None, "it was asked to slow down");

    for _ in 0..4 {
        world.wind(Duration::from_secs(5 * 60)).await.unwrap();
    }
    until_nothing_is_open(&world).await;
    assert_eq!((office_stock(&world, "TEE"), written(&world)), (Some(4), vec![json!("paid")]));
}
