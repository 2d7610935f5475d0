//! Forty stocks change at once, and the office allows ten requests a second: within no second is it asked more often than that.

use crate::tell::{office_stock, stock_changes, world};

#[tokio::test]
async fn a_destination_is_called_at_its_rate() {
    let world = world().await;
    let skus: Vec<String> = (0..40).map(|number| format!("SKU-{number}")).collect();
    for sku in &skus {
        stock_changes(&world, sku, 3).await;
    }
    let mut rounds = 0;
    while skus.iter().any(|sku| office_stock(&world, sku).is_none()) {
        rounds += 1;
        assert!(rounds < 20, "it takes as long as the rate asks for, and no longer");
        world.drain().await.unwrap();
        world.clock.wind(std::time::Duration::from_secs(1));
        world.chain.wake();
    }
    let times: Vec<i64> = world.office.backoffice().all_stock_writes().iter().map(|write| write.at_ms).collect();
    let busiest = times.iter().map(|from| times.iter().filter(|at| (*from..from + 1_000).contains(*at)).count()).max();
    assert!(busiest <= Some(10), "asked {busiest:?} times within a second: {times:?}");
}
