//! An order changes twice while the office fails: its states arrive one after the other, none skipped, none swapped.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{OrderLine, faults::{Fault, Rule}};

use crate::tell::{counts, take, world};

#[tokio::test]
async fn an_order_flow_keeps_its_order_through_a_failure() {
    let world = world().await;
    world.office.faults().push(Rule::once("POST", "/rest/V1/orders", Fault::status(503)).times(2));
    let now = world.now();
    world.shop.shop().put_order("1001", "29.90", now, &[OrderLine::of("TEE-RED-M", 1, "29.90")]);
    let created = world.shop.shop().webhook_for_order("1001").unwrap();
    take(&world, &created).await;
    for (status, later) in [("partially_refunded", 1_000), ("refunded", 2_000)] {
        world.shop.shop().set_order_status("1001", status, None, now + later);
        let updated = world.shop.shop().webhook_for_order("1001").unwrap();
        take(&world, &updated).await;
    }
    world.drain().await.unwrap();
    assert_eq!(world.office.backoffice().all_order_writes().len(), 0, "the first failed, and nobody passes it");
    assert_eq!(world.office.calls_to("POST", "/rest/V1/orders"), 1, "those behind it do not even ask");

    let mut rounds = 0;
    while world.account("orders").await.unwrap()["open"] != 0 {
        rounds += 1;
        assert!(rounds < 40, "still open: {:?}", world.account("orders").await.unwrap());
        world.wind(Duration::from_secs(60)).await.unwrap();
    }
    let writes = world.office.backoffice().order_writes("#1001");
    let states: Vec<Value> = writes.iter().map(|write| serde_json::from_str::<Value>(&write.entity).unwrap()["status"].clone()).collect();
    // A poll in between may bring the last state once more, behind these.
    assert_eq!(states[..3], [json!("paid"), json!("partially_refunded"), json!("refunded")]);
    let [.., dead] = counts(&world.account("orders").await.unwrap());
    assert_eq!(dead, 0);
}
