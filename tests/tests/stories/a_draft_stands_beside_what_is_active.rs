//! A definition is stored anew under the slug of one that is in use: its connections go on with the active one, faulty as
//! the draft may be, until the draft is made active.

use pullpush::world::SHOP;
use serde_json::json;

use crate::tell::{counts, office_stock, stock_changes, world};

#[tokio::test]
async fn a_draft_changes_nothing_before_it_is_active() {
    let world = world().await;
    let app = world.chain.app();
    let draft = SHOP.replace("$.inventory_quantity", "$.nowhere");
    let stored = world.call("connector.definition.create", json!({ "definition": draft })).await.unwrap();
    assert_eq!(stored, json!({ "id": "shop", "state": "draft", "active": true }));
    app.known.forget();
    stock_changes(&world, "A", 1).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "A"), Some(1), "the active one is used");
    // What looks a connector up for a person looks at the active one too.
    world.secret("shop", "access_token", "shop-token").await.unwrap();
    world.call("connection.resume", json!({ "connectionId": "shop" })).await.unwrap();

    let faulty = SHOP.replace(r#""canonical_map""#, r#""canonical_mop""#);
    world.call("connector.definition.create", json!({ "definition": faulty })).await.unwrap();
    let refused = world.call("connector.definition.activate", json!({ "id": "shop" })).await.unwrap_err().to_string();
    assert!(refused.starts_with("definition_invalid: "), "{refused}");
    app.known.forget();
    stock_changes(&world, "A", 2).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "A"), Some(2), "a faulty draft harms nobody");

    world.call("connector.definition.create", json!({ "definition": draft })).await.unwrap();
    let activated = world.call("connector.definition.activate", json!({ "id": "shop" })).await.unwrap();
    assert_eq!(activated, json!({ "id": "shop", "state": "active" }));
    stock_changes(&world, "A", 3).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "A"), Some(2));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [2, 0, 0, 0, 1], "the draft is what is used now: it finds no quantity");
    world.call("connector.definition.activate", json!({ "id": "shop" })).await.unwrap();
}

#[tokio::test]
async fn a_draft_nobody_activated_is_not_used() {
    let world = world().await;
    let other = SHOP.replace(r#""slug": "shop""#, r#""slug": "other""#);
    for _ in 0..2 {
        let stored = world.call("connector.definition.create", json!({ "definition": other })).await.unwrap();
        assert_eq!(stored, json!({ "id": "other", "state": "draft", "active": false }));
    }
    let refused = world.call("connection.create", json!({ "connector": "other", "id": "third" })).await.unwrap_err().to_string();
    assert_eq!(refused, "connector_unknown: /connector: definition other is not active");
}
