//! A flow is paused: what comes is parked. It goes on, and within a minute what was parked is on its way. A flow that
//! exists is changed by its own tools, and never by creating it again.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::OrderLine;

use crate::tell::{counts, office_stock, stock_changes, take, world};

#[tokio::test]
async fn what_a_paused_flow_parked_arrives_within_a_minute_of_its_activation() {
    let world = world().await;
    let paused = world.call("flow.pause", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!(paused["mode"], "paused");
    stock_changes(&world, "TEE-RED-M", 7).await;
    world.drain().await.unwrap();
    assert_eq!((office_stock(&world, "TEE-RED-M"), world.account("stock").await.unwrap()["open"].clone()), (None, json!(1)));

    let active = world.call("flow.activate", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!((&active["mode"], &active["released"]), (&json!("live"), &json!(1)));
    world.clock.wind(Duration::from_secs(60));
    world.chain.wake();
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "TEE-RED-M"), Some(7));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 0, 0, 0]);
}

#[tokio::test]
async fn the_orders_of_a_paused_flow_arrive_within_two_minutes_of_its_activation() {
    let world = world().await;
    world.call("flow.pause", json!({ "flowId": "orders" })).await.unwrap();
    for order in ["1001", "1002"] {
        world.shop.shop().put_order(order, "29.90", world.now(), &[OrderLine::of("TEE-RED-M", 1, "29.90")]);
        take(&world, &world.shop.shop().webhook_for_order(order).unwrap()).await;
    }
    world.drain().await.unwrap();
    let active = world.call("flow.activate", json!({ "flowId": "orders" })).await.unwrap();
    assert_eq!((&active["mode"], &active["released"], &active["more"]), (&json!("live"), &json!(2), &json!(false)));
    world.wind(Duration::from_secs(60)).await.unwrap();
    assert_eq!(world.office.backoffice().all_order_writes().len(), 2);
    assert_eq!(counts(&world.account("orders").await.unwrap()), [2, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_flow_goes_on_with_all_it_parked_however_much_stands_before_it() {
    let world = world().await;
    world.call("flow.pause", json!({ "flowId": "stock" })).await.unwrap();
    let (of, office) = (world.chain.app().store.of(&world.tenant), canonical::ConnectionId::parse("office").unwrap());
    for count in 0..510 {
        of.park(&office, world.now() + 60_000, &format!("other{count}"), "no delivery of this flow").await.unwrap();
    }
    stock_changes(&world, "TEE-RED-M", 7).await;
    world.drain().await.unwrap();
    let active = world.call("flow.activate", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!((&active["released"], &active["more"]), (&json!(1), &json!(false)));
    world.clock.wind(Duration::from_secs(60));
    world.chain.wake();
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "TEE-RED-M"), Some(7));
}

#[tokio::test]
async fn a_flow_that_exists_is_not_created_again() {
    let world = world().await;
    let asked = |mode: &str| json!({ "id": "stock", "source": "shop", "destination": "office", "type": "stocklevel", "mode": mode });
    let refused = world.call("flow.create", asked("shadow")).await.unwrap_err().to_string();
    assert!(refused.contains("argument_invalid") && refused.contains("/id: flow stock exists") && refused.contains("flow.activate"), "{refused}");
    let mode = async |world: &pullpush::World| -> Value {
        let flows = world.call("flow.list", json!({})).await.unwrap();
        flows["flows"].as_array().unwrap().iter().find(|flow| flow["id"] == "stock").unwrap()["mode"].clone()
    };
    assert_eq!(mode(&world).await, "live");
    world.call("flow.activate", json!({ "flowId": "stock", "mode": "shadow" })).await.unwrap();
    assert_eq!(mode(&world).await, "shadow");
    for (tool, arguments, code) in [
        ("flow.activate", json!({ "flowId": "stock", "mode": "paused" }), "argument_invalid"),
        ("flow.pause", json!({ "flowId": "other" }), "flow_unknown"), ("flow.activate", json!({ "flowId": "other" }), "flow_unknown"),
    ] {
        let refused = world.call(tool, arguments).await.unwrap_err().to_string();
        assert!(refused.starts_with(code), "{tool}: {refused}");
    }
    assert_eq!(mode(&world).await, "shadow");
}
