//! A system allows ten requests in ten seconds: two processes that read two connections with the same credentials stay
//! within it together, and a hold that one of them was told of is kept by both. Who has no budget pays for none.

use std::sync::{Arc, Mutex, atomic::AtomicU64};

use canonical::{Clock, ConnectionId};
use engine::Response;
use pipeline::App;
use pullpush::World;
use serde_json::{Value, json};
use store::Work;

use crate::{other::{answer, connected, defined, process, reads, source}, tell::{Counted, counts, office_stock, stock_changes, world, world_with}};

type Times = Arc<Mutex<Vec<i64>>>;

async fn begin(limits: &Value) -> (World, Times) {
    let world = world().await;
    let mut more = json!({ "config": { "token": { "type": "string", "secret": true } }, "auth": { "type": "bearer", "token": "{{config.token}}" } });
    if !limits.is_null() {
        more["rate_limiting"] = limits.clone();
    }
    defined(&world, "depot", &source("depot", &["a", "b"], &more)).await;
    for id in ["north", "south"] {
        connected(&world, "depot", id, &[("token", "token-of-both")]).await;
    }
    (world, Times::default())
}

/// A process that reads a system of so many pages; every request is noted, and answered with these headers.
fn started(world: &World, seed: u64, pages: usize, asked: &Times, headers: &'static [(&'static str, &'static str)]) -> App {
    let (clock, asked) = (Arc::clone(&world.clock), Arc::clone(asked));
    process(world, Arc::new(Counted(AtomicU64::new(seed))), move |request| {
        asked.lock().unwrap().push(clock.now_ms());
        let page: usize = request.url.query_pairs().find_map(|(name, value)| (name == "after").then(|| value.parse().unwrap())).unwrap_or(1);
        let next = (page < pages).then(|| (page + 1).to_string());
        let told = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Some(Response { headers: told, ..answer(200, &json!({ "rows": [{ "id": page }], "next": next })) })
    })
}

/// The most requests within a span.
fn busiest(times: &[i64], span: i64) -> usize {
    times.iter().map(|from| times.iter().filter(|at| (*from..from + span).contains(*at)).count()).max().unwrap_or(0)
}

/// Reads an entity to its end, as often as its budget makes it come back.
async fn reads_on(world: &World, app: &App, connection: &str, entity: &str) {
    loop {
        reads(world, app, connection, entity).await;
        let Some(failing) = app.store.of(&world.tenant).failing(&ConnectionId::parse(connection).unwrap(), Work::Poll(entity)).await.unwrap() else { break };
        assert_eq!((failing.code.as_str(), failing.tries), ("budget_spent", 0), "nothing was tried: {}", failing.message);
        world.clock.rest_until(failing.next.unwrap()).await;
    }
}

/// Writes and reads of the rows of budgets, in half units.
fn paid(app: &App) -> u64 {
    app.store.units().halves().iter().filter(|(name, _)| name.starts_with("conn_state")).map(|(_, units)| units).sum()
}

#[tokio::test]
async fn two_processes_stay_within_one_budget() {
    let (world, asked) = begin(&json!({ "windows": [{ "limit": 10, "per": "PT10S" }] })).await;
    let (one, other) = (started(&world, 1_000, 15, &asked, &[]), started(&world, 2_000, 15, &asked, &[]));
    let began = world.now();
    tokio::join!(reads_on(&world, &one, "north", "a"), reads_on(&world, &other, "south", "b"));
    let times = asked.lock().unwrap().clone();
    assert_eq!(times.len(), 30);
    assert!(busiest(&times, 10_000) <= 10, "{times:?}");
    // Ten at once, ten more when those are ten seconds old, and so on; a little later where one does not know what the other used.
    let took = times.iter().max().unwrap() - began;
    assert!((20_000..26_000).contains(&took), "{took}: {times:?}");
}

