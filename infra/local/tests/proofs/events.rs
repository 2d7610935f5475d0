//! Every event under `events/` through its function's handler, in a world of its own, against what is expected of it.
//!
//! `events/<function>/<situation>.json` is what the service would send; `<situation>.expected.json` beside it names the
//! answer and what is left behind. `{{TENANT}}` and `{{KEY}}` stand for what no file can know.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    time::Duration,
};

use canonical::TenantId;
use lambda_http::{Body, Context, LambdaEvent, Response};
use pullpush::World;
use serde_json::{Map, Value, json};

use crate::{Counting, root};

const EXPECTED: &str = ".expected.json";
/// What every world begins with: a product of the shop, its stock set.
pub(crate) const SKU: &str = "TEE-RED-M";

fn recordings() -> PathBuf {
    root().join("events")
}

/// Every event, as function and situation.
fn situations() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for function in fs::read_dir(recordings()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        for file in fs::read_dir(function.path()).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let situation = name.strip_suffix(EXPECTED).or_else(|| name.strip_suffix(".json"));
            let situation = situation.unwrap_or_else(|| panic!("{name} is no event and no expectation"));
            found.insert((function.file_name().into_string().unwrap(), situation.to_owned()));
        }
    }
    found
}

fn file(function: &str, situation: &str, suffix: &str) -> String {
    let path = recordings().join(function).join(format!("{situation}{suffix}"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A situation as this world would meet it: the event, and what is expected of it.
pub(crate) fn recorded(world: &World, function: &str, situation: &str) -> (String, Value) {
    let filled = |suffix| file(function, situation, suffix).replace("{{TENANT}}", world.tenant.as_str()).replace("{{KEY}}", &world.key);
    (filled(".json"), serde_json::from_str(&filled(EXPECTED)).unwrap())
}

/// A world in which the shop has changed the stock of [`SKU`] to 7, a second ago.
pub(crate) async fn world() -> World {
    let world = Box::pin(World::start(Counting::new())).await.unwrap();
    world.shop.shop().set_stock(SKU, 7, world.now());
    // The cursor of a poll begins before this.
    world.clock.wind(Duration::from_secs(1));
    world
}

/// A response as its expectation names it.
fn seen(response: &Response<Body>) -> Value {
    let body: Value = serde_json::from_slice(response.body().as_ref()).unwrap_or_default();
    json!({ "status": response.status().as_u16(), "body": body })
}

/// An answer of `api` as its expectation names it: of an HTTP event status and body, of a direct invocation all.
fn invoked(answer: Value) -> Value {
    let Some(body) = answer.get("statusCode").and(answer["body"].as_str()) else { return answer };
    json!({ "status": answer["statusCode"], "body": serde_json::from_str::<Value>(body).unwrap_or_default() })
}

/// What the function answers; an invocation that failed is `{"failed": true}`.
async fn answer(world: &World, function: &str, event: String) -> Value {
    let functions = world.chain.functions();
    let function = match function {
        "ingest" => {
            let request = lambda_http::request::from_str(&event).unwrap();
            return seen(&Box::pin(ingest::handle(world.chain.app(), request)).await.unwrap());
        }
        "api" => {
            let event = LambdaEvent::new(serde_json::from_str(&event).unwrap(), Context::default());
            return Box::pin(api::invoked(world.chain.app(), event)).await.map_or_else(|_| json!({ "failed": true }), invoked);
        }
        "transform" => &functions.transform,
        "deliver" => &functions.deliver,
        "poll" => &functions.poll,
        "reconcile" => &functions.reconcile,
        other => panic!("there is no function {other}"),
    };
    let answered = function.invoke(event).await;
    answered.map_or_else(|_| json!({ "failed": true }), |text| serde_json::from_str(&text).unwrap())
}

/// How many dead letters a flow has; those no tenant is known of are under `-`.
async fn dead(world: &World, flow: &str, tenant: &TenantId) -> usize {
    world.chain.app().store.of(tenant).dead(flow, 100, world.now() / 1000).await.unwrap().len()
}

/// What is left behind: messages by queue, dead letters by flow, the office's stock.
async fn left(world: &World) -> Value {
    let mut queues = Map::new();
    for queue in world.chain.services().queues.keys() {
        let depth = world.chain.queue_depth(queue).await.unwrap().total();
        if depth > 0 {
            queues.insert((*queue).to_owned(), json!(depth));
        }
    }
    let mut letters = Map::new();
    let nobody = TenantId::parse("-").unwrap();
    for (name, flow, tenant) in [("stock", "stock", &world.tenant), ("orders", "orders", &world.tenant), ("-", "-", &nobody), ("tenant/-", "-", &world.tenant)] {
        let count = dead(world, flow, tenant).await;
        if count > 0 {
            letters.insert(name.to_owned(), json!(count));
        }
    }
    json!({ "queues": queues, "dead": letters, "stock": world.office.backoffice().stock(SKU, "default") })
}

/// Where `actual` lacks something of `expected`: objects may have more, everything else is equal.
pub(crate) fn lacking(expected: &Value, actual: &Value, at: &str) -> Option<String> {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            expected.iter().find_map(|(name, value)| lacking(value, actual.get(name).unwrap_or(&Value::Null), &format!("{at}/{name}")))
        }
        (Value::Array(some), Value::Array(all)) if some.len() == all.len() => {
            some.iter().zip(all).enumerate().find_map(|(index, (value, actual))| lacking(value, actual, &format!("{at}/{index}")))
        }
        _ => (expected != actual).then(|| format!("{at}: expected {expected}, got {actual}")),
    }
}

/// One situation in a world of its own; the answer is what is wrong.
async fn replay(function: &str, situation: &str) -> Option<String> {
    let world = Box::pin(world()).await;
    let (event, expected) = recorded(&world, function, situation);
    let answer = answer(&world, function, event).await;
    let left = left(&world).await;
    let wrong = lacking(&expected["answer"], &answer, "/answer").or_else(|| {
        // What is left behind is told whole: an expectation that is silent about a queue means that it is empty.
        (expected["left"] != left).then(|| format!("/left: expected {}, got {left}", expected["left"]))
    });
    wrong.map(|wrong| format!("{function}/{situation}{wrong}\n  answered {answer}"))
}

#[tokio::test]
async fn every_recorded_event_is_answered_as_expected() {
    let mut wrong = Vec::new();
    let situations = situations();
    for (function, situation) in &situations {
        wrong.extend(Box::pin(replay(function, situation)).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let functions: BTreeSet<_> = situations.iter().map(|(function, _)| function.as_str()).collect();
    assert_eq!(functions, BTreeSet::from(["api", "deliver", "ingest", "poll", "reconcile", "transform"]));
}

#[test]
fn an_expectation_is_met_by_more_and_never_by_less() {
    for (expected, actual, met) in [
        (json!({ "a": 1 }), json!({ "a": 1, "b": 2 }), true), (json!({ "a": 1 }), json!({ "a": 2 }), false), (json!({ "a": 1 }), json!({}), false),
        (json!([]), json!([1]), false), (json!([{ "a": 1 }]), json!([{ "a": 1, "b": 2 }]), true), (json!("1"), json!(1), false),
    ] {
        assert_eq!(lacking(&expected, &actual, "").is_none(), met, "{expected} of {actual}");
    }
}
