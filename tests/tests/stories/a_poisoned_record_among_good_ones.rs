//! A webhook brings a variant without a SKU among good ones, and an event lacks its quantity: the good ones arrive, the
//! bad ones are dead letters that say what is wrong.

use serde_json::{Value, json};

use crate::tell::{counts, office_stock, take, world};

#[tokio::test]
async fn a_poisoned_record_among_good_ones() {
    let world = world().await;
    let now = world.now();
    let product = world.shop.shop().add_product("TEE-RED-S", "Tee", "29.90", now);
    for sku in ["", "TEE-RED-M"] {
        world.shop.shop().add_variant(product, sku, "Tee", "29.90", now);
    }
    for (sku, quantity) in [("TEE-RED-S", 3), ("TEE-RED-M", 4)] {
        world.shop.shop().set_stock(sku, quantity, now);
    }
    let webhook = world.shop.shop().webhook_for_product("TEE-RED-S").unwrap();
    take(&world, &webhook).await;
    world.drain().await.unwrap();

    assert_eq!((office_stock(&world, "TEE-RED-S"), office_stock(&world, "TEE-RED-M")), (Some(3), Some(4)));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [2, 0, 0, 0, 1]);
    let dead = world.call("dlq.list", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!(dead["entries"][0]["code"], "record_without_key", "{dead}");
}

#[tokio::test]
async fn an_event_without_its_quantity_among_good_ones() {
    let world = world().await;
    let connections = world.call("connection.list", json!({})).await.unwrap();
    let api = connections["connections"].as_array().unwrap().iter().find(|row| row["connector"] == "api").unwrap();
    world.call("flow.create", json!({ "id": "sent", "source": api["connectionId"], "destination": "office", "type": "stocklevel" })).await.unwrap();
    let door = format!("/api/v1/tenants/{}/events", world.tenant);
    let send = |sku: &str, payload: Value| json!({ "type": "stocklevel.updated", "externalId": sku, "payload": payload });
    for (sku, payload) in [("A", json!({ "quantity": 1 })), ("B", json!({})), ("C", json!({ "quantity": 3 }))] {
        let answer = world.post_json(&door, &send(sku, payload)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    world.drain().await.unwrap();

    assert_eq!(["A", "B", "C"].map(|sku| office_stock(&world, sku)), [Some(1), None, Some(3)]);
    assert_eq!(counts(&world.account("sent").await.unwrap()), [2, 0, 0, 0, 1]);
    let dead = world.call("dlq.list", json!({ "flowId": "sent" })).await.unwrap();
    assert_eq!(dead["entries"][0]["code"], "canonical_invalid", "{dead}");
}
