//! The office has two records of one thing that say something else: a reconcile names the thing, leaves it as it is, and repairs the others.

use serde_json::json;

use crate::tell::{office_stock, stock_changes, world};

#[tokio::test]
async fn a_key_of_two_records_is_left_alone() {
    let world = world().await;
    for sku in ["A", "B", "C"] {
        stock_changes(&world, sku, 3).await;
    }
    world.drain().await.unwrap();
    for (sku, place, quantity) in [("B", "default", 7), ("C", "default", 8), ("C", "second", 9)] {
        world.office.backoffice().set_stock(sku, place, quantity);
    }
    world.call("flow.reconcile", json!({ "flowId": "stock" })).await.unwrap();
    world.drain().await.unwrap();
    let shown = world.call("connection.get", json!({ "connectionId": "office" })).await.unwrap();
    let found = &shown["reconciles"]["stock"];
    assert_eq!((&found["source"], &found["destination"], &found["destinationLeftOut"], &found["differences"], &found["missing"]), (&json!(3), &json!(2), &json!(1), &json!(1), &json!(0)), "{found}");
    assert!(found["leftOut"][0].as_str().unwrap().ends_with("C: twice"), "{found}");
    assert_eq!(["A", "B", "C"].map(|sku| office_stock(&world, sku)), [Some(3), Some(3), Some(8)]);
}
