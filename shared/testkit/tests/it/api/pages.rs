//! Lists read by a position.

use document::Value;
use testkit::{Api, Running};

use super::{all, api, at, get, ids, ordered};
use crate::client::ask;

/// Reads pages until one is empty; the target is made from the last record and the number of records so far.
async fn read(api: &Running<Api>, path: &str, target: impl Fn(Option<&Value>, usize) -> String) -> Vec<i64> {
    let (mut found, mut last) = (Vec::new(), None);
    loop {
        let page = get(api, &target(last.as_ref(), found.len())).await.json();
        let rows = ids(&page, path);
        let Some(row) = at(&page, path).items().unwrap().last().cloned() else { return found };
        found.extend(rows);
        last = Some(row);
    }
}

fn text(row: Option<&Value>, name: &str) -> String {
    row.map(|row| row.get(name).unwrap().plain().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn pages_by_number_hold_every_record_once_and_say_how_many() {
    let api = api().await;
    let first = get(&api, "/page?per_page=3").await;
    assert_eq!(first.header("date"), Some("Sat, 31 Jan 2026 09:00:00 GMT"));
    assert!(first.body.starts_with(r#"{"data":[{"id":1,"name":"Bolt 1","updated_at":"2026-01-01T07:13:07Z","price":13.070,"group":1,"tags":["new"]},"#));
    assert!(first.body.ends_with(r#"],"page":1,"per_page":3,"pages":84,"total":250}"#));
    for (size, asked) in [("", 20), ("&per_page=100", 100), ("&per_page=7", 7)] {
        assert_eq!(read(&api, "data", |_, seen| format!("/page?page={}{size}", seen.div_ceil(asked) + 1)).await, all());
    }
    for wrong in ["/page?per_page=101", "/page?per_page=0", "/page?page=0", "/page?page=x", "/page?misbehave=hiccup"] {
        assert_eq!(get(&api, wrong).await.status, 400, "{wrong}");
    }
    assert_eq!(get(&api, "/pages").await.status, 404);
}

#[tokio::test]
async fn an_offset_and_the_last_record_reach_every_record_once() {
    let api = api().await;
    assert_eq!(read(&api, "data", |_, seen| format!("/offset?offset={seen}&limit=30")).await, all());
    assert_eq!(read(&api, "data", |row, _| format!("/since?limit=50&since_id={}", text(row, "id"))).await, all());
    let found = read(&api, "data", |row, _| format!("/keyset?limit=20&after_updated={}&after_id={}", text(row, "updated_at"), text(row, "id"))).await;
    assert_eq!(found[..9], [4, 5, 6, 1, 2, 3, 10, 11, 12]);
    assert_eq!(ordered(found), all());
}

#[tokio::test]
async fn the_feed_begins_with_the_newest() {
    let api = api().await;
    let found = read(&api, "data", |_, seen| format!("/feed?per_page=50&page={}", seen / 50 + 1)).await;
    assert_eq!((found[0], found[249], ordered(found)), (249, 4, all()));
    api.api().touch(17, 1_769_850_000_000);
    assert_eq!(ids(&get(&api, "/feed?per_page=1").await.json(), "data"), [17]);
}

#[tokio::test]
async fn a_search_does_not_go_deep_and_is_narrowed() {
    let api = api().await;
    let deep = get(&api, "/search?offset=120").await;
    assert_eq!((deep.status, at(&deep.json(), "error.code")), (400, "too_deep".into()));
    let mut found: Vec<i64> = Vec::new();
    loop {
        let (beyond, before) = (found.last().copied().unwrap_or(0), found.len());
        for offset in (0..=100).step_by(20) {
            found.extend(ids(&get(&api, &format!("/search?q=id%3E{beyond}&offset={offset}")).await.json(), "hits"));
        }
        if found.len() == before {
            break;
        }
    }
    assert_eq!(found, all());
}

#[tokio::test]
async fn the_things_of_all_groups_are_all_things_and_one_group_has_none() {
    let api = api().await;
    let mut found = Vec::new();
    for group in ids(&get(&api, "/groups").await.json(), "data") {
        let page = get(&api, &format!("/groups/{group}/things?per_page=100")).await.json();
        assert_eq!(at(&page, "total"), if group == 5 { 0.into() } else { Value::from(i64::try_from(ids(&page, "data").len()).unwrap()) });
        found.extend(ids(&page, "data"));
    }
    assert_eq!(ordered(found), all());
    assert_eq!(get(&api, "/groups/6/things").await.status, 404);
}

#[tokio::test]
async fn a_tree_has_three_levels() {
    let api = api().await;
    let (mut level, mut sizes) = (vec![String::new()], Vec::new());
    while !level.is_empty() {
        let mut below = Vec::new();
        for parent in &level {
            let nodes = at(&get(&api, &format!("/nodes?parent={parent}")).await.json(), "data");
            below.extend(nodes.items().unwrap().iter().map(|node| text(Some(node), "id")));
        }
        sizes.push(below.len());
        level = below;
    }
    assert_eq!(sizes, [3, 6, 12, 0]);
    assert_eq!(get(&api, "/nodes?parent=4").await.status, 400);
}

#[tokio::test]
async fn one_record_is_found_by_its_id() {
    let api = api().await;
    let one = get(&api, "/things/7").await;
    assert!(one.body.contains(r#""price":12345678901234567.490,"qty":0"#), "{}", one.body);
    api.api().remove(7);
    assert_eq!((get(&api, "/things/7").await.status, get(&api, "/things/x").await.status), (404, 404));
    assert_eq!(ids(&get(&api, "/page").await.json(), "data")[6], 8);
    assert_eq!(api.api().records().len(), 249);
}

#[tokio::test]
async fn what_was_asked_is_remembered_in_order() {
    let api = api().await;
    get(&api, "/page?page=2&misbehave=loop,duplicate").await;
    ask(api.address(), "POST", "/cursor", &[], r#"{"page":{"limit":2}}"#).await.unwrap();
    let state = ask(api.address(), "POST", "/_control/state", &[], "").await.unwrap().json();
    assert_eq!(at(&state, "requests").to_string(), concat!(
        r#"[{"method":"GET","n":1,"path":"/page","query":"page=2&misbehave=loop%2Cduplicate"},"#,
        r#"{"body":"{\"page\":{\"limit\":2}}","method":"POST","n":2,"path":"/cursor","query":""}]"#
    ));
    assert_eq!((at(&state, "seen"), at(&state, "records")), (2.into(), 250.into()));
}
