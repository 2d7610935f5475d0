//! The deployed programs at their work, each behind the Runtime API: what one puts on a queue the next one takes.

use std::time::Duration;

use canonical::{Clock, ConnectionId};
use pullpush::World;
use runtime::SystemClock;
use serde_json::{Value, json};
use store::due::poll_id;
use testkit::faults::{Fault, Rule};

use crate::{events::{self, SKU, recorded}, lambda::Program};

/// What the schedule sends to `poll`.
const SWEEP: &str = r#"{"kind":"sweep"}"#;
/// More than a message that starts or repeats work is delayed by.
const DELAY: Duration = Duration::from_secs(120);

/// The office's stock.
fn stock(world: &World) -> Option<i64> {
    world.office.backoffice().stock(SKU, "default")
}

/// Invokes a program with an HTTP request of the recordings; the answer is its status and its body.
async fn asked(program: &Program, world: &World, function: &str, situation: &str) -> (u64, Value) {
    let answer = program.invoke(recorded(world, function, situation).0).await.unwrap();
    (answer["statusCode"].as_u64().unwrap(), serde_json::from_str(answer["body"].as_str().unwrap()).unwrap())
}

#[tokio::test]
async fn a_webhook_passes_through_the_deployed_programs() {
    let world = Box::pin(events::world()).await;
    world.office.faults().push(Rule::once("POST", "/rest/V1/inventory/source-items", Fault::status(503)));
    let ingest = Program::spawn("ingest", &world).await;
    let (status, body) = asked(&ingest, &world, "ingest", "webhook_signed").await;
    assert_eq!((status, &body["ok"], body["events"].as_array().map(Vec::len)), (200, &json!(true), Some(1)), "{body}");
    let transform = Program::spawn("transform", &world).await;
    assert_eq!(transform.fed(&world, "in").await, 1);
    let deliver = Program::spawn("deliver", &world).await;
    assert_eq!(deliver.fed(&world, "deliver").await, 1);
    assert_eq!(stock(&world), None, "the office was down");
    world.clock.wind(DELAY);
    assert_eq!((deliver.fed(&world, "deliver").await, stock(&world)), (1, Some(7)));
    let trace = world.call("event.trace", json!({ "eventId": body["events"][0] })).await.unwrap();
    assert_eq!(trace["occurrences"][0]["outcome"], "applied", "{trace}");
    for program in [ingest, transform, deliver] {
        program.ended(&world, &[]);
    }
}

#[tokio::test]
async fn a_schedule_starts_a_poll_and_its_page_reaches_the_queue() {
    let world = Box::pin(events::world()).await;
    let store = &world.chain.app().store;
    let shop = ConnectionId::parse("shop").unwrap();
    // The programs live in the present: of the two polls one is due in every minute of it, the other in none.
    store.unschedule(&poll_id(&world.tenant, &shop, "order")).await.unwrap();
    store.schedule(&poll_id(&world.tenant, &shop, "product"), 1, &pipeline::poll_job(&world.tenant, &shop, "product").body()).await.unwrap();
    let poll = Program::spawn("poll", &world).await;
    assert_eq!(poll.invoke(SWEEP.to_owned()).await, Ok(json!({ "started": 1 })));
    assert_eq!(world.chain.queue_depth("jobs-poll").await.unwrap().total(), 1);
    // What a sweep starts is spread over its minute.
    world.clock.wind(DELAY);
    assert_eq!(poll.fed(&world, "jobs-poll").await, 1);
    assert_eq!(world.chain.queue_depth("in").await.unwrap().visible, 1);
    let cursor = store.of(&world.tenant).cursor(&shop, "product").await.unwrap();
    assert!(cursor.cursor.is_some() && cursor.owner.is_none(), "moved, and its lease given back: {cursor:?}");
    world.drain().await.unwrap();
    assert_eq!(stock(&world), Some(7));
    poll.ended(&world, &[]);
}

#[tokio::test]
async fn what_was_parked_is_released_by_a_sweep_and_delivered() {
    let world = Box::pin(events::world()).await;
    let store = &world.chain.app().store;
    let (shop, office) = (ConnectionId::parse("shop").unwrap(), ConnectionId::parse("office").unwrap());
    for entity in ["product", "order"] {
        store.unschedule(&poll_id(&world.tenant, &shop, entity)).await.unwrap();
    }
    let event: Value = serde_json::from_str(&recorded(&world, "deliver", "one_delivery").0).unwrap();
    let now = SystemClock.now_ms();
    store.of(&world.tenant).park(&office, now - 60_000, "one", event["Records"][0]["body"].as_str().unwrap()).await.unwrap();
    store.save_swept(now.div_euclid(60_000) - 3).await.unwrap();
    let (poll, deliver) = (Program::spawn("poll", &world).await, Program::spawn("deliver", &world).await);
    assert_eq!(poll.invoke(SWEEP.to_owned()).await, Ok(json!({ "started": 1 })));
    assert_eq!(poll.fed(&world, "jobs-poll").await, 1);
    assert_eq!(store.of(&world.tenant).parked(&office, now, 10).await.unwrap(), []);
    assert_eq!((deliver.fed(&world, "deliver").await, stock(&world)), (1, Some(7)));
    assert_eq!(poll.invoke(SWEEP.to_owned()).await, Ok(json!({ "started": 0 })), "what was started is not due again");
    poll.ended(&world, &[]);
    deliver.ended(&world, &[]);
}

#[tokio::test]
async fn a_reconcile_reads_both_ends_and_sends_the_difference() {
    let world = Box::pin(events::world()).await;
    world.shop.shop().set_stock("MUG-WHITE", 3, world.now());
    world.office.backoffice().set_stock("MUG-WHITE", "default", 3);
    world.office.backoffice().set_stock(SKU, "default", 99);
    world.call("flow.reconcile", json!({ "flowId": "stock" })).await.unwrap();
    let reconcile = Program::spawn("reconcile", &world).await;
    assert_eq!(reconcile.fed(&world, "jobs-reconcile").await, 1);
    assert_eq!(world.chain.queue_depth("bulk").await.unwrap().visible, 1, "of two items one differs");
    let deliver = Program::spawn("deliver", &world).await;
    assert_eq!((deliver.fed(&world, "bulk").await, stock(&world)), (1, Some(7)));
    reconcile.ended(&world, &["MUG-WHITE"]);
    deliver.ended(&world, &["MUG-WHITE"]);
}

#[tokio::test]
async fn the_api_answers_for_its_health_and_calls_tools_for_who_has_a_key() {
    let world = Box::pin(events::world()).await;
    let api = Program::spawn("api", &world).await;
    for situation in ["health", "ready", "tool", "tool_without_key", "tool"] {
        let (status, body) = asked(&api, &world, "api", situation).await;
        let expected = recorded(&world, "api", situation).1;
        let lacking = events::lacking(&expected["answer"], &json!({ "status": status, "body": body }), situation);
        assert_eq!(lacking, None, "{body}");
    }
    let said = api.ended(&world, &[]);
    assert!(said.contains("missing_api_key"), "a refusal is told: {said}");
}
