//! A record that no event can carry, on a page of a poll or in a webhook: it alone is dead, the others arrive, and the
//! cursor goes on.

use pullpush::World;
use serde_json::json;

use crate::tell::{counts, office_stock, take, world};

fn shelf(world: &World, title: &str, sku: &str) {
    let now = world.now();
    let product = world.shop.shop().add_product("A", "Tee", "29.90", now);
    world.shop.shop().add_variant(product, sku, title, "29.90", now);
    world.shop.shop().add_variant(product, "C", "Tee", "29.90", now);
    for (sku, quantity) in [("A", 1), (sku, 2), ("C", 3)] {
        world.shop.shop().set_stock(sku, quantity, now);
    }
}

async fn one_is_dead(world: &World, code: &str) {
    world.drain().await.unwrap();
    assert_eq!((office_stock(world, "A"), office_stock(world, "C")), (Some(1), Some(3)));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [2, 0, 0, 0, 1]);
    let dead = world.call("dlq.list", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!((dead["entries"].as_array().map(Vec::len), &dead["entries"][0]["code"]), (Some(1), &json!(code)), "{dead}");
}

async fn poll(world: &World) {
    world.call("connection.resume", json!({ "connectionId": "shop", "now": true })).await.unwrap();
    world.drain().await.unwrap();
}

#[tokio::test]
async fn a_record_of_a_page_dies_alone() {
    let world = world().await;
    shelf(&world, &"x".repeat(300 * 1024), "B");
    poll(&world).await;
    one_is_dead(&world, "event_too_large").await;
    let connection = world.call("connection.get", json!({ "connectionId": "shop" })).await.unwrap();
    assert_eq!(connection["failing"]["product"], json!(null), "{connection}");
    let dead = world.call("dlq.list", json!({ "flowId": "stock" })).await.unwrap();
    let letter = world.call("dlq.get", json!({ "id": dead["entries"][0]["id"] })).await.unwrap();
    assert!(letter["payload"].as_str().unwrap().len() > 300 * 1024, "what fits is kept whole");
}

#[tokio::test]
async fn of_a_record_that_cannot_be_kept_its_beginning_is() {
    let world = world().await;
    shelf(&world, &"x".repeat(2 << 20), "B");
    poll(&world).await;
    one_is_dead(&world, "event_too_large").await;
    let dead = world.call("dlq.list", json!({ "flowId": "stock" })).await.unwrap();
    let letter = world.call("dlq.get", json!({ "id": dead["entries"][0]["id"] })).await.unwrap();
    let (payload, message) = (letter["payload"].as_str().unwrap(), letter["message"].as_str().unwrap());
    assert!((1_000..100_000).contains(&payload.len()), "{}", payload.len());
    assert!(message.contains("only its beginning is kept"), "{message}");
    world.call("dlq.retry", json!({ "id": dead["entries"][0]["id"] })).await.unwrap();
    world.drain().await.unwrap();
    assert_eq!(counts(&world.account("stock").await.unwrap()), [2, 0, 0, 0, 2], "half a record is not delivered: it dies once more");
}

#[tokio::test]
async fn a_record_of_a_webhook_dies_alone() {
    let world = world().await;
    shelf(&world, &"x".repeat(300 * 1024), "B");
    let webhook = world.shop.shop().webhook_for_product("A").unwrap();
    take(&world, &webhook).await;
    one_is_dead(&world, "event_too_large").await;
}

#[tokio::test]
async fn a_record_whose_key_is_too_long_says_so() {
    let world = world().await;
    shelf(&world, "Tee", &"k".repeat(5_000));
    let webhook = world.shop.shop().webhook_for_product("A").unwrap();
    take(&world, &webhook).await;
    one_is_dead(&world, "key_too_long").await;
}
