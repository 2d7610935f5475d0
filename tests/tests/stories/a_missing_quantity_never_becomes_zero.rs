//! The shop sends a variant without a quantity, or with `null` for one, and it does not know a SKU at all: the office
//! keeps what it has, and what cannot be told from zero is a dead letter, not a guess.

use serde_json::{Value, json};

use crate::tell::{counts, office_stock, stock_changes, stock_webhook, take, world, world_with};

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

#[tokio::test]
async fn a_record_without_a_quantity_is_counted_and_neither_sent_nor_missed() {
    let mut office: Value = serde_json::from_str(pullpush::world::BACKOFFICE).unwrap();
    // What the office calls a quantity is called otherwise here: every record of it is without one.
    office["canonical_map"]["source_item"]["fields"]["quantity"]["path"] = json!("$.amount");
    let world = world_with(&office.to_string()).await;
    for sku in ["A", "B"] {
        world.office.backoffice().set_stock(sku, "default", 5);
    }
    stock_changes(&world, "A", 3).await;
    world.drain().await.unwrap();
    world.call("flow.reconcile", json!({ "flowId": "stock" })).await.unwrap();
    world.drain().await.unwrap();
    let shown = world.call("connection.get", json!({ "connectionId": "office" })).await.unwrap();
    let found = &shown["reconciles"]["stock"];
    assert_eq!((&found["source"], &found["sourceLeftOut"], &found["destination"], &found["destinationLeftOut"], &found["missing"]), (&json!(1), &json!(0), &json!(0), &json!(2), &json!(0)), "{found}");
    assert!(found["leftOut"][0].as_str().unwrap().ends_with(": no_value quantity"), "{found}");
    assert_eq!((office_stock(&world, "A"), office_stock(&world, "B")), (Some(3), Some(5)));
}
