//! A page whose lookups take longer than a lease lasts: the run shows that it lives, so nobody else begins it, and a run
//! that lost its lease all the same asks nothing further.

use std::{sync::{Arc, Mutex, atomic::AtomicU64}, time::Duration};

use canonical::ConnectionId;
use pipeline::App;
use pullpush::World;
use serde_json::{Value, json};

use crate::{other::{answer, connected, defined, process, reads, source}, tell::{Counted, world}};

type Asked = Arc<Mutex<Vec<String>>>;

/// Five stocks on one page, each of which asks for its article: half a minute and more each time.
async fn begin() -> World {
    let world = world().await;
    let mut definition: Value = serde_json::from_str(&source("depot", &["stock", "article"], &json!({}))).unwrap();
    definition["entities"]["stock"]["read"]["lookup"] = json!({ "table": "sku", "key": "$.article", "to": "sku" });
    definition["lookup"] = json!({ "sku": { "entity": "article", "match": "$.id", "value": "$.sku", "mode": "per_record", "inject": { "in": "query", "name": "id" } } });
    defined(&world, "depot", &definition.to_string()).await;
    connected(&world, "depot", "north", &[]).await;
    world
}

fn started(world: &World, seed: u64, asked: &Asked, takes_s: u64) -> App {
    let (clock, asked) = (Arc::clone(&world.clock), Arc::clone(asked));
    process(world, Arc::new(Counted(AtomicU64::new(seed))), move |request| {
        asked.lock().unwrap().push(request.url.path().to_owned());
        if request.url.path() == "/stock" {
            let rows: Vec<Value> = (1..=5).map(|id| json!({ "id": id, "article": id })).collect();
            return Some(answer(200, &json!({ "rows": rows, "next": null })));
        }
        clock.wind(Duration::from_secs(takes_s));
        let id: u32 = request.url.query_pairs().find_map(|(name, value)| (name == "id").then(|| value.parse().unwrap())).unwrap();
        Some(answer(200, &json!({ "rows": [{ "id": id, "sku": format!("S{id}") }], "next": null })))
    })
}

/// Waits until so many questions were asked.
async fn until(asked: &Asked, many: usize) {
    while asked.lock().unwrap().len() < many {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_page_that_takes_three_minutes_is_not_begun_a_second_time() {
    let world = begin().await;
    let (first, second) = (Asked::default(), Asked::default());
    let (one, other) = (started(&world, 1_000, &first, 40), started(&world, 2_000, &second, 0));
    let comes = async {
        // More than two minutes after the lease was taken.
        until(&first, 5).await;
        reads(&world, &other, "north", "stock").await;
    };
    tokio::join!(reads(&world, &one, "north", "stock"), comes);
    assert_eq!((first.lock().unwrap().len(), second.lock().unwrap().len()), (6, 0));
}

#[tokio::test]
async fn a_run_whose_lease_another_took_asks_nothing_further_and_tells_nobody() {
    let world = begin().await;
    let asked = Asked::default();
    let one = started(&world, 1_000, &asked, 40);
    let north = ConnectionId::parse("north").unwrap();
    let of = one.store.of(&world.tenant);
    let taken = async {
        until(&asked, 2).await;
        let lease = of.lease_cursor(&north, "stock", "another", world.now() + 1_000_000, 1_000_000).await.unwrap();
        (lease.unwrap().fence, asked.lock().unwrap().len())
    };
    let (_, (fence, before)) = tokio::join!(reads(&world, &one, "north", "stock"), taken);
    assert!(asked.lock().unwrap().len() <= before + 1, "{:?}", asked.lock().unwrap());
    let row = of.cursor(&north, "stock").await.unwrap();
    assert_eq!((row.cursor, row.fence, row.owner.as_deref()), (None, fence, Some("another")));
    assert_eq!(of.failing(&north, store::Work::Poll("stock")).await.unwrap(), None);
}
