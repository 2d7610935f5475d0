//! The shop is down while it is polled: the job is sent again with growing delays, what fails can be read, and once the
//! budget is spent the next start begins anew.

use std::time::Duration;

use pullpush::World;
use serde_json::{Value, json};
use testkit::faults::{Fault, Rule};

use crate::tell::{counts, office_stock, world};

const PRODUCTS: &str = "/admin/api/2026-01/products.json";

async fn start_polls(world: &World) {
    world.call("connection.resume", json!({ "connectionId": "shop", "now": true })).await.expect("the connection is resumed");
    world.drain().await.expect("the chain comes to rest");
}

/// Time passes and delayed jobs come; no schedule starts anything.
async fn pass(world: &World, seconds: u64) {
    world.clock.wind(Duration::from_secs(seconds));
    world.chain.wake();
    world.drain().await.expect("the chain comes to rest");
}

async fn failing(world: &World) -> Value {
    world.call("connection.get", json!({ "connectionId": "shop" })).await.expect("the connection is shown")["failing"]["product"].clone()
}

#[tokio::test]
async fn a_failing_poll_is_tried_again() {
    let world = world().await;
    world.shop.shop().set_stock("A", 5, world.now());
    world.shop.faults().push(Rule::once("GET", PRODUCTS, Fault::status(503)).times(100));
    start_polls(&world).await;
    let first = failing(&world).await;
    assert_eq!((&first["code"], &first["tries"]), (&json!("destination_unavailable"), &json!(1)), "{first}");
    let jobs = world.chain.queue_depth("jobs-poll").await.unwrap();
    assert_eq!((jobs.delayed, jobs.in_flight), (1, 0), "it waits as a delayed message, not in flight");

    pass(&world, 7).await;
    assert_eq!(failing(&world).await["tries"], 2);
    pass(&world, 20).await;
    assert_eq!(failing(&world).await["tries"], 2, "the second delay is longer");
    world.shop.faults().clear();
    pass(&world, 20).await;

    assert_eq!(failing(&world).await, Value::Null, "what failed is over when the cursor moves");
    assert_eq!(office_stock(&world, "A"), Some(5));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_poll_whose_budget_is_spent_rests_until_it_is_started_anew() {
    let world = world().await;
    world.shop.shop().set_stock("A", 5, world.now());
    world.shop.faults().down();
    start_polls(&world).await;
    for _ in 0..10 {
        pass(&world, 901).await;
    }
    let spent = failing(&world).await;
    assert_eq!((&spent["tries"], &spent["nextAt"]), (&json!(11), &Value::Null), "{spent}");
    assert_eq!(world.chain.queue_depth("jobs-poll").await.unwrap().total(), 0);

    world.shop.faults().up();
    pass(&world, 3600).await;
    assert_eq!(office_stock(&world, "A"), None, "nothing is tried by itself any more");
    start_polls(&world).await;
    assert_eq!((failing(&world).await, office_stock(&world, "A")), (Value::Null, Some(5)));
}

#[tokio::test]
async fn the_tries_of_an_older_run_end_where_a_newer_one_began() {
    let world = world().await;
    world.shop.faults().push(Rule::once("GET", PRODUCTS, Fault::status(503)).times(100));
    for _ in 0..4 {
        start_polls(&world).await;
    }
    pass(&world, 7).await;
    assert_eq!(failing(&world).await["tries"], 2);
    assert_eq!(world.chain.queue_depth("jobs-poll").await.unwrap().total(), 1, "four runs failed, and only the last one goes on");
}

#[tokio::test]
async fn a_failure_that_passes_within_seconds_is_waited_out_in_its_run() {
    let world = world().await;
    world.shop.shop().set_stock("A", 5, world.now());
    world.shop.faults().push(Rule::once("GET", PRODUCTS, Fault::status(503)));
    start_polls(&world).await;
    assert_eq!((failing(&world).await, office_stock(&world, "A")), (Value::Null, Some(5)));
}

#[tokio::test]
async fn what_only_a_person_can_mend_is_not_tried_again() {
    let world = world().await;
    world.shop.faults().push(Rule::once("GET", PRODUCTS, Fault::status(401)).times(2));
    start_polls(&world).await;
    let found = failing(&world).await;
    assert_eq!((&found["code"], &found["nextAt"]), (&json!("needs_auth"), &Value::Null), "{found}");
    assert_eq!(world.chain.queue_depth("jobs-poll").await.unwrap().total(), 0);
    let connection = world.call("connection.get", json!({ "connectionId": "shop" })).await.unwrap();
    assert_eq!(connection["state"], "error");
}
