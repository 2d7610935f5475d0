//! A flow is told to compare its ends every hour: the sweep starts it, each time under a name of its own.

use std::time::Duration;

use serde_json::json;

use crate::tell::{counts, office_stock, stock_changes, world};

#[tokio::test]
async fn a_reconcile_runs_by_its_schedule() {
    let world = world().await;
    // The sweep knows from here on what it has swept.
    world.chain.sweep().await.unwrap();
    stock_changes(&world, "B", 2).await;
    world.drain().await.unwrap();
    let refused = world.call("flow.setSchedule", json!({ "flowId": "stock", "reconcileMinutes": 7 })).await.unwrap_err();
    assert!(refused.to_string().contains("/reconcileMinutes: one of 0, 1, 2, 5"), "{refused}");
    world.call("flow.setSchedule", json!({ "flowId": "stock", "reconcileMinutes": 60 })).await.unwrap();

    for drifted in [99, 98] {
        world.office.backoffice().set_stock("B", "default", drifted);
        world.wind(Duration::from_secs(3600)).await.unwrap();
        assert_eq!(office_stock(&world, "B"), Some(2));
    }
    assert_eq!(counts(&world.account("stock").await.unwrap()), [3, 0, 0, 0, 0]);

    world.call("flow.setSchedule", json!({ "flowId": "stock", "reconcileMinutes": 0 })).await.unwrap();
    world.office.backoffice().set_stock("B", "default", 97);
    world.wind(Duration::from_secs(7200)).await.unwrap();
    assert_eq!(office_stock(&world, "B"), Some(97), "nothing is compared any more");
}

#[tokio::test]
async fn a_flow_is_created_with_its_schedule_and_a_shadow_of_it_writes_nothing() {
    let world = world().await;
    world.chain.sweep().await.unwrap();
    stock_changes(&world, "B", 2).await;
    world.drain().await.unwrap();
    for (id, mode) in [("hourly", "live"), ("shade", "shadow")] {
        world.call("flow.create", json!({ "id": id, "source": "shop", "destination": "office", "type": "stocklevel", "mode": mode, "reconcileMinutes": 60 })).await.unwrap();
    }
    world.office.backoffice().set_stock("B", "default", 99);
    world.wind(Duration::from_secs(3600)).await.unwrap();

    assert_eq!(office_stock(&world, "B"), Some(2));
    assert_eq!(counts(&world.account("hourly").await.unwrap()), [1, 0, 0, 0, 0]);
    assert_eq!(counts(&world.account("shade").await.unwrap()), [0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn polls_of_a_flow_follow_its_schedule() {
    let world = world().await;
    world.chain.sweep().await.unwrap();
    let set = world.call("flow.setSchedule", json!({ "flowId": "stock", "pollMinutes": 10 })).await.unwrap();
    assert_eq!(set["polled"], json!(["product"]));
    world.shop.shop().set_stock("A", 5, world.now());
    world.wind(Duration::from_secs(600)).await.unwrap();

    assert_eq!(office_stock(&world, "A"), Some(5));
    let connection = world.call("connection.get", json!({ "connectionId": "shop" })).await.unwrap();
    assert_eq!(connection["polls"], json!({ "order": 1440, "product": 10 }));
}
