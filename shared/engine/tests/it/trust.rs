//! What a source says of its lists is held against what it shows: nothing is passed over because of a total, an order or a place that
//! turned out to be otherwise, and nothing is concluded from a list that is not whole.

use crate::{script::{NOW, answer, config, running, with}, world::{Run, World, definition}};

const TOTAL: &str = r#""records":{"path":"$.data"},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"when":["empty"],"total":"$.total"}}"#;

/// Ids three a page of a list whose first one goes after the first request.
fn shrinking() -> World {
    let mut ids: Vec<i64> = (1..=9).collect();
    let mut first = true;
    World::of(move |request| {
        let page: usize = request.url.query_pairs().find_map(|(key, value)| (key == "page").then(|| value.parse().unwrap())).unwrap();
        let rows: Vec<String> = ids.iter().skip((page - 1) * 3).take(3).map(|id| format!(r#"{{"id":{id},"sku":"s{id}","n":{id}}}"#)).collect();
        let told = answer(200, &format!(r#"{{"data":[{}],"total":{}}}"#, rows.join(","), ids.len()));
        if std::mem::take(&mut first) {
            ids.remove(0);
        }
        told
    })
}

fn scan(read: &str) -> String {
    definition(&format!(
        r#""canonical_map":{{"stock":{{"type":"stocklevel","key":"$.sku","fields":{{"sku":"$.sku","quantity":"$.n"}}}}}},"entities":{{"stock":{{"read":{{"request":{{"url":"/stock"}},{read}}}}}}},"snapshot":{{"stocklevel":{{"entity":"stock","complete":true}}}}"#
    ))
}

/// The keys of a snapshot, and whether the source held something back.
async fn scanned(definition: &str, world: &World) -> (Vec<String>, bool) {
    let snapshot = running(definition).snapshot.unwrap();
    let (none, mut gathered, mut cursor) = (config(&[]), engine::Gathered::default(), None);
    loop {
        cursor = gathered.take(snapshot.snapshot(engine::Call::new(&none, world, NOW), "stocklevel", None, None, cursor.as_deref()).await.unwrap());
        if cursor.is_none() {
            return (gathered.items.iter().map(|scanned| scanned.item.key.as_str().to_owned()).collect(), gathered.partial);
        }
    }
}

#[tokio::test]
async fn a_list_that_became_shorter_is_read_again_whoever_reads_it() {
    let (mut keys, partial) = scanned(&scan(TOTAL), &shrinking()).await;
    keys.sort();
    // What was told before the list was read again counts no more: the first has gone.
    assert_eq!((keys, partial), ((2..=9).map(|id| format!("s{id}")).collect(), false));
    let entity = definition(&format!(r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things"}},{TOTAL}}}}}}}"#));
    let (mut ids, _) = Run::new(&entity, "thing").read(&shrinking(), None).await.unwrap();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 9);
}

#[tokio::test]
async fn nothing_follows_from_a_snapshot_whose_source_held_something_back() {
    let skipping = format!(r#"{TOTAL},"errors":[{{"status":404,"class":"skip"}}]"#);
    for (read, status, body, partial) in [
        (TOTAL, 200, r#"{"data":[{"sku":"s1","n":1}],"total":1}"#, false), (TOTAL, 200, r#"{"data":[{"sku":"s1","n":1}],"total":50}"#, true), (TOTAL, 200, r#"{"data":[],"total":0}"#, false), (&skipping, 404, "{}", true), (TOTAL, 204, "", true),
    ] {
        let world = World::of(move |request| if request.url.query() == Some("page=1") { answer(status, body) } else { answer(200, r#"{"data":[],"total":50}"#) });
        assert_eq!(scanned(&scan(read), &world).await.1, partial, "{status} {body}");
    }
}

#[tokio::test]
async fn nothing_follows_from_a_snapshot_of_which_a_later_page_was_skipped() {
    let pages = r#""records":{"path":"$.data"},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}}},"errors":[{"status":404,"class":"skip"}]"#;
    let past = pages.replace(r#","errors":[{"status":404,"class":"skip"}]"#, "").replace(r#""name":"page"}}}"#, r#""name":"page"}},"stop":{"past_end":404}}"#);
    for (read, partial) in [(pages, true), (&*past, false)] {
        let world = World::of(move |request| if request.url.query() == Some("page=1") { answer(200, r#"{"data":[{"sku":"s1","n":1}]}"#) } else { answer(404, "{}") });
        assert_eq!(scanned(&scan(read), &world).await, (vec!["s1".to_owned()], partial), "{read}");
    }
}

#[tokio::test]
async fn a_next_page_that_nothing_reads_makes_a_list_partial() {
    let next = r#"<https://api.test/stock?page=2>; rel="prev next""#;
    let paged = r#""records":{"path":"$.data"},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"when":["short"],"size":2}}"#;
    for (read, link, partial) in [
        (r#""records":{"path":"$.data"}"#, next, true), (r#""records":{"path":"$.data"}"#, "</stock?page=1>; rel=prev", false), (r#""records":{"path":"$.data"}"#, "", false),
        // The page itself is no other one.
        (r#""records":{"path":"$.data"}"#, "</stock>; rel=next", false), (r#""records":{"path":"$.data"}"#, "<>; rel=next", false), (paged, next, false),
    ] {
        let world = World::of(move |_| with(200, &[("Link", link)], r#"{"data":[{"sku":"s1","n":1}]}"#));
        assert_eq!(scanned(&scan(read), &world).await, (vec!["s1".to_owned()], partial), "{read} {link}");
    }
}

#[tokio::test]
async fn nothing_follows_from_a_snapshot_whose_total_fell_whatever_names_its_pages() {
    let opaque = r#""records":{"path":"$.data"},"pagination":{"type":"cursor","from":"$.next","inject":{"cursor":{"in":"query","name":"after"}},"stop":{"total":"$.total"}}"#;
    for (total, partial) in [(2, false), (1, true)] {
        let world = World::of(move |request| if request.url.query().is_none() { answer(200, r#"{"data":[{"sku":"s1","n":1}],"total":2,"next":"x7Qp"}"#) } else { answer(200, &format!(r#"{{"data":[{{"sku":"s2","n":1}}],"total":{total}}}"#)) });
        assert_eq!(scanned(&scan(opaque), &world).await, (vec!["s1".to_owned(), "s2".to_owned()], partial), "{total}");
    }
}

#[tokio::test]
async fn what_lies_around_a_list_that_goes_on_unread_makes_it_partial() {
    for (around, partial) in [
        (r#""total":5"#, true), (r#""total":1"#, false), (r#""meta":{"total_count":"12"}"#, true), (r#""next_page":2"#, true), (r#""next":null,"has_more":false"#, false), (r#""pagination":{"next_cursor":""}"#, false), (r#""_links":{"next":{"href":"/stock?page=2"}}"#, true),
    ] {
        let world = World::of(move |_| answer(200, &format!(r#"{{"data":[{{"sku":"s1","n":1}}],{around}}}"#)));
        assert_eq!(scanned(&scan(r#""records":{"path":"$.data"}"#), &world).await, (vec!["s1".to_owned()], partial), "{around}");
    }
    // A record by itself may have any of these names.
    let world = World::of(|_| answer(200, r#"{"sku":"s1","n":1,"total":250,"next":"s2","lines":[1,2]}"#));
    assert_eq!(scanned(&scan(r#""records":{"path":"$"}"#), &world).await, (vec!["s1".to_owned()], false));
}

#[tokio::test]
async fn a_listing_that_moves_whenever_it_is_read_is_told_of() {
    for moving in [true, false] {
        let mut total = 100;
        let world = World::of(move |request| {
            total -= i64::from(moving);
            let page: i64 = request.url.query().unwrap().trim_start_matches("page=").parse().unwrap();
            let rows = if page > 3 { String::new() } else { format!(r#"{{"id":{}}},{{"id":{}}}"#, page * 2, page * 2 + 1) };
            answer(200, &format!(r#"{{"data":[{rows}],"total":{total}}}"#))
        });
        let definition = definition(&format!(r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things"}},{TOTAL}}}}}}}"#));
        let (reader, mut told, none) = (engine::Reader::new(std::sync::Arc::new(connector::Draft::parse(&definition).unwrap().check().into_checked().unwrap())), (false, 0), config(&[]));
        reader.read(engine::Call::new(&none, &world, NOW), "thing", None, |page| {
            told = (told.0 | page.restless, told.1 + page.lacking);
            Ok(true)
        }).await.unwrap();
        assert!(told.0 == moving && told.1 > 0, "{moving} {told:?}");
    }
}

#[tokio::test]
async fn a_scroll_that_is_closed_ends_a_run_that_asks_for_what_changed() {
    let scrolled = definition(
        r#""entities":{"thing":{"read":{"request":{"method":"POST","url":"/next","body":{"json":{}}},"records":{"path":"$.hits"},
        "pagination":{"type":"scroll","open":{"method":"POST","url":"/open","body":{"json":{"since":"{{ window.start }}"}}},"from":"$.id","inject":{"cursor":{"in":"body","pointer":"/id"}},"close":{"method":"DELETE","url":"/close"}},
        "incremental":{"cursor":"$.at","order":"asc"}}}}"#,
    );
    let mut left = 2;
    let world = World::of(move |request| {
        if request.url.path() == "/open" {
            left = 2;
        }
        left -= 1;
        answer(200, &format!(r#"{{"id":"s","hits":[{}]}}"#, if left > 0 { r#"{"id":1,"at":"2026-01-31T08:00:00Z"}"# } else { "" }))
    });
    assert_eq!(Run::new(&scrolled, "thing").read(&world, None).await.unwrap().0, ["1"]);
    assert_eq!(world.lines(), ["POST /open", "POST /next", "DELETE /close"]);
}

#[tokio::test]
async fn a_listing_that_moved_by_as_many_new_ones_as_a_page_holds_begins_anew_once() {
    let newest = definition(r#""entities":{"thing":{"read":{"request":{"url":"/things"},"records":{"path":"$.data"},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"when":["short"],"size":2}},"incremental":{"cursor":"$.at","type":"integer","order":"desc","client_filter":true}}}}"#);
    let unasked = newest.replace(r#","incremental":{"cursor":"$.at","type":"integer","order":"desc","client_filter":true}"#, "");
    let all = Ok(vec!["3", "4", "5", "6", "7"]);
    for (definition, later, frozen, told) in [
        // The newest come first, soon or late; where nothing is incremental, only after a while; a source that repeats itself is found the second time.
        (&newest, 600_000, false, all.clone()), (&newest, 1_000, false, all.clone()), (&unasked, 600_000, false, all), (&unasked, 1_000, false, Err("cursor_loop")), (&newest, 1_000, true, Err("cursor_loop")),
    ] {
        let new = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let seen = std::sync::Arc::clone(&new);
        let world = World::of(move |request| {
            let ids: Vec<i64> = if seen.load(std::sync::atomic::Ordering::Relaxed) { vec![7, 6, 5, 4, 3] } else { vec![5, 4, 3] };
            let page: usize = if frozen { 1 } else { request.url.query().unwrap().trim_start_matches("page=").parse().unwrap() };
            let rows: Vec<String> = ids.iter().skip((page - 1) * 2).take(2).map(|id| format!(r#"{{"id":{id},"at":{id}}}"#)).collect();
            answer(200, &format!(r#"{{"data":[{}]}}"#, rows.join(",")))
        });
        let (none, source) = (config(&[]), running(definition).source.unwrap());
        let first = source.page(engine::Call::new(&none, &world, NOW), "thing", None).await.unwrap();
        new.store(true, std::sync::atomic::Ordering::Relaxed);
        let found = Run { now_ms: NOW + later, ..Run::new(definition, "thing") }.read(&world, Some(&first.cursor)).await;
        let told = told.map(|told| told.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let found = found.map_err(|fault| fault.code).map(|(ids, _)| ids.into_iter().chain(first.changes.iter().map(|change| change.payload.get("id").unwrap().to_string())).collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>());
        assert_eq!(found, told, "{later} {frozen}");
    }
}

#[tokio::test]
async fn a_total_below_what_a_page_holds_ends_nothing() {
    for total in ["-1", "0", "1"] {
        let world = World::of(move |request| {
            let rows = match request.url.query() {
                Some("page=1") => r#"{"sku":"s1","n":1},{"sku":"s2","n":2}"#,
                Some("page=2") => r#"{"sku":"s3","n":3},{"sku":"s4","n":3}"#,
                _ => "",
            };
            answer(200, &format!(r#"{{"data":[{rows}],"total":{total}}}"#))
        });
        assert_eq!(scanned(&scan(TOTAL), &world).await.0.len(), 4, "{total}");
    }
}

#[tokio::test]
async fn the_newest_first_end_where_the_page_ends_with_what_is_old() {
    let feed = definition(r#""entities":{"thing":{"read":{"request":{"url":"/feed"},"records":{"path":"$"},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}}},"incremental":{"cursor":"$.at","type":"integer","order":"desc","start":"20"}}}}"#);
    for (pages, told) in [
        // One is kept on top; the oldest come first, against what is declared.
        ([vec![1, 30, 25, 19, 18], vec![17]], vec!["30", "25"]), ([vec![30, 1, 25], vec![24, 2]], vec!["30", "25", "24"]), ([vec![1, 2, 3], vec![29, 30]], vec!["29", "30"]), ([vec![30, 19], vec![31]], vec!["30"]),
    ] {
        let shown = pages.clone();
        let world = World::of(move |request| {
            let page: usize = request.url.query_pairs().find_map(|(key, value)| (key == "page").then(|| value.parse().unwrap())).unwrap();
            let rows: Vec<String> = shown.get(page - 1).into_iter().flatten().map(|at| format!(r#"{{"id":{at},"at":{at}}}"#)).collect();
            answer(200, &format!("[{}]", rows.join(",")))
        });
        assert_eq!(Run::new(&feed, "thing").read(&world, None).await.unwrap().0, told, "{pages:?}");
    }
}

#[tokio::test]
async fn a_place_that_was_kept_and_that_the_source_knows_no_more_begins_the_list_anew_once() {
    let listing = definition(r#""entities":{"thing":{"read":{"request":{"url":"/things"},"records":{"path":"$.data"},"pagination":{"type":"cursor","from":"$.next","inject":{"cursor":{"in":"query","name":"after"}}}}}}"#);
    for (status, gone_for, kept_ms, told) in [
        (400, 1, 600_000, Ok(3)), (404, 1, 600_000, Ok(3)), (410, 1, 600_000, Ok(3)), (404, 9, 600_000, Err("destination_rejected")), (403, 1, 600_000, Err("needs_auth")),
        // What was told a moment ago is not forgotten: this is another mistake.
        (400, 1, 1_000, Err("destination_rejected")),
    ] {
        let mut gone = gone_for;
        let world = World::of(move |request| {
            if request.url.query().is_none() {
                return answer(200, r#"{"data":[{"id":1},{"id":2}],"next":"c"}"#);
            }
            gone -= 1;
            if gone >= 0 { answer(status, "{}") } else { answer(200, r#"{"data":[{"id":3}]}"#) }
        });
        let (none, source) = (config(&[]), running(&listing).source.unwrap());
        let first = source.page(engine::Call::new(&none, &world, NOW), "thing", None).await.unwrap();
        let found = Run { now_ms: NOW + kept_ms, ..Run::new(&listing, "thing") }.read(&world, Some(&first.cursor)).await;
        assert_eq!(found.map(|(ids, _)| ids.len()).map_err(|fault| fault.code), told, "{status} {gone_for} {kept_ms}");
    }
}

#[tokio::test]
async fn what_has_not_changed_since_is_nothing_and_no_mistake() {
    let changed = definition(r#""entities":{"thing":{"read":{"request":{"url":"/things"},"incremental":{"cursor":"$.at","start":"2026-01-01","order":"asc","inject":{"start":{"in":"header","name":"If-Modified-Since","format":"rfc2822"}}}}}}"#);
    let world = World::of(|_| with(304, &[], ""));
    assert_eq!(Run::new(&changed, "thing").read(&world, None).await.unwrap().0, Vec::<String>::new());
}
