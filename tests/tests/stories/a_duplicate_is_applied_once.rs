//! The shop sends one webhook again, at any later time: the office is asked once, and every further receipt is a
//! duplicate, also when another value came in between.

use std::time::Duration;

use pullpush::World;

use crate::tell::{counts, office_stock, stock_webhook, take, world};

const SKU: &str = "TEE-RED-M";
const A_WHILE: Duration = Duration::from_secs(90);

async fn received(world: &World, webhook: &testkit::Webhook) {
    take(world, webhook).await;
    world.drain().await.unwrap();
    world.clock.wind(A_WHILE);
}

/// What the office was told, in order.
fn told(world: &World) -> Vec<i64> {
    world.office.backoffice().stock_writes(SKU, "default").iter().map(|write| write.quantity).collect()
}

#[tokio::test]
async fn a_duplicate_is_applied_once() {
    let world = world().await;
    let webhook = stock_webhook(&world, SKU, 7);
    let first = take(&world, &webhook).await;
    let second = take(&world, &webhook).await;
    assert_eq!(first.body["events"], second.body["events"], "one change is one event");
    world.drain().await.unwrap();
    world.clock.wind(A_WHILE);
    received(&world, &webhook).await;

    assert_eq!((office_stock(&world, SKU), told(&world)), (Some(7), vec![7]));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 2, 0, 0]);
}

#[tokio::test]
async fn a_duplicate_does_not_overwrite_what_came_in_between() {
    let world = world().await;
    // Both changed within one second of the shop's clock, which tells no finer: only receipt says which is newer.
    let older = stock_webhook(&world, SKU, 7);
    let newer = stock_webhook(&world, SKU, 5);
    received(&world, &older).await;
    received(&world, &newer).await;
    received(&world, &older).await;

    assert_eq!((office_stock(&world, SKU), told(&world)), (Some(5), vec![7, 5]));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [2, 0, 1, 0, 0]);
}

#[tokio::test]
async fn what_was_overtaken_and_comes_again_stays_overtaken() {
    let world = world().await;
    let older = stock_webhook(&world, SKU, 7);
    let newer = stock_webhook(&world, SKU, 5);
    // Received in order and delivered in one batch, of which only the newest is called.
    take(&world, &older).await;
    world.clock.wind(Duration::from_millis(5));
    take(&world, &newer).await;
    world.drain().await.unwrap();
    world.clock.wind(A_WHILE);
    received(&world, &older).await;

    assert_eq!((office_stock(&world, SKU), told(&world)), (Some(5), vec![5]));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 1, 1, 0, 0]);
}
