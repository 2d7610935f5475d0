//! Paths that fail before they work, and the one that counts calls.

use std::sync::Arc;
use std::time::Duration;

use document::Value;
use testkit::{Api, ApiOptions, WoundClock};

use super::{api, at, get, ids};
use crate::client::{Reply, ask};

const NOON: i64 = 1_769_850_000_000;

#[tokio::test]
async fn each_error_comes_twice_and_then_it_works() {
    let api = api().await;
    let code = |reply: &Reply| at(&reply.json(), "error.code").plain().unwrap();
    for (kind, status, expected, retry_after) in [
        ("429", 429, "rate_limited", None),
        ("429-header", 429, "rate_limited", Some("2")),
        ("429-date", 429, "rate_limited", Some("Sat, 31 Jan 2026 09:00:02 GMT")),
        ("429-body", 429, "rate_limited", None),
        ("503", 503, "unavailable", None),
        ("quota", 403, "daily_quota", None),
        ("200-error", 200, "internal", None),
        ("404", 404, "not_found", None),
    ] {
        for _ in 0..2 {
            let reply = get(&api, &format!("/errors/{kind}/cursor?limit=2")).await;
            assert_eq!((reply.status, code(&reply).as_str(), reply.header("retry-after")), (status, expected, retry_after), "{kind}");
        }
        assert_eq!(ids(&get(&api, &format!("/errors/{kind}/cursor?limit=2")).await.json(), "items"), [1, 2], "{kind}");
        assert_eq!(get(&api, &format!("/errors/{kind}?times=0")).await.status, 200);
    }
    assert!(api.state().contains(r#""/errors/429-body/cursor":2"#), "{}", api.state());
    assert_eq!(get(&api, "/errors/hiccup").await.status, 404);
}

#[tokio::test]
async fn a_refusal_says_when_in_its_body_or_not_at_all() {
    let api = api().await;
    assert_eq!(at(&get(&api, "/errors/429-body").await.json(), "error.retry_after"), 2.into());
    assert_eq!(at(&get(&api, "/errors/quota").await.json(), "error.reset_at"), "2026-02-01T00:00:00Z".into());
    for kind in ["429-header", "429-date"] {
        let reply = get(&api, &format!("/errors/{kind}?misbehave=no_retry_header")).await;
        assert_eq!((reply.status, reply.header("retry-after")), (429, None));
    }
}

#[tokio::test]
async fn answers_without_sense_come_once_if_so_asked() {
    let api = api().await;
    let page = get(&api, "/errors/html/page?times=1").await;
    assert!(page.status == 200 && page.body.starts_with("<!doctype html>"));
    let empty = get(&api, "/errors/empty/page?times=1").await;
    assert_eq!((empty.status, empty.body.as_str()), (200, ""));
    assert!(ask(api.address(), "GET", "/errors/drop/page?times=1", &[], "").await.is_err());
    for kind in ["html", "empty", "drop"] {
        assert_eq!(ids(&get(&api, &format!("/errors/{kind}/page?times=1")).await.json(), "data").len(), 20, "{kind}");
    }
}

#[tokio::test]
async fn a_limit_is_counted_in_headers_and_refills_with_the_clock() {
    let clock = WoundClock::at(NOON);
    let api = Api::start(ApiOptions { rate: 2, clock: Arc::new(clock.clone()), ..ApiOptions::default() }).await.unwrap();
    let seen = |reply: &Reply| (reply.status, ["remaining", "limit", "reset"].map(|name| reply.header(&format!("x-ratelimit-{name}")).map(str::to_owned)));
    let some = |texts: [&str; 3]| texts.map(|text| Some(text.to_owned()));
    assert_eq!(seen(&get(&api, "/limited/page").await), (200, some(["1", "2", "1769850001"])));
    assert_eq!(seen(&get(&api, "/limited/page").await), (200, some(["0", "2", "1769850001"])));
    let refused = get(&api, "/limited/page").await;
    assert_eq!((seen(&refused), refused.header("retry-after")), ((429, some(["0", "2", "1769850001"])), Some("1")));
    let silent = get(&api, "/limited/page?misbehave=no_retry_header").await;
    assert_eq!((seen(&silent), silent.header("retry-after")), ((429, [None, None, None]), None));
    clock.wind(Duration::from_secs(1));
    assert_eq!(seen(&get(&api, "/limited/things/3").await), (200, some(["1", "2", "1769850002"])));
}

#[tokio::test]
async fn a_strict_limit_holds_in_every_span_of_a_second() {
    let clock = WoundClock::at(NOON);
    let api = Api::start(ApiOptions { rate: 2, clock: Arc::new(clock.clone()), ..ApiOptions::default() }).await.unwrap();
    let mut statuses = Vec::new();
    for pause in [0, 999, 0, 1, 0, 998, 1, 1] {
        clock.wind(Duration::from_millis(pause));
        statuses.push(get(&api, "/strict/things/3").await.status);
    }
    assert_eq!(statuses, [200, 200, 429, 200, 429, 429, 200, 200]);
}

#[tokio::test]
async fn an_error_that_says_200_comes_on_any_path() {
    let api = api().await;
    let mut first = Vec::new();
    for _ in 0..3 {
        let reply = get(&api, "/page?misbehave=error_200").await;
        first.push((reply.status, reply.json().get("error").is_some()));
    }
    assert_eq!(first, [(200, true), (200, true), (200, false)]);
}

#[tokio::test]
async fn a_dropped_connection_leaves_half_of_what_was_promised() {
    let api = api().await;
    let whole = get(&api, "/page").await.body;
    for _ in 0..2 {
        let half = get(&api, "/page?misbehave=drop_connection").await;
        let promised: usize = half.header("content-length").unwrap().parse().unwrap();
        assert_eq!((half.status, promised, half.bytes.len()), (200, whole.len(), whole.len() / 2));
    }
    assert_eq!(get(&api, "/page?misbehave=drop_connection").await.body, whole);
}

#[tokio::test]
async fn a_broken_pack_says_gzip_and_stops() {
    let api = api().await;
    let reply = get(&api, "/page?misbehave=truncated_gzip").await;
    assert_eq!((reply.header("content-encoding"), reply.bytes[..2].to_vec()), (Some("gzip"), vec![0x1f, 0x8b]));
    assert_eq!(reply.header("content-length"), Some(reply.bytes.len().to_string().as_str()));
    let mut text = String::new();
    assert!(std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(reply.bytes.as_slice()), &mut text).is_err());
}

#[tokio::test]
async fn letters_are_not_those_that_were_promised() {
    let api = api().await;
    let reply = get(&api, "/things/2?misbehave=wrong_charset").await;
    assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
    assert!(reply.bytes.windows(7).any(|part| part == b"p\xe5 hjul"), "{}", reply.body);
    assert_eq!(at(&get(&api, "/things/2").await.json(), "name"), Value::from("Skruv på hjul 2"));
}
