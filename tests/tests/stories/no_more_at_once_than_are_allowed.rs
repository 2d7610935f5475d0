//! A system takes so many requests at once: processes that read with the same credentials stay within it together, none
//! waits for ever, and what a process that died held is free again. Who has no such limit pays for none.

use std::{sync::{Arc, atomic::{AtomicU64, AtomicUsize, Ordering}}, time::Duration};

use async_trait::async_trait;
use canonical::ConnectionId;
use engine::{Exchange, ExchangeError, Request, Response};
use pipeline::App;
use pullpush::World;
use serde_json::{Value, json};
use store::{Failing, Work};
use testkit::WoundClock;

use crate::{other::{answer, asking, connected, defined, process, reads, source}, tell::{Counted, world}};

const ENTITIES: [&str; 4] = ["a", "b", "c", "d"];

/// A system that counts the requests on their way, each of which takes a while.
struct System {
    clock: Arc<WoundClock>,
    takes_ms: u64,
    pages: usize,
    now: AtomicUsize,
    most: AtomicUsize,
    all: AtomicUsize,
}

impl System {
    fn of(world: &World, takes_ms: u64, pages: usize) -> Arc<Self> {
        Arc::new(Self { clock: Arc::clone(&world.clock), takes_ms, pages, now: AtomicUsize::default(), most: AtomicUsize::default(), all: AtomicUsize::default() })
    }

    /// The most that were on their way at once, and how many there were.
    fn seen(&self) -> (usize, usize) {
        (self.most.load(Ordering::SeqCst), self.all.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl Exchange for System {
    async fn send(&self, request: Request) -> Result<Response, ExchangeError> {
        self.most.fetch_max(self.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        self.clock.wind(Duration::from_millis(self.takes_ms));
        self.now.fetch_sub(1, Ordering::SeqCst);
        self.all.fetch_add(1, Ordering::SeqCst);
        let page: usize = request.url.query_pairs().find_map(|(name, value)| (name == "after").then(|| value.parse().unwrap())).unwrap_or(1);
        Ok(answer(200, &json!({ "rows": [{ "id": page }], "next": (page < self.pages).then(|| (page + 1).to_string()) })))
    }
}

async fn begin(limits: &Value) -> World {
    let world = world().await;
    let mut more = json!({ "config": { "token": { "type": "string", "secret": true } }, "auth": { "type": "bearer", "token": "{{config.token}}" } });
    if !limits.is_null() {
        more["rate_limiting"] = limits.clone();
    }
    defined(&world, "depot", &source("depot", &ENTITIES, &more)).await;
    connected(&world, "depot", "north", &[("token", "token-of-all")]).await;
    world
}

fn started(world: &World, seed: u64, system: &Arc<System>) -> App {
    asking(world, Arc::new(Counted(AtomicU64::new(seed))), Arc::clone(system) as _)
}

async fn failing(world: &World, app: &App, entity: &str) -> Option<Failing> {
    app.store.of(&world.tenant).failing(&ConnectionId::parse("north").unwrap(), Work::Poll(entity)).await.unwrap()
}

/// Reads and comes back as often as it is told to; how often that was.
async fn comes_back(world: &World, app: &App, entity: &str) -> usize {
    for round in 0..50 {
        reads(world, app, "north", entity).await;
        let Some(failing) = failing(world, app, entity).await else { return round };
        assert_eq!((failing.code.as_str(), failing.tries), ("budget_spent", 0), "{}", failing.message);
        world.clock.set(world.now().max(failing.next.unwrap()));
    }
    panic!("{entity} has never had its turn");
}

/// Units of the rows of connections, in halves: a write is two.
fn paid(app: &App) -> u64 {
    app.store.units().halves().iter().filter(|(name, _)| name.starts_with("conn_state")).map(|(_, units)| units).sum()
}

#[tokio::test]
async fn four_processes_keep_to_the_number_together_and_all_come_to_their_end() {
    for (limit, pages) in [(1, 6), (3, 6)] {
        let world = begin(&json!({ "concurrency": limit })).await;
        let system = System::of(&world, 300, pages);
        let apps: Vec<App> = (1..=4).map(|seed| started(&world, seed * 1_000, &system)).collect();
        let [a, b, c, d] = [0, 1, 2, 3].map(|at| comes_back(&world, &apps[at], ENTITIES[at]));
        tokio::join!(a, b, c, d);
        let (most, all) = system.seen();
        assert!((1..=limit).contains(&most), "{most} at once where {limit} are allowed");
        assert!(all >= 4 * pages, "{all} requests");
    }
}

#[tokio::test]
async fn who_reads_on_and_on_makes_room_for_who_waits() {
    let world = begin(&json!({ "concurrency": 1 })).await;
    // A minute of requests, one after the other; the other one has but one.
    let (long, short) = (System::of(&world, 300, 200), System::of(&world, 300, 1));
    let (one, other) = (started(&world, 1_000, &long), started(&world, 2_000, &short));
    let comes = async {
        while long.seen().1 < 5 {
            tokio::task::yield_now().await;
        }
        comes_back(&world, &other, "b").await;
        long.seen().1
    };
    let ((), meanwhile) = tokio::join!(reads(&world, &one, "north", "a"), comes);
    assert_eq!(short.seen().1, 1);
    assert!(meanwhile < 200, "{meanwhile} requests of the other one went first");
}

#[tokio::test]
async fn what_a_process_that_died_held_is_free_again() {
    let world = begin(&json!({ "concurrency": 1 })).await;
    let asked = Arc::new(AtomicUsize::default());
    let told = Arc::clone(&asked);
    let dies = process(&world, Arc::new(Counted(AtomicU64::new(1_000))), move |_| {
        told.fetch_add(1, Ordering::SeqCst);
        None
    });
    let system = System::of(&world, 0, 1);
    let other = started(&world, 2_000, &system);
    let kill = async {
        while asked.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = reads(&world, &dies, "north", "a") => panic!("it is never answered"),
        () = kill => {}
    }
    reads(&world, &other, "north", "b").await;
    let waits = failing(&world, &other, "b").await.unwrap();
    assert_eq!((waits.code.as_str(), system.seen().1), ("budget_spent", 0));
    world.clock.wind(Duration::from_secs(67));
    reads(&world, &other, "north", "b").await;
    assert_eq!((failing(&world, &other, "b").await, system.seen().1), (None, 1));
}

#[tokio::test]
async fn a_place_costs_two_writes_for_a_run_and_nothing_where_any_number_may_go() {
    for (limits, halves) in [(json!({ "concurrency": 5 }), 4), (Value::Null, 0)] {
        let world = begin(&limits).await;
        let system = System::of(&world, 0, 100);
        let app = started(&world, 1_000, &system);
        reads(&world, &app, "north", "a").await;
        assert_eq!((system.seen(), paid(&app)), ((1, 100), halves));
    }
}
