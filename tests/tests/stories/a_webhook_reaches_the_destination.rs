//! A signed webhook enters on one side and the change arrives on the other; what happened can be read.

use serde_json::json;

use crate::tell::{counts, office_stock, stock_changes, world};

#[tokio::test]
async fn a_webhook_reaches_the_destination() {
    let world = world().await;
    let answer = stock_changes(&world, "TEE-RED-M", 7).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "TEE-RED-M"), Some(7));

    let event = answer.body["events"][0].as_str().unwrap();
    let trace = world.call("event.trace", json!({ "eventId": event })).await.unwrap();
    assert_eq!(trace["occurrences"][0]["outcome"], "applied", "{trace}");
    let history = world.call("event.list", json!({ "type": "stocklevel", "key": "TEE-RED-M" })).await.unwrap();
    assert_eq!(history["events"][0]["eventId"], event, "{history}");
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 0, 0, 0]);
}
