//! Refresh tokens that are good for one use: processes that read at the same time renew once, one that starts later goes
//! on with what the others got, and a person who enters another token is heard.

use std::sync::{Arc, Mutex, atomic::{AtomicBool, AtomicU64, Ordering}};

use canonical::ConnectionId;
use engine::{Request, Response};
use pipeline::App;
use pullpush::World;
use serde_json::json;
use store::Work;

use crate::{other::{answer, connected, defined, process, reads, source}, tell::{Counted, world}};

const VALUES: [(&str, &str); 3] = [("client_id", "us"), ("client_secret", "secret-of-us"), ("refresh_token", "refresh-0")];

/// A system whose refresh tokens are `refresh-0`, `refresh-1` …, each good once; a token lives for a hundred seconds.
#[derive(Clone, Default)]
struct Ledger(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    renewed: u32,
    /// Refresh tokens that were not the next one.
    refused: Vec<String>,
    /// Requests by the access token they came with.
    asked: Vec<String>,
}

impl Ledger {
    fn answer(&self, request: &Request) -> Response {
        let mut state = self.0.lock().unwrap();
        if request.url.path() == "/token" {
            let body = String::from_utf8(request.body.clone().unwrap()).unwrap();
            let used = body.split('&').find_map(|field| field.strip_prefix("refresh_token=")).unwrap().to_owned();
            if used != format!("refresh-{}", state.renewed) {
                state.refused.push(used);
                return answer(400, &json!({ "error": "invalid_grant" }));
            }
            state.renewed += 1;
            let (access, next) = (format!("access-{}", state.renewed), format!("refresh-{}", state.renewed));
            return answer(200, &json!({ "access_token": access, "refresh_token": next, "expires_in": 100 }));
        }
        let token = request.headers.iter().find_map(|(name, value)| name.eq_ignore_ascii_case("authorization").then(|| value.clone())).unwrap();
        state.asked.push(token.trim_start_matches("Bearer ").to_owned());
        answer(200, &json!({ "rows": [{ "id": 1 }] }))
    }

    /// How often it was renewed, and with what it was asked for nothing.
    fn renewed(&self) -> (u32, Vec<String>) {
        let state = self.0.lock().unwrap();
        (state.renewed, state.refused.clone())
    }
}

async fn begin() -> (World, Ledger) {
    let world = world().await;
    let config = json!({ "client_id": { "type": "string" }, "client_secret": { "type": "string", "secret": true }, "refresh_token": { "type": "string", "secret": true } });
    let auth = json!({ "type": "oauth2", "grant": "refresh_token", "token_url": "https://system.example.com/token", "refresh": { "rotates": true } });
    defined(&world, "ledger", &source("ledger", &["a", "b", "c"], &json!({ "config": config, "auth": auth }))).await;
    connected(&world, "ledger", "books", &VALUES).await;
    (world, Ledger::default())
}

fn started(world: &World, ledger: &Ledger, seed: u64) -> App {
    let ledger = ledger.clone();
    process(world, Arc::new(Counted(AtomicU64::new(seed))), move |request| Some(ledger.answer(request)))
}

fn wind(world: &World, seconds: u64) {
    world.clock.wind(std::time::Duration::from_secs(seconds));
}

#[tokio::test]
async fn processes_that_read_at_the_same_time_use_each_refresh_token_once() {
    let (world, ledger) = begin().await;
    let (one, other, third) = (started(&world, &ledger, 1_000), started(&world, &ledger, 2_000), started(&world, &ledger, 3_000));
    for round in 1..=3 {
        tokio::join!(reads(&world, &one, "books", "a"), reads(&world, &other, "books", "b"), reads(&world, &third, "books", "c"));
        assert_eq!(ledger.renewed(), (round, Vec::new()), "each round needs one new token");
        wind(&world, 90);
    }
    assert_eq!(ledger.0.lock().unwrap().asked.len(), 9);
}

#[tokio::test]
async fn a_process_that_starts_anew_goes_on_with_the_token_that_is_good_next() {
    let (world, ledger) = begin().await;
    reads(&world, &started(&world, &ledger, 1_000), "books", "a").await;
    reads(&world, &started(&world, &ledger, 2_000), "books", "b").await;
    assert_eq!(ledger.renewed(), (1, Vec::new()), "a fresh token is taken over");
    wind(&world, 90);
    reads(&world, &started(&world, &ledger, 3_000), "books", "a").await;
    assert_eq!(ledger.renewed(), (2, Vec::new()), "what was entered is good no more; what was kept is");
    assert_eq!(ledger.0.lock().unwrap().asked, ["access-1", "access-1", "access-2"]);
}

#[tokio::test]
async fn a_token_that_a_person_enters_takes_the_place_of_what_was_kept() {
    let (world, ledger) = begin().await;
    reads(&world, &started(&world, &ledger, 1_000), "books", "a").await;
    // Somebody else used the token: ours is good for nothing any more.
    ledger.0.lock().unwrap().renewed = 7;
    wind(&world, 90);
    reads(&world, &started(&world, &ledger, 2_000), "books", "a").await;
    assert_eq!(ledger.renewed(), (7, vec!["refresh-1".to_owned()]));
    let shown = world.call("connection.get", json!({ "connectionId": "books" })).await.unwrap();
    assert_eq!(shown["state"], "error", "{shown}");
    world.secret("books", "refresh_token", "refresh-7").await.unwrap();
    world.call("connection.resume", json!({ "connectionId": "books" })).await.unwrap();
    reads(&world, &started(&world, &ledger, 3_000), "books", "a").await;
    assert_eq!(ledger.renewed(), (8, vec!["refresh-1".to_owned()]));
}

#[tokio::test]
async fn nothing_is_asked_of_tables_while_the_token_at_hand_is_fresh() {
    let (world, ledger) = begin().await;
    let app = started(&world, &ledger, 1_000);
    reads(&world, &app, "books", "a").await;
    let touched = |app: &App| app.store.units().halves().into_iter().filter(|(name, _)| name.starts_with("conn_state")).collect::<Vec<_>>();
    let before = touched(&app);
    reads(&world, &app, "books", "b").await;
    assert_eq!(touched(&app), before);
    // A sealed row is all that is kept of it.
    assert!(!before.is_empty());
}

#[tokio::test]
async fn who_waits_too_long_for_a_renewal_comes_back() {
    let (world, ledger) = begin().await;
    let held = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&held);
    let stands_still = process(&world, Arc::new(Counted(AtomicU64::new(1_000))), move |_| {
        asked.store(true, Ordering::SeqCst);
        None
    });
    let other = started(&world, &ledger, 2_000);
    let second = async {
        while !held.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
        reads(&world, &other, "books", "b").await;
    };
    tokio::select! {
        biased;
        () = reads(&world, &stands_still, "books", "a") => panic!("it never gets an answer"),
        () = second => {}
    }
    let failing = other.store.of(&world.tenant).failing(&ConnectionId::parse("books").unwrap(), Work::Poll("b")).await.unwrap().unwrap();
    assert_eq!((failing.code.as_str(), ledger.renewed()), ("session_busy", (0, Vec::new())));
    // It is taken for ended a minute and a half after it began.
    wind(&world, 91);
    reads(&world, &other, "books", "b").await;
    assert_eq!(ledger.renewed(), (1, Vec::new()));
}
