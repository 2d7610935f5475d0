//! A scan of which absence is concluded: whatever leaves its listing and comes to it between two requests, what is always there is among
//! its items, or nothing is concluded.

use std::sync::Mutex;

use crate::{script::{NOW, answer, config, running}, world::{World, definition}};

const SIZE: usize = 3;
const KEPT: [&str; 3] = ["s5", "s7", "s10"];

/// What happens to a listing before one request.
#[derive(Debug, Clone, Copy)]
enum Change {
    /// One goes.
    Goes(&'static str),
    /// One goes, and another comes at the end.
    Replaced(&'static str),
    /// One comes at the beginning.
    Comes,
    Nothing,
}

/// A listing of ten items, three a page, whichever way a page is asked for.
fn source(change: Change, before: usize) -> World {
    let items = Mutex::new((1..=10).map(|id| format!("s{id}")).collect::<Vec<_>>());
    let mut requests = 0;
    World::of(move |request| {
        let mut items = items.lock().unwrap();
        if requests == before {
            match change {
                Change::Goes(item) => items.retain(|known| known != item),
                Change::Replaced(item) => {
                    items.retain(|known| known != item);
                    items.push("s99".to_owned());
                }
                Change::Comes => items.insert(0, "s0".to_owned()),
                Change::Nothing => {}
            }
        }
        requests += 1;
        let body: document::Value = request.body.as_deref().and_then(|body| document::parse_str(std::str::from_utf8(body).unwrap()).ok()).unwrap_or(document::Value::Null);
        let given = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse::<usize>().unwrap())).or_else(|| usize::try_from(body.get(name)?.as_i64()?).ok());
        let behind = request.url.query_pairs().find_map(|(key, value)| (key == "after").then(|| value.into_owned()));
        let named = request.url.path().rsplit_once("/p/").map(|(_, page)| page.parse().unwrap());
        let skip = match behind {
            // Behind an item by its place in the order of all, be it there or not.
            Some(behind) => items.iter().position(|item| number(item) > number(&behind)).unwrap_or(items.len()),
            None => given("skip").unwrap_or_else(|| (given("page").or(named).unwrap_or(1) - 1) * SIZE),
        };
        // As `base64("arrayconnection:N")`, which says behind how many.
        let packed = request.url.query_pairs().find_map(|(key, value)| (key == "packed").then(|| PACKED.iter().position(|known| *known == value).unwrap() + 1));
        let skip = packed.map_or(skip, |page| page * SIZE);
        let page = skip / SIZE + 1;
        let shown: Vec<_> = items.iter().skip(skip).take(SIZE).collect();
        let more = skip + SIZE < items.len();
        let rows: Vec<String> = shown.iter().map(|item| format!(r#"{{"sku":"{item}","n":1}}"#)).collect();
        let next = match (more, shown.last()) {
            (true, Some(last)) => format!(r#","link":"/stock?page={}","path":"/stock/p/{}","page":{},"skip":{},"packed":"{}","after":"{last}""#, page + 1, page + 1, page + 1, skip + SIZE, PACKED[page - 1]),
            _ => String::new(),
        };
        answer(200, &format!(r#"{{"data":[{}],"pages":{}{next}}}"#, rows.join(","), items.len().div_ceil(SIZE)))
    })
}

fn number(item: &str) -> i64 {
    item.trim_start_matches('s').parse().unwrap()
}

const PACKED: [&str; 3] = ["YXJyYXljb25uZWN0aW9uOjI=", "YXJyYXljb25uZWN0aW9uOjU=", "YXJyYXljb25uZWN0aW9uOjg="];

const WAYS: [&str; 10] = [
    r#""pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}}}"#, r#""pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"pages":"$.pages"}}"#,
    r#""pagination":{"type":"offset","size":3,"inject":{"offset":{"in":"query","name":"skip"}},"stop":{"when":["short"]}}"#, r#""pagination":{"type":"next_url","from":"$.link"}"#, r#""pagination":{"type":"next_url","from":"$.path"}"#,
    r#""pagination":{"type":"cursor","from":"$.page","inject":{"cursor":{"in":"query","name":"page"}}}"#, r#""pagination":{"type":"cursor","from":"$.skip","inject":{"cursor":{"in":"query","name":"skip"}}}"#,
    r#""pagination":{"type":"cursor","from":"$.packed","inject":{"cursor":{"in":"query","name":"packed"}}}"#,
    r#""pagination":{"type":"vars","init":{"skip":0},"next":{"skip":"{{ vars.skip + 3 }}"},"inject":{"skip":{"in":"body","pointer":"/skip"}},"stop":{"when":["empty"]}}"#,
    r#""pagination":{"type":"cursor","from":"$.after","inject":{"cursor":{"in":"query","name":"after"}}}"#,
];

/// The keys of a scan, whether nothing is concluded, and how many requests it took.
async fn scanned(way: &str, complete: bool, world: &World) -> (Vec<String>, bool, usize) {
    let request = if way.contains("vars") { r#""request":{"method":"POST","url":"/stock","body":{"json":{}}}"# } else { r#""request":{"url":"/stock"}"# };
    let definition = definition(&format!(
        r#""canonical_map":{{"stock":{{"type":"stocklevel","key":"$.sku","fields":{{"sku":"$.sku","quantity":"$.n"}}}}}},"entities":{{"stock":{{"read":{{{request},"records":{{"path":"$.data","primary_key":"$.sku"}},{way}}}}}}},"snapshot":{{"stocklevel":{{"entity":"stock","complete":{complete}}}}}"#
    ));
    let snapshot = running(&definition).snapshot.unwrap();
    let (none, mut keys, mut partial, mut cursor) = (config(&[]), Vec::new(), false, None);
    loop {
        let page = snapshot.snapshot(engine::Call::new(&none, world, NOW), "stocklevel", None, None, cursor.as_deref()).await.unwrap();
        keys.extend(page.items.iter().map(|told| told.item.key.as_str().to_owned()));
        partial |= page.partial;
        cursor = page.next;
        if cursor.is_none() {
            return (keys, partial, world.lines().len());
        }
    }
}

#[tokio::test]
async fn what_is_always_there_is_among_the_items_or_nothing_is_concluded() {
    for way in WAYS {
        for change in [Change::Goes("s1"), Change::Goes("s4"), Change::Replaced("s2"), Change::Replaced("s6"), Change::Comes] {
            let mut concluded = 0;
            for before in 1..10 {
                let (keys, partial, _) = scanned(way, true, &source(change, before)).await;
                let lacks: Vec<_> = KEPT.iter().filter(|kept| !keys.iter().any(|key| key == *kept)).collect();
                assert!(lacks.is_empty() || partial, "{way} {change:?} before request {before}: {lacks:?} of {keys:?}");
                concluded += usize::from(!partial);
            }
            assert!(concluded > 0, "{way} {change:?}");
        }
    }
}

#[tokio::test]
async fn a_scan_of_which_absence_is_concluded_reads_counted_pages_twice_and_no_others() {
    for (way, once, twice) in WAYS.iter().zip([(5, 9), (4, 7), (4, 7), (4, 7), (4, 7), (4, 7), (4, 7), (4, 7), (5, 9), (4, 4)]).map(|(way, (once, twice))| (way, once, twice)) {
        for (complete, requests) in [(false, once), (true, twice)] {
            let (keys, partial, asked) = scanned(way, complete, &source(Change::Nothing, 0)).await;
            assert_eq!((keys.len(), partial, asked), (10, false, requests), "{way} {complete}");
        }
    }
}

#[tokio::test]
async fn a_scan_whose_parents_were_not_all_told_is_not_whole() {
    let definition = definition(
        r#""canonical_map":{"stock":{"type":"stocklevel","key":"$.sku","fields":{"sku":"$.sku","quantity":"$.n"}}},"entities":{
        "place":{"read":{"request":{"url":"/places"},"records":{"path":"$.data"},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"total":"$.total"}}}},
        "stock":{"read":{"fan_out":[{"as":"place","from":{"entity":"place","value":"$.id"}}],"request":{"url":"/stock/{{ parent.place.value }}"},"records":{"primary_key":"$.sku"}}}},
        "snapshot":{"stocklevel":{"entity":"stock","complete":true}}"#,
    );
    for (total, partial) in [(2, false), (3, true)] {
        let world = World::of(move |request| match request.url.path() {
            "/places" if request.url.query() == Some("page=1") => answer(200, &format!(r#"{{"data":[{{"id":1}},{{"id":2}}],"total":{total}}}"#)),
            "/places" => answer(200, &format!(r#"{{"data":[],"total":{total}}}"#)),
            path => answer(200, &format!(r#"[{{"sku":"{path}","n":1}}]"#)),
        });
        let snapshot = running(&definition).snapshot.unwrap();
        let (none, mut found, mut cursor) = (config(&[]), (0, false), None);
        loop {
            let page = snapshot.snapshot(engine::Call::new(&none, &world, NOW), "stocklevel", None, None, cursor.as_deref()).await.unwrap();
            found = (found.0 + page.items.len(), found.1 || page.partial);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(found, (2, partial), "{total}");
    }
}
