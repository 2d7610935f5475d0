//! The shop sends a variant without a quantity, or with `null` for one, and it does not know a SKU at all: the office
//! keeps what it has, and what cannot be told from zero is a dead letter, not a guess.

use serde_json::{Value, json};

use crate::tell::{counts, office_stock, stock_changes, stock_webhook, take, world};

#[tokio::test]
async fn a_missing_quantity_never_becomes_zero() {
    let world = world().await;
    stock_changes(&world, "TEE-RED-M", 7).await;
    world.drain().await.unwrap();

    for (note, quantity) in [("absent", None), ("null", Some(Value::Null))] {
        let mut webhook = stock_webhook(&world, "TEE-RED-M", 7).with("X-Shopify-Event-Id", note);
        let mut product: Value = serde_json::from_slice(&webhook.body).unwrap();
        let variant = product["variants"][0].as_object_mut().unwrap();
        variant.remove("inventory_quantity").unwrap();
        variant.extend(quantity.map(|quantity| ("inventory_quantity".to_owned(), quantity)));
        webhook.body = product.to_string().into_bytes();
        take(&world, &webhook.signed_with("shop-secret")).await;
        world.drain().await.unwrap();
        assert_eq!(office_stock(&world, "TEE-RED-M"), Some(7), "{note}");
    }
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 0, 0, 2]);
    let dead = world.call("dlq.list", json!({ "flowId": "stock" })).await.unwrap();
    assert!(dead["entries"].as_array().unwrap().iter().all(|entry| entry["code"] == "canonical_invalid"), "{dead}");
}

#[tokio::test]
async fn reconcile_leaves_what_the_shop_does_not_know() {
    let world = world().await;
    world.office.backoffice().set_stock("ONLY-HERE", "default", 5);
    world.call("flow.reconcile", json!({ "flowId": "stock" })).await.unwrap();
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "ONLY-HERE"), Some(5));
    assert_eq!(world.office.backoffice().all_stock_writes().len(), 0);
}
