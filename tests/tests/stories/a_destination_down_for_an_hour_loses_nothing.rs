//! The office is down for more than an hour while twenty stocks change: afterwards both ends agree, and nothing died.

use std::time::Duration;

use crate::tell::{counts, office_stock, stock_changes, world};

const FIVE_MINUTES: Duration = Duration::from_secs(300);

#[tokio::test]
async fn a_destination_down_for_an_hour_loses_nothing() {
    let world = world().await;
    let skus: Vec<String> = (0..20).map(|number| format!("SKU-{number}")).collect();
    world.office.faults().down();
    for (sku, quantity) in skus.iter().zip(100..) {
        stock_changes(&world, sku, quantity).await;
    }
    world.drain().await.unwrap();
    for _ in 0..10 {
        world.wind(FIVE_MINUTES).await.unwrap();
    }
    assert!(skus.iter().all(|sku| office_stock(&world, sku).is_none()), "the office was down");

    world.office.faults().up();
    let mut rounds = 0;
    while world.account("stock").await.unwrap()["open"] != 0 {
        rounds += 1;
        assert!(rounds < 40, "still open: {:?}", world.account("stock").await.unwrap());
        world.wind(FIVE_MINUTES).await.unwrap();
    }
    for (sku, quantity) in skus.iter().zip(100..) {
        assert_eq!(office_stock(&world, sku), Some(quantity), "{sku}");
    }
    let [applied, .., dead] = counts(&world.account("stock").await.unwrap());
    assert_eq!((applied, dead), (20, 0));
}
