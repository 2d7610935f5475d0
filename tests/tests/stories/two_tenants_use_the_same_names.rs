//! A second tenant calls its connection what the first one called its own: each has a webhook door, and neither hears of
//! the other.

use pullpush::world::SHOP;
use serde_json::json;

use crate::tell::{counts, office_stock, stock_changes, stock_webhook, take, world};

#[tokio::test]
async fn two_tenants_use_the_same_names() {
    let mut world = world().await;
    let made = Box::pin(control::bootstrap(world.chain.app())).await.unwrap_or_else(|fault| panic!("{}", fault.code));
    let first = std::mem::replace(&mut world.tenant, made.tenant);
    world.call("connector.definition.create", json!({ "definition": SHOP })).await.unwrap();
    world.call("connector.definition.activate", json!({ "id": "shop" })).await.unwrap();
    world.call("connection.create", json!({ "connector": "shop", "id": "shop" })).await.unwrap();
    let got = world.call("webhook.get", json!({ "connectionId": "shop" })).await.unwrap();
    let door = got["url"].as_str().unwrap().strip_prefix("http://127.0.0.1:4264").unwrap();
    assert!(door.starts_with("/webhooks/hok_"), "{door}");

    // Claimed, and not open before there is a secret.
    let webhook = stock_webhook(&world, "A", 1).signed_with("other-secret");
    let early = world.post(door, &webhook.headers, webhook.body.clone()).await;
    assert_eq!((early.status, &early.body["error"]), (404, &json!("connection_unknown")));
    for (name, value) in [("webhook_secret", "other-secret"), ("base_url", world.shop.url()), ("access_token", "other-token")] {
        world.secret("shop", name, value).await.unwrap();
    }
    world.call("connection.resume", json!({ "connectionId": "shop" })).await.unwrap();

    let answer = world.post(door, &webhook.headers, webhook.body.clone()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let crossed = world.webhook(&webhook).await;
    assert_eq!((crossed.status, &crossed.body["error"]), (401, &json!("signature_invalid")), "the first tenant's door knows its own secret only");
    world.drain().await.unwrap();
    let trace = world.call("event.trace", json!({ "eventId": answer.body["events"][0] })).await.unwrap();
    assert_eq!(trace["occurrences"].as_array().unwrap().len(), 1, "{trace}");
    assert_eq!(office_stock(&world, "A"), None);

    world.tenant = first;
    let own = world.call("webhook.get", json!({ "connectionId": "shop" })).await.unwrap();
    assert_eq!(own["url"], "http://127.0.0.1:4264/webhooks/shop");
    stock_changes(&world, "B", 2).await;
    take(&world, &stock_webhook(&world, "C", 3)).await;
    world.drain().await.unwrap();
    assert_eq!((office_stock(&world, "B"), office_stock(&world, "C")), (Some(2), Some(3)));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [2, 0, 0, 0, 0]);
}
