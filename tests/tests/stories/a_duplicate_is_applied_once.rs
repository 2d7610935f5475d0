//! The shop sends one webhook twice: the office is asked once, and the second receipt is counted as a duplicate.

use crate::tell::{counts, office_stock, stock_webhook, take, world};

#[tokio::test]
async fn a_duplicate_is_applied_once() {
    let world = world().await;
    let webhook = stock_webhook(&world, "TEE-RED-M", 7);
    let first = take(&world, &webhook).await;
    let second = take(&world, &webhook).await;
    assert_eq!(first.body["events"], second.body["events"], "one change is one event");
    world.drain().await.unwrap();
    take(&world, &webhook).await;
    world.drain().await.unwrap();

    assert_eq!(office_stock(&world, "TEE-RED-M"), Some(7));
    assert_eq!(world.office.backoffice().stock_writes("TEE-RED-M", "default").len(), 1);
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 2, 0, 0]);
}
