//! A flow carries a mapping: a safety stock is held back and test articles do not pass. Live events and reconciles see the
//! same; what cannot be mapped dies with the operation named; a mapping with an error is never written.

use pullpush::World;
use serde_json::json;
use store::Flow;

use crate::tell::{counts, office_stock, stock_changes, world};

const HELD_BACK: &str = r#"[
    {"op":"filter","where":"{{ not starts_with(record.sku, 'TEST-') }}"},
    {"op":"template","to":"quantity","value":"{{ max(record.quantity - 2, 0) }}"}
]"#;

async fn put(world: &World, mapping: &str) {
    let tenant = world.chain.app().store.of(&world.tenant);
    let flow: Flow = tenant.load("stock").await.unwrap().unwrap();
    tenant.save(&Flow { mapping: Some(mapping.to_owned()), ..flow }).await.unwrap();
    world.chain.app().known.forget();
}

#[tokio::test]
async fn live_events_and_reconciles_are_mapped_alike() {
    let world = world().await;
    put(&world, HELD_BACK).await;
    for (sku, quantity) in [("A", 10), ("B", 1), ("TEST-1", 5)] {
        stock_changes(&world, sku, quantity).await;
    }
    world.drain().await.unwrap();
    assert_eq!(["A", "B", "TEST-1"].map(|sku| office_stock(&world, sku)), [Some(8), Some(0), None]);
    assert_eq!(counts(&world.account("stock").await.unwrap()), [2, 0, 0, 1, 0]);

    world.office.backoffice().set_stock("B", "default", 99);
    world.call("flow.reconcile", json!({ "flowId": "stock" })).await.unwrap();
    world.drain().await.unwrap();
    assert_eq!(["A", "B", "TEST-1"].map(|sku| office_stock(&world, sku)), [Some(8), Some(0), None]);
    assert_eq!(world.office.backoffice().stock_writes("A", "default").len(), 1, "what is equal once mapped is not written");
}

#[tokio::test]
async fn what_cannot_be_mapped_dies_and_tells_where() {
    let world = world().await;
    put(&world, r#"[{"op":"template","to":"quantity","value":"{{ record.quantity / 0 }}"}]"#).await;
    stock_changes(&world, "A", 10).await;
    world.drain().await.unwrap();
    let dead = world.call("dlq.list", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!(dead["entries"][0]["code"], "expression_number", "{dead}");
    assert!(dead["entries"][0].to_string().contains("`template` at `/0`"), "{dead}");

    put(&world, HELD_BACK).await;
    world.call("dlq.retry", json!({ "flowId": "stock" })).await.unwrap();
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "A"), Some(8));
}

#[tokio::test]
async fn a_mapping_with_errors_is_never_written() {
    let world = world().await;
    for (mapping, says) in [
        (json!([{ "op": "cats", "field": "quantity" }]), "/mapping/0/op: `cats` is not known (mapping_unknown_value; did you mean `cast`?"),
        (json!([{ "op": "template", "to": "quantity", "value": "{{ recrod.quantity }}" }]), "did you mean `record`?"),
        (json!("["), "/mapping: "),
    ] {
        let arguments = json!({ "id": "other", "source": "shop", "destination": "office", "type": "stocklevel", "mapping": mapping });
        let error = world.call("flow.create", arguments).await.unwrap_err().to_string();
        assert!(error.contains("argument_invalid") && error.contains(says), "{error}");
    }
    let flows = world.call("flow.list", json!({})).await.unwrap();
    assert!(!flows.to_string().contains("other"), "{flows}");
}
