//! Sixty events are parked and released together, to an office that allows ten requests a second: each goes in the turn
//! that was reserved for it, and none is sent away a second time.

use std::time::Duration;

use serde_json::json;

use crate::tell::{office_stock, stock_changes, world};

#[tokio::test]
async fn what_is_released_is_called_in_its_turn() {
    let world = world().await;
    world.call("connection.pause", json!({ "connectionId": "office" })).await.unwrap();
    let skus: Vec<String> = (0..60).map(|number| format!("SKU-{number}")).collect();
    for sku in &skus {
        stock_changes(&world, sku, 3).await;
    }
    world.drain().await.unwrap();
    world.call("connection.resume", json!({ "connectionId": "office" })).await.unwrap();
    world.drain().await.unwrap();
    world.clock.wind(Duration::from_secs(20 * 60));
    world.chain.sweep().await.unwrap();
    let (began, before) = (world.now(), world.chain.counts().get("SQS.SendMessageBatch").copied().unwrap_or(0));
    while skus.iter().any(|sku| office_stock(&world, sku).is_none()) {
        assert!(world.now() - began < 9_000, "they take as long as the rate asks for, and no longer");
        world.drain().await.unwrap();
        world.clock.wind(Duration::from_secs(1));
        world.chain.wake();
    }
    let sent = world.chain.counts().get("SQS.SendMessageBatch").copied().unwrap_or(0) - before;
    assert!(world.now() - began >= 4_900, "sixty requests at ten a second, ten of them at once");
    assert!(sent <= 70, "each was sent once by its release: {sent}");
}
