//! Two webhooks arrive in the wrong order: the older one changes nothing, and is counted as superseded.

use std::time::Duration;

use crate::tell::{counts, office_stock, stock_webhook, take, world};

#[tokio::test]
async fn a_stale_value_never_overwrites_a_newer_one() {
    let world = world().await;
    let older = stock_webhook(&world, "TEE-RED-M", 5);
    world.clock.wind(Duration::from_secs(60));
    let newer = stock_webhook(&world, "TEE-RED-M", 9);

    take(&world, &newer).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "TEE-RED-M"), Some(9));
    take(&world, &older).await;
    world.drain().await.unwrap();

    assert_eq!(office_stock(&world, "TEE-RED-M"), Some(9));
    assert_eq!(world.office.backoffice().stock_writes("TEE-RED-M", "default").len(), 1);
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 1, 0, 0, 0]);
}
