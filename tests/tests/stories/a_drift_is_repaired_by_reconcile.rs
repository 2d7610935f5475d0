//! Somebody changed a stock in the office by hand: reconcile finds that one key, and writes only that.

use serde_json::json;

use crate::tell::{counts, office_stock, stock_changes, world};

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
