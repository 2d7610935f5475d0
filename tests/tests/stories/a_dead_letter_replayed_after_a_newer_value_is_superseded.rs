//! A value the office refused is replayed after a newer one went in: the newer one stays.

use std::time::Duration;

use serde_json::json;
use testkit::faults::{Fault, Rule};

use crate::tell::{counts, office_stock, stock_changes, world};

#[tokio::test]
async fn a_dead_letter_replayed_after_a_newer_value_is_superseded() {
    let world = world().await;
    world.office.faults().push(Rule::once("POST", "/rest/V1/inventory/source-items", Fault::status(422)));
    stock_changes(&world, "TEE-RED-M", 5).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "TEE-RED-M"), None);
    assert_eq!(counts(&world.account("stock").await.unwrap()), [0, 0, 0, 0, 1]);

    world.clock.wind(Duration::from_secs(60));
    stock_changes(&world, "TEE-RED-M", 9).await;
    world.drain().await.unwrap();
    let retried = world.call("dlq.retry", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!(retried["retried"], 1);
    world.drain().await.unwrap();

    assert_eq!(office_stock(&world, "TEE-RED-M"), Some(9));
    // The death stays in the books; its replay is an occurrence of its own.
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 1, 0, 0, 1]);
    let left = world.call("dlq.list", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!(left["entries"], json!([]));
}
