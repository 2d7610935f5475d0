//! A record that cannot be mapped dies on two flows; one of the two deaths is replayed, and the other flow hears nothing.

use serde_json::json;

use crate::tell::{counts, take, world};

#[tokio::test]
async fn a_replay_reaches_the_flow_it_died_on() {
    let world = world().await;
    world.call("flow.create", json!({ "id": "other", "source": "shop", "destination": "office", "type": "stocklevel" })).await.unwrap();
    let now = world.now();
    let product = world.shop.shop().add_product("TEE-RED-S", "Tee", "29.90", now);
    world.shop.shop().add_variant(product, "", "Tee", "29.90", now);
    world.shop.shop().set_stock("TEE-RED-S", 3, now);
    let webhook = world.shop.shop().webhook_for_product("TEE-RED-S").unwrap();
    take(&world, &webhook).await;
    world.drain().await.unwrap();
    assert_eq!(counts(&world.account("other").await.unwrap())[4], 1);

    let dead = world.call("dlq.list", json!({ "flowId": "stock" })).await.unwrap();
    world.call("dlq.retry", json!({ "id": dead["entries"][0]["id"] })).await.unwrap();
    world.drain().await.unwrap();

    assert_eq!(counts(&world.account("stock").await.unwrap())[4], 2, "it died once more where it was replayed");
    assert_eq!(counts(&world.account("other").await.unwrap())[4], 1, "and nowhere else");
    // Its own death aims at its flow still.
    let again = world.call("dlq.list", json!({ "flowId": "stock" })).await.unwrap();
    world.call("dlq.retry", json!({ "id": again["entries"][0]["id"] })).await.unwrap();
    world.drain().await.unwrap();
    assert_eq!((counts(&world.account("stock").await.unwrap())[4], counts(&world.account("other").await.unwrap())[4]), (3, 1));
}
