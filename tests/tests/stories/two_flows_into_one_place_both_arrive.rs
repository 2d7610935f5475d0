//! Two flows write the same type to the same office: the last value received is what the office holds, also if it is the
//! one the same flow sent before.

use serde_json::json;

use crate::tell::{counts, office_stock, stock_webhook, take, world};

#[tokio::test]
async fn two_flows_into_one_place_both_arrive() {
    let world = world().await;
    let list = world.call("connection.list", json!({})).await.unwrap();
    let api = list["connections"].as_array().unwrap().iter().find(|connection| connection["connector"] == "api").unwrap()["connectionId"].clone();
    world.call("flow.create", json!({ "id": "by-hand", "source": api, "destination": "office", "type": "stocklevel" })).await.unwrap();
    let second = std::time::Duration::from_secs(1);

    let webhook = stock_webhook(&world, "TWO", 7);
    take(&world, &webhook).await;
    world.drain().await.unwrap();
    world.clock.wind(second);
    let event = json!({ "type": "stocklevel.updated", "externalId": "TWO", "payload": { "sku": "TWO", "quantity": 3 } });
    let answer = world.post_json(&format!("/api/v1/tenants/{}/events", world.tenant), &event).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "TWO"), Some(3));
    world.clock.wind(second);
    // The shop says the same once more, of its own accord.
    take(&world, &webhook.with("X-Shopify-Event-Id", "another")).await;
    world.drain().await.unwrap();

    assert_eq!(office_stock(&world, "TWO"), Some(7));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [2, 0, 0, 0, 0]);
}
