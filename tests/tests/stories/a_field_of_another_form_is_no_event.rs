//! An event whose quantity is no number that can be meant, or whose id is no text, reaches no destination: it is dead, and
//! says at which place what was expected and what was found.

use std::time::Duration;

use pullpush::World;
use serde_json::{Value, json};

use crate::tell::{counts, office_stock, world};

async fn flow_from_api(world: &World, id: &str, kind: &str) {
    let connections = world.call("connection.list", json!({})).await.unwrap();
    let api = connections["connections"].as_array().unwrap().iter().find(|row| row["connector"] == "api").unwrap();
    world.call("flow.create", json!({ "id": id, "source": api["connectionId"], "destination": "office", "type": kind })).await.unwrap();
}

/// The payload as it is written: a number need not be one that other readers can hold.
async fn post(world: &World, kind: &str, key: &str, payload: &str) {
    let body = format!(r#"{{"type":"{kind}.updated","externalId":"{key}","payload":{payload}}}"#);
    let headers = [("authorization".to_owned(), format!("Bearer {}", world.key))];
    let answer = world.post(&format!("/api/v1/tenants/{}/events", world.tenant), &headers, body.into_bytes()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn a_quantity_that_is_none_reaches_nobody() {
    let world = world().await;
    flow_from_api(&world, "sent", "stocklevel").await;
    let wrong = [(r#""x""#, "a string"), (r#""7""#, "a string"), ("true", "a boolean"), ("[]", "an array"), ("1e400", "1e400"), ("1e-400", "1e-400"), ("1234567890123456", "1234567890123456")];
    for (index, (quantity, found)) in wrong.into_iter().enumerate() {
        post(&world, "stocklevel", "A", &format!(r#"{{"sku":"A","quantity":{quantity}}}"#)).await;
        world.drain().await.unwrap();
        world.clock.wind(Duration::from_secs(1));
        let dead: Value = world.call("dlq.list", json!({ "flowId": "sent" })).await.unwrap();
        let last = &dead["entries"][index];
        assert_eq!(last["code"], "canonical_invalid", "{quantity}: {dead}");
        let says = last["message"].as_str().unwrap();
        assert!(says.starts_with("/payload/quantity: a decimal number") && says.ends_with(&format!("is expected, {found} was found")), "{says}");
    }
    assert_eq!(world.office.backoffice().all_stock_writes().len(), 0);
    post(&world, "stocklevel", "A", r#"{"sku":"A","quantity":7.0,"updatedAt":null}"#).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "A"), Some(7));
    assert_eq!(counts(&world.account("sent").await.unwrap()), [1, 0, 0, 0, 7]);
}

#[tokio::test]
async fn a_line_of_an_order_is_looked_at_too() {
    let world = world().await;
    flow_from_api(&world, "sent", "order").await;
    post(&world, "order", "1", r#"{"orderId":"1","lineItems":[{"sku":"A","quantity":1,"price":19.90},{"sku":"B","quantity":"many"}]}"#).await;
    world.drain().await.unwrap();
    let dead = world.call("dlq.list", json!({ "flowId": "sent" })).await.unwrap();
    let says = dead["entries"][0]["message"].as_str().unwrap();
    assert!(says.starts_with("/payload/lineItems/1/quantity: "), "{says}");
}
