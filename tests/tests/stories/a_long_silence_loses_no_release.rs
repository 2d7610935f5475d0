//! What is parked falls due while nobody sweeps, for days; or the release that was started is lost. It goes all the same.

use std::time::Duration;

use pullpush::World;
use serde_json::json;

use crate::tell::{office_stock, stock_changes, world};

/// A change that waits, because its destination was paused for a moment.
async fn parked(world: &World) {
    world.chain.sweep().await.unwrap();
    world.call("connection.pause", json!({ "connectionId": "office" })).await.unwrap();
    stock_changes(world, "A", 5).await;
    world.drain().await.unwrap();
    world.call("connection.resume", json!({ "connectionId": "office" })).await.unwrap();
    // The resume starts a release of its own, which finds nothing due.
    world.drain().await.unwrap();
    assert_eq!(office_stock(world, "A"), None);
}

#[tokio::test]
async fn days_without_a_sweep_lose_nothing() {
    let world = world().await;
    parked(&world).await;
    world.wind(Duration::from_secs(2 * 86_400)).await.unwrap();
    assert_eq!(office_stock(&world, "A"), Some(5));
    // A poll may have brought the value too: what was parked has to end all the same.
    assert_eq!(world.account("stock").await.unwrap()["open"], 0);
}

#[tokio::test]
async fn a_catch_up_asks_no_more_often_than_one_sweep() {
    let world = world().await;
    world.chain.sweep().await.unwrap();
    let queries = || world.chain.counts().get("DynamoDB.Query").copied().unwrap_or(0);
    let before = queries();
    world.clock.wind(Duration::from_secs(3 * 86_400));
    world.chain.sweep().await.unwrap();
    let asked = queries() - before;
    assert!(asked < 5_000, "{asked}: every distinct partition at most once");
}

#[tokio::test]
async fn a_release_that_is_lost_is_started_again() {
    let world = world().await;
    parked(&world).await;
    world.clock.wind(Duration::from_secs(20 * 60));
    world.chain.sweep().await.unwrap();
    let services = world.chain.services();
    Box::pin(services.clients.sqs.purge_queue().queue_url(&services.queues["jobs-poll"].url).send()).await.unwrap();
    world.wind(Duration::from_secs(60)).await.unwrap();
    assert_eq!(office_stock(&world, "A"), Some(5));
    world.chain.sweep().await.unwrap();
    assert_eq!(world.chain.queue_depth("jobs-poll").await.unwrap().visible, 0, "what was released is not due again");
}