#[tokio::test]
async fn a_hold_is_kept_by_who_was_not_told() {
    let limits = json!({ "windows": [{ "limit": 100, "per": "PT1S" }], "headers": { "remaining": "X-Left", "reset": "X-Reset" } });
    let (world, asked) = begin(&limits).await;
    let told = started(&world, 1_000, 1, &asked, &[("x-left", "0"), ("x-reset", "600")]);
    let other = started(&world, 2_000, 1, &asked, &[]);
    reads(&world, &told, "north", "a").await;
    reads(&world, &other, "south", "b").await;
    assert_eq!(asked.lock().unwrap().len(), 1, "the other one waits without asking");
    let failing = other.store.of(&world.tenant).failing(&ConnectionId::parse("south").unwrap(), Work::Poll("b")).await.unwrap().unwrap();
    assert_eq!((failing.code.as_str(), failing.next, failing.tries), ("budget_spent", Some(world.now() + 600_000), 0), "nothing was tried");
    world.clock.wind(std::time::Duration::from_secs(601));
    reads(&world, &other, "south", "b").await;
    assert_eq!(asked.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn turns_are_taken_ahead_and_nothing_is_paid_where_nothing_is_limited() {
    let (world, asked) = begin(&json!({ "windows": [{ "limit": 600, "per": "PT60S" }] })).await;
    let app = started(&world, 1_000, 100, &asked, &[]);
    reads(&world, &app, "north", "a").await;
    assert_eq!(asked.lock().unwrap().len(), 100);
    // 1, 2, 4, 8, 16 and then 25 at a time: eight writes of one unit.
    assert_eq!(paid(&app), 16);

    let (world, asked) = begin(&Value::Null).await;
    let app = started(&world, 1_000, 100, &asked, &[]);
    reads(&world, &app, "north", "a").await;
    assert_eq!((asked.lock().unwrap().len(), paid(&app)), (100, 0));
}

#[tokio::test]
async fn a_delivery_that_waits_for_its_turn_burns_no_attempt() {
    let mut office: Value = serde_json::from_str(pullpush::world::BACKOFFICE).unwrap();
    office["rate_limiting"] = json!({ "windows": [{ "limit": 1, "per": "PT60S" }] });
    let world = world_with(&office.to_string()).await;
    // More than there are retries.
    let skus: Vec<String> = (0..13).map(|number| format!("SKU-{number}")).collect();
    for sku in &skus {
        stock_changes(&world, sku, 3).await;
    }
    let mut rounds = 0;
    while skus.iter().any(|sku| office_stock(&world, sku).is_none()) {
        world.drain().await.unwrap();
        world.clock.wind(std::time::Duration::from_secs(61));
        world.chain.wake();
        rounds += 1;
        assert!(rounds < 40, "one a minute");
    }
    assert_eq!(counts(&world.account("stock").await.unwrap()), [13, 0, 0, 0, 0]);
    let times: Vec<i64> = world.office.backoffice().all_stock_writes().iter().map(|write| write.at_ms).collect();
    assert!(busiest(&times, 60_000) <= 1, "{times:?}");
}

/// A system of so many pages of so many stocks, each stock with an article to look up, that allows two requests a minute.
async fn looking_up(pages: usize, stocks: usize) -> (World, App, Times) {
    let world = world().await;
    let mut definition: Value = serde_json::from_str(&source("depot", &["stock", "article"], &json!({ "rate_limiting": { "windows": [{ "limit": 2, "per": "PT60S" }] } }))).unwrap();
    definition["entities"]["stock"]["read"]["lookup"] = json!({ "table": "sku", "key": "$.id", "to": "sku" });
    definition["lookup"] = json!({ "sku": { "entity": "article", "match": "$.id", "value": "$.id", "mode": "per_record", "inject": { "in": "query", "name": "id" } } });
    defined(&world, "depot", &definition.to_string()).await;
    connected(&world, "depot", "north", &[]).await;
    let (clock, asked) = (Arc::clone(&world.clock), Times::default());
    let noted = Arc::clone(&asked);
    let app = process(&world, Arc::new(Counted(AtomicU64::new(1_000))), move |request| {
        noted.lock().unwrap().push(clock.now_ms());
        let named = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse::<usize>().unwrap()));
        let page = named("after").unwrap_or(1);
        let next = (request.url.path() == "/stock" && page < pages).then(|| (page + 1).to_string());
        let rows: Vec<Value> = named("id").map_or_else(|| (0..stocks).map(|stock| json!({ "id": page * stocks + stock })).collect(), |id| vec![json!({ "id": id })]);
        Some(answer(200, &json!({ "rows": rows, "next": next })))
    });
    (world, app, asked)
}

#[tokio::test]
async fn a_page_that_asks_twice_comes_through_where_turns_are_rare() {
    let (world, app, asked) = looking_up(4, 1).await;
    reads_on(&world, &app, "north", "stock").await;
    let times = asked.lock().unwrap().clone();
    assert_eq!((times.len(), busiest(&times, 60_000)), (8, 2), "{times:?}");
}

#[tokio::test]
async fn a_page_that_takes_more_turns_than_there_are_waits_for_them_where_it_is() {
    let (world, app, asked) = looking_up(1, 6).await;
    let began = world.now();
    reads(&world, &app, "north", "stock").await;
    let times = asked.lock().unwrap().clone();
    assert_eq!((times.len(), busiest(&times, 60_000), world.now() - began), (7, 2, 180_000), "nothing is asked twice: {times:?}");
}

#[tokio::test]
async fn a_batch_for_a_system_that_takes_one_request_at_a_time_is_delivered_as_one() {
    let mut office: Value = serde_json::from_str(pullpush::world::BACKOFFICE).unwrap();
    office["rate_limiting"] = json!({ "concurrency": 1 });
    let world = world_with(&office.to_string()).await;
    let skus: Vec<String> = (0..13).map(|number| format!("SKU-{number}")).collect();
    for sku in &skus {
        stock_changes(&world, sku, 3).await;
    }
    world.drain().await.unwrap();
    assert!(skus.iter().all(|sku| office_stock(&world, sku) == Some(3)), "nobody waits who has not to");
    assert_eq!(counts(&world.account("stock").await.unwrap()), [13, 0, 0, 0, 0]);
}
