//! The shop loses the stock record of a SKU: the office keeps what it has, whether a webhook, a poll or a reconcile asks.

use std::time::Duration;

use serde_json::json;

use crate::tell::{office_stock, stock_changes, take, world};

#[tokio::test]
async fn a_missing_stock_record_never_becomes_zero() {
    let world = world().await;
    stock_changes(&world, "TEE-RED-M", 7).await;
    world.drain().await.unwrap();

    assert!(world.shop.shop().remove_stock_record("TEE-RED-M"));
    assert_eq!(world.shop.shop().stock("TEE-RED-M"), None);
    let webhook = world.shop.shop().webhook_for_product("TEE-RED-M").unwrap();
    take(&world, &webhook).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "TEE-RED-M"), Some(7), "after the webhook");

    world.wind(Duration::from_secs(300)).await.unwrap();
    assert_eq!(office_stock(&world, "TEE-RED-M"), Some(7), "after the poll");
    world.call("flow.reconcile", json!({ "flowId": "stock" })).await.unwrap();
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "TEE-RED-M"), Some(7), "after the reconcile");
    assert_eq!(world.account("stock").await.unwrap()["balances"], true);
}
