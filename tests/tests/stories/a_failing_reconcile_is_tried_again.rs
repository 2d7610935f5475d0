//! An end fails while a flow is reconciled: the run goes again by itself, under its name, and its failure is noted until
//! then. What no message can carry is passed over, and the others are repaired.

use std::time::Duration;

use canonical::ConnectionId;
use serde_json::json;
use store::Work;
use testkit::faults::{Fault, Rule};

use crate::tell::{office_stock, stock_changes, world};

#[tokio::test]
async fn a_failing_reconcile_is_tried_again() {
    let world = world().await;
    stock_changes(&world, "A", 2).await;
    world.drain().await.unwrap();
    world.office.backoffice().set_stock("A", "default", 99);
    world.office.faults().push(Rule::once("GET", "/rest/V1/inventory/source-items", Fault::status(503)).times(100));
    world.call("flow.reconcile", json!({ "flowId": "stock" })).await.unwrap();
    world.drain().await.unwrap();

    let shop = ConnectionId::parse("shop").unwrap();
    let failing = async || world.chain.app().store.of(&world.tenant).failing(&shop, Work::Reconcile("stock")).await.unwrap();
    assert_eq!(failing().await.map(|failing| (failing.code, failing.tries)), Some(("destination_unavailable".to_owned(), 1)));
    let shown = async |connection: &str| world.call("connection.get", json!({ "connectionId": connection })).await.unwrap();
    for end in ["shop", "office"] {
        let failing = shown(end).await["failing"]["reconcile:stock"].clone();
        assert_eq!((&failing["code"], &failing["type"], &failing["tries"]), (&json!("destination_unavailable"), &json!("stocklevel"), &json!(1)));
        assert!(failing["message"].as_str().unwrap().starts_with("the scan of office: ") && failing["at"].is_i64(), "{failing}");
    }
    let jobs = world.chain.queue_depth("jobs-reconcile").await.unwrap();
    assert_eq!((jobs.delayed, jobs.in_flight), (1, 0), "it waits as a delayed message, not in flight");
    world.office.faults().clear();
    world.clock.wind(Duration::from_secs(20));
    world.chain.wake();
    world.drain().await.unwrap();
    assert_eq!((office_stock(&world, "A"), failing().await), (Some(2), None));
    let shop = shown("shop").await;
    assert_eq!((&shop["failing"], &shop["reconciles"]["stock"]["differences"]), (&json!({}), &json!(1)));
}
