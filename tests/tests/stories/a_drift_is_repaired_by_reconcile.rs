//! Somebody changed a stock in the office by hand: reconcile finds that one key, and writes only that.

use canonical::ConnectionId;
use serde_json::json;
use store::Work;

use crate::tell::{counts, office_stock, stock_changes, world, world_with};

#[tokio::test]
async fn a_drift_is_repaired_by_reconcile() {
    let world = world().await;
    for (sku, quantity) in [("A", 1), ("B", 2), ("C", 3)] {
        stock_changes(&world, sku, quantity).await;
    }
    world.drain().await.unwrap();
    world.office.backoffice().set_stock("B", "default", 99);

    world.call("flow.reconcile", json!({ "flowId": "stock" })).await.unwrap();
    world.drain().await.unwrap();

    for (sku, quantity, writes) in [("A", 1, 1), ("B", 2, 2), ("C", 3, 1)] {
        assert_eq!(office_stock(&world, sku), Some(quantity), "{sku}");
        assert_eq!(world.office.backoffice().stock_writes(sku, "default").len(), writes, "{sku}");
    }
    assert_eq!(counts(&world.account("stock").await.unwrap()), [4, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_scan_waits_for_its_turn_and_does_not_begin_anew() {
    let mut office: serde_json::Value = serde_json::from_str(pullpush::world::BACKOFFICE).unwrap();
    office["rate_limiting"] = json!({ "windows": [{ "limit": 1, "per": "PT60S" }] });
    let world = world_with(&office.to_string()).await;
    stock_changes(&world, "A", 1).await;
    world.drain().await.unwrap();
    world.office.backoffice().set_stock("A", "default", 99);
    let began = world.now();

    world.call("flow.reconcile", json!({ "flowId": "stock" })).await.unwrap();
    world.drain().await.unwrap();
    let failing = world.chain.app().store.of(&world.tenant).failing(&ConnectionId::parse("shop").unwrap(), Work::Reconcile("stock")).await.unwrap();
    assert_eq!((failing, world.now() - began), (None, 60_000));
    // What it found waits for its turn as any delivery does.
    world.clock.wind(std::time::Duration::from_secs(61));
    world.chain.wake();
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "A"), Some(1));
}
