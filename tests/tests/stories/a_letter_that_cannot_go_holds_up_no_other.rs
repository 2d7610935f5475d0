//! Among the dead letters of a flow is one of which only the beginning was kept: the others go all the same, and it is named
//! with what is wrong, until a person discards it. One call retries no more than it can finish.

use canonical::Millis;
use pullpush::World;
use serde_json::{Value, json};
use store::DeadEntry;
use testkit::faults::{Fault, Rule};

use crate::tell::{counts, office_stock, stock_changes, world};

/// A letter older than all others, with a body.
async fn bury(world: &World, occurrence: u64, accepted_ms: Millis, body: &str) {
    let entry = DeadEntry {
        flow: "stock".into(), occurrence: format!("{occurrence:016x}"), event: "evt_1".into(), key: "A".into(), accepted_ms, died_ms: world.now(),
        code: "destination_rejected".into(), message: "of its bytes only its beginning is kept".into(), fingerprint: "cut".into(), attempts: "[]".into(), body: body.into(),
    };
    let of = world.chain.app().store.of(&world.tenant);
    of.bury(&entry, i64::MAX / 2000).await.unwrap();
}

async fn letters(world: &World) -> Vec<Value> {
    world.call("dlq.list", json!({ "flowId": "stock", "limit": 1000 })).await.unwrap()["entries"].as_array().unwrap().clone()
}

async fn two_die(world: &World) {
    world.office.faults().push(Rule::once("POST", "/rest/V1/inventory/source-items", Fault::status(422)).times(2));
    for (sku, quantity) in [("A", 1), ("B", 2)] {
        stock_changes(world, sku, quantity).await;
    }
    world.drain().await.unwrap();
}

#[tokio::test]
async fn the_others_go_and_the_one_is_named() {
    let world = world().await;
    two_die(&world).await;
    bury(&world, 1, 1, r#"{"v":1,"k":"delivery","cut"#).await;
    bury(&world, 2, 2, r#"{"v":99}"#).await;
    let before = letters(&world).await;
    assert_eq!(before.len(), 4);

    let answer = world.call("dlq.retry", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!((&answer["retried"], &answer["left"]), (&json!(2), &json!(0)), "{answer}");
    let failed: Vec<_> = answer["failed"].as_array().unwrap().iter().map(|failed| (failed["id"].clone(), failed["code"].clone())).collect();
    assert_eq!(failed, [(before[0]["id"].clone(), json!("message_unknown")), (before[1]["id"].clone(), json!("message_unknown"))], "{answer}");
    world.drain().await.unwrap();
    assert_eq!((office_stock(&world, "A"), office_stock(&world, "B")), (Some(1), Some(2)));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [2, 0, 0, 0, 2]);

    let answer = world.call("dlq.retryCluster", json!({ "flowId": "stock", "fingerprint": "cut" })).await.unwrap();
    assert_eq!((&answer["retried"], answer["failed"].as_array().unwrap().len()), (&json!(0), 2), "{answer}");
}

#[tokio::test]
async fn what_can_never_go_is_discarded_for_a_reason() {
    let world = world().await;
    bury(&world, 1, 1, r#"{"v":99}"#).await;
    bury(&world, 2, 2, r#"{"v":99}"#).await;
    let ids: Vec<_> = letters(&world).await.iter().map(|letter| letter["id"].clone()).collect();
    let refused = world.call("dlq.discard", json!({ "id": ids[0] })).await.unwrap_err().to_string();
    assert_eq!(refused, "argument_invalid: /reason: a text is required");
    let discarded = json!({ "id": ids[0], "reason": "of another installation" });
    assert_eq!(world.call("dlq.discard", discarded.clone()).await.unwrap(), json!({ "discarded": 1, "left": 0 }));
    assert_eq!(letters(&world).await.len(), 1, "the other stays");
    let gone = world.call("dlq.discard", discarded).await.unwrap_err().to_string();
    assert!(gone.starts_with("not_found: "), "{gone}");
    let cluster = json!({ "flowId": "stock", "fingerprint": "cut", "reason": "of another installation" });
    assert_eq!(world.call("dlq.discard", cluster).await.unwrap(), json!({ "discarded": 1, "left": 0 }));
    assert_eq!(letters(&world).await, Vec::<Value>::new());
    let all = world.call("dlq.discard", json!({ "flowId": "stock", "reason": "all of it" })).await.unwrap_err().to_string();
    assert!(all.starts_with("argument_invalid: /fingerprint: "), "a whole flow is not discarded: {all}");
}

#[tokio::test]
async fn the_reason_stays_in_the_trace_and_the_outcome_as_it_was() {
    let world = world().await;
    two_die(&world).await;
    let letter = letters(&world).await.remove(0);
    world.call("dlq.discard", json!({ "id": letter["id"], "reason": "the article is gone" })).await.unwrap();
    let trace = world.call("event.trace", json!({ "eventId": letter["eventId"] })).await.unwrap();
    let told = &trace["occurrences"][0];
    let last = told["steps"].as_array().unwrap().last().unwrap();
    assert_eq!((&told["outcome"], &last["step"], &last["note"]), (&json!("dead"), &json!("discarded"), &json!("the article is gone")), "{trace}");
    assert_eq!(counts(&world.account("stock").await.unwrap()), [0, 0, 0, 0, 2]);
}

#[tokio::test]
async fn one_call_retries_no_more_than_it_can_finish() {
    let world = world().await;
    two_die(&world).await;
    let of = world.chain.app().store.of(&world.tenant);
    let first = of.dead("stock", 1, 0).await.unwrap().remove(0);
    let body = of.dead_letter(&first.key()).await.unwrap().unwrap().body;
    for copy in 1..=200 {
        bury(&world, copy, 1, &body).await;
    }
    let answer = world.call("dlq.retry", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!(answer, json!({ "retried": 200, "failed": [], "left": 2 }));
    let answer = world.call("dlq.retry", json!({ "flowId": "stock" })).await.unwrap();
    assert_eq!(answer, json!({ "retried": 2, "failed": [], "left": 0 }));
}
