//! `incremental`: forms of times, windows, marks, and histories of changes of which nothing is lost and nothing is told twice.

use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use testkit::{Api, ApiOptions};

use crate::{script::{NOW, answer, config}, world::{Run, World, counted, definition, same}};

const DAY: i64 = 86_400_000;

/// Changes of the simulator, read by what `incremental` says.
fn changes(params: &str, incremental: &str) -> String {
    definition(&format!(
        r#""config":{{"since":{{"type":"string","optional":true}}}},"entities":{{"thing":{{"read":{{"request":{{"url":"/changes","params":{{"per_page":100{params}}}}},"records":{{"path":"$.data"}},
        "pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}},"stop":{{"total":"$.total"}}}},"incremental":{{"cursor":"$.updated_at",{incremental}}}}}}}}}"#
    ))
}

const PLACES: &str = r#""inject":{"start":{"in":"query","name":"updated_from"},"end":{"in":"query","name":"updated_to"}}"#;
const START: &str = r#""inject":{"start":{"in":"query","name":"updated_from"}}"#;

/// A record source of `(id, at, note)`: what lies from `from` to `to`, of which the end counts or not.
fn source(records: Arc<Mutex<Vec<(i64, i64, i64)>>>, inclusive: bool) -> World {
    World::of(move |request| {
        let bound = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse::<i64>().unwrap()));
        let (from, to) = (bound("from").unwrap_or(i64::MIN), bound("to").unwrap_or(i64::MAX));
        let mut found: Vec<_> = records.lock().unwrap().iter().filter(|(_, at, _)| *at >= from && (*at < to || inclusive && *at == to)).copied().collect();
        found.sort_by_key(|(id, at, _)| (*at, *id));
        if bound("desc").is_some() {
            found.reverse();
        }
        let size = bound("size").map_or(1000, |size| usize::try_from(size).unwrap());
        let page = usize::try_from(bound("page").unwrap_or(1)).unwrap();
        let shown: Vec<String> = found.iter().skip((page - 1) * size).take(size).map(|(id, at, note)| format!(r#"{{"id":{id},"at":{at},"note":{note}}}"#)).collect();
        answer(200, &format!(r#"{{"data":[{}],"total":{}}}"#, shown.join(","), found.len()))
    })
}

fn numbered(params: &str, incremental: &str) -> String {
    definition(&format!(
        r#""config":{{"since":{{"type":"string","optional":true}}}},"entities":{{"thing":{{"read":{{"request":{{"url":"/things","params":{{"size":3{params}}}}},"records":{{"path":"$.data"}},
        "pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}},"stop":{{"total":"$.total"}}}},"incremental":{{"cursor":"$.at",{incremental}}}}}}}}}"#
    ))
}

const EPOCH: &str = r#""formats":["epoch_ms"],"lookback":"PT0S","inject":{"start":{"in":"query","name":"from"},"end":{"in":"query","name":"to"}}"#;

#[tokio::test]
async fn every_form_of_times_is_asked_in_and_read() {
    for (fmt, format, misbehave, zone) in [
        ("iso", "iso8601", "", "UTC"), ("iso", "iso8601", "other_zone", "UTC"), ("iso", "iso8601", "no_zone", "+02:00"), ("iso", "%Y-%m-%dT%H:%M:%S%:z", "other_zone", "+02:00"), ("iso", "%Y-%m-%dT%H:%M:%S", "no_zone", "+02:00"),
        ("sql", "%Y-%m-%d %H:%M:%S", "", "UTC"), ("sql", "%Y-%m-%d %H:%M:%S", "no_zone", "+02:00"), ("epoch_s", "epoch_s", "", "UTC"), ("epoch_s", "epoch_s", "other_zone", "Europe/Stockholm"), ("epoch_ms", "epoch_ms", "", "UTC"),
        ("epoch_us", "epoch_us", "", "UTC"), ("dotnet", "dotnet", "", "UTC"), ("dotnet", "dotnet", "other_zone", "UTC"), ("rfc2822", "rfc2822", "", "UTC"), ("rfc2822", "rfc2822", "other_zone", "+02:00"), ("date", "date", "", "UTC"), ("date", "date", "no_zone", "+02:00"),
    ] {
        let case = format!("{fmt} {format} {misbehave} {zone}");
        let places = if fmt == "date" { START } else { PLACES };
        let definition = changes(&format!(r#","fmt":"{fmt}","misbehave":"{misbehave}""#), &format!(r#""formats":["{format}"],"zone":"{zone}","lookback":"PT0S",{places}"#));
        let (world, api) = World::api();
        let run = |now_ms| Run { now_ms, ..Run::new(&definition, "thing") };
        let (ids, cursor) = run(NOW).read(&world, None).await.unwrap();
        same(&ids, (1..=250).map(|id| id.to_string()));
        // A day before its mark lie more records than are remembered: those beyond come again.
        let told = |ids: Vec<String>| if fmt == "date" && ids.len() <= 50 { ids.into_iter().filter(|id| id == "9" || id == "77").collect() } else { ids };
        let (ids, cursor) = run(NOW + 60_000).read(&world, Some(&cursor)).await.unwrap();
        assert_eq!(told(ids), Vec::<String>::new(), "{case}");
        api.lock().unwrap().touch(9, NOW + 61_000);
        api.lock().unwrap().touch(77, NOW + 62_000);
        let (ids, cursor) = run(NOW + 120_000).read(&world, Some(&cursor)).await.unwrap();
        assert_eq!(told(ids), ["9", "77"], "{case}");
        assert_eq!(told(run(NOW + 180_000).read(&world, Some(&cursor)).await.unwrap().0), Vec::<String>::new(), "{case}");
    }
}

#[tokio::test]
async fn a_time_is_read_in_any_of_the_forms_a_source_mixes() {
    let records = [r#"{"id":1,"at":"31/01/2026 09:00"}"#, r#"{"id":2,"at":1769850001}"#, r#"{"id":3,"at":"2026-01-31T10:00:02+01:00"}"#, r#"{"id":4}"#, r#"{"id":5,"at":"soon"}"#];
    let world = World::of(move |request| answer(200, &format!("[{}]", if request.url.query().is_some() { String::new() } else { records.join(",") })));
    let definition = definition(r#""entities":{"thing":{"read":{"request":{"url":"/x"},"incremental":{"cursor":"$.at","formats":["%d/%m/%Y %H:%M","epoch_s"],"lookback":"PT0S","inject":{"start":{"in":"query","name":"from"}}}}}}"#);
    let (ids, cursor) = Run::new(&definition, "thing").read(&world, None).await.unwrap();
    assert_eq!(ids, ["1", "2", "3", "4", "5"]);
    Run::new(&definition, "thing").read(&world, Some(&cursor)).await.unwrap();
    assert_eq!(world.lines(), ["GET /x", "GET /x?from=31%2F01%2F2026+09%3A00"]);
}

#[tokio::test]
async fn the_ends_of_a_span_go_where_they_are_told_to() {
    for (place, shown) in [
        (r#"{"in":"query","name":"from"}"#, "GET /x/A?from=5"), (r#"{"in":"header","name":"X-From"}"#, "GET /x/A x-from: 5"), (r#"{"in":"body","pointer":"/filter/from"}"#, r#"POST /x/A {"filter":{"from":5}}"#),
        (r#"{"in":"path","name":"from"}"#, "GET /x/5"),
    ] {
        let (method, path) = (if place.contains("body") { "POST" } else { "GET" }, if place.contains("path") { "{from}" } else { "A" });
        let definition = definition(&format!(
            r#""entities":{{"thing":{{"read":{{"request":{{"method":"{method}","url":"/x/{path}"}},"incremental":{{"cursor":"$.at","type":"integer","start":"5","inject":{{"start":{place}}}}}}}}}}}"#
        ));
        let world = World::of(|_| answer(200, "[]"));
        Run::new(&definition, "thing").read(&world, None).await.unwrap();
        let sent = world.sent().remove(0);
        let body = sent.body.as_ref().map(|body| format!(" {}", String::from_utf8_lossy(body))).unwrap_or_default();
        let header = crate::world::header(&sent, "x-from").map(|value| format!(" x-from: {value}")).unwrap_or_default();
        assert_eq!(format!("{} {}{}{header}{body}", sent.method.word(), sent.url.path(), sent.url.query().map(|query| format!("?{query}")).unwrap_or_default()), shown);
    }
}

/// The spans asked for: `from` and `to` of the first pages.
fn spans(world: &World) -> Vec<(Option<i64>, Option<i64>)> {
    let sent = world.sent();
    let first = sent.iter().filter(|request| request.url.query_pairs().any(|(name, value)| name == "page" && value == "1"));
    let mut spans: Vec<_> = first.map(|request| {
        let bound = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse().unwrap()));
        (bound("from"), bound("to"))
    }).collect();
    // A first page is looked at again where one follows.
    spans.dedup();
    spans
}

/// Windows up to the present: each begins a second before the last one ends, as it is asked for.
fn following(start: i64, window: i64, granularity: i64) -> Vec<(Option<i64>, Option<i64>)> {
    let mut from = start;
    let mut spans = Vec::new();
    while from + window < NOW {
        spans.push((Some(from), Some(from + window - granularity)));
        from += window - 1_000;
    }
    spans.push((Some(from), Some(NOW)));
    spans
}

#[tokio::test]
async fn windows_follow_each_other_without_a_gap_and_end_at_the_present() {
    for (step, back) in [("", 0), (r#""granularity":"PT1S","#, 1_000)] {
        let definition = numbered("", &format!(r#"{EPOCH},{step}"window":"P2D","start":"{{{{ config.since }}}}""#));
        let start = NOW - 5 * DAY;
        // At a border, a moment before it, and in no order of ids.
        let times = [start, start + 1, start + 2 * DAY - if back > 0 { back } else { 500 }, start + 2 * DAY, start + 2 * DAY + 1, start + 4 * DAY - back, start + 4 * DAY, NOW - 1];
        for inclusive in [true, false] {
            if !inclusive && back > 0 {
                continue;
            }
            for anew in [false, true] {
                let records: Vec<_> = times.iter().zip(1..).map(|(at, id)| (id, *at, 0)).collect();
                let world = source(Arc::new(Mutex::new(records)), inclusive);
                let run = Run { anew, config: config(&[("since", &start.to_string())]), ..Run::new(&definition, "thing") };
                let (ids, _) = run.read(&world, None).await.unwrap();
                same(&ids, (1..=8).map(|id| id.to_string()));
                assert_eq!(spans(&world), following(start, 2 * DAY, back), "{step} {inclusive}");
            }
        }
    }
}

#[tokio::test]
async fn the_configuration_says_how_long_windows_are_and_how_far_a_run_looks_back() {
    let of = |config: &str, more: &str| definition(&format!(
        r#""config":{{"since":{{"type":"string"}},{config}}},"entities":{{"thing":{{"read":{{"request":{{"url":"/things","params":{{"page":1}}}},"records":{{"path":"$.data"}},
        "incremental":{{"cursor":"$.at","formats":["epoch_ms"],"start":"{{{{ config.since }}}}","inject":{{"start":{{"in":"query","name":"from"}},"end":{{"in":"query","name":"to"}}}},{more}}}}}}}}}"#
    ));
    let window = of(r#""days":{"type":"string","optional":true}"#, r#""lookback":"PT0S","window":"{{ config.days }}""#);
    let start = NOW - 5 * DAY;
    for (days, hours) in [("2", 48), ("P2D", 48), ("PT60H", 60), ("4", 96), ("5", 120), ("365", 9_000), ("", 9_000)] {
        let expected = following(start, hours * DAY / 24, 0);
        for anew in [false, true] {
            let world = source(Arc::new(Mutex::new((1..=5).map(|day| (day, NOW - day * DAY, 0)).collect())), false);
            let run = Run { anew, config: config(&[("since", &start.to_string()), ("days", days)]), ..Run::new(&window, "thing") };
            same(&run.read(&world, None).await.unwrap().0, (1..=5).map(|id| id.to_string()));
            assert_eq!(spans(&world), expected, "{days}");
        }
    }
    for wrong in ["0", "P1M", "soon", "-1", "2.5"] {
        let world = World::of(|_| answer(200, "[]"));
        let fault = Run { config: config(&[("since", "5"), ("days", wrong)]), ..Run::new(&window, "thing") }.read(&world, None).await.unwrap_err();
        assert_eq!((fault.code, world.lines().len()), ("config_invalid", 0), "{wrong}");
        assert!(fault.message.contains("`incremental.window` is `{{ config.days }}`") && !fault.message.contains(wrong), "{}", fault.message);
    }
    let lookback = of(r#""back":{"type":"string","optional":true}"#, r#""lookback":"{{ config.back }}""#);
    for (back, far) in [("", 5 * 60_000), ("PT1H", DAY / 24), ("3", 3 * DAY), ("0", 1_000)] {
        let run = |now_ms| Run { now_ms, config: config(&[("since", &start.to_string()), ("back", back)]), ..Run::new(&lookback, "thing") };
        let world = source(Arc::new(Mutex::new(vec![(1, NOW - DAY, 0)])), false);
        let (ids, cursor) = run(NOW).read(&world, None).await.unwrap();
        assert_eq!((ids, spans(&world)), (vec!["1".to_owned()], vec![(Some(start), Some(NOW))]), "{back}");
        assert_eq!(run(NOW + DAY).read(&world, Some(&cursor)).await.unwrap().0, Vec::<String>::new());
        assert_eq!(spans(&world), [(Some(NOW - DAY - far), Some(NOW + DAY))], "{back}");
    }
}

#[tokio::test]
async fn a_source_that_is_quiet_for_long_is_not_asked_window_by_window_for_ever() {
    let definition = numbered("", &format!(r#"{EPOCH},"window":"P1D","start":"{{{{ config.since }}}}""#));
    for records in [vec![], vec![(1, NOW - 99 * DAY, 0)]] {
        let records = Arc::new(Mutex::new(records));
        let world = source(Arc::clone(&records), true);
        let run = |now_ms| Run { now_ms, config: config(&[("since", &(NOW - 100 * DAY).to_string())]), ..Run::new(&definition, "thing") };
        let (_, cursor) = run(NOW).read(&world, None).await.unwrap();
        assert_eq!(spans(&world), following(NOW - 100 * DAY, DAY, 0));
        let (ids, cursor) = run(NOW + 60_000).read(&world, Some(&cursor)).await.unwrap();
        let asked = spans(&world);
        assert!(ids.is_empty() && asked.len() <= 3, "{asked:?}");
        // What the source's clock, hours behind, says now is found all the same.
        records.lock().unwrap().push((2, NOW - DAY / 2, 0));
        assert_eq!(run(NOW + 120_000).read(&world, Some(&cursor)).await.unwrap().0, ["2"]);
    }
}

#[tokio::test]
async fn the_next_run_asks_a_lookback_before_the_mark_and_tells_what_is_new_or_changed_alone() {
    let definition = numbered("", r#""formats":["epoch_ms"],"lookback":"PT10S","inject":{"start":{"in":"query","name":"from"}}"#);
    let at = NOW - 60_000;
    let records = Arc::new(Mutex::new(vec![(1, at - 20_000, 0), (2, at - 10_000, 0), (3, at - 5_000, 0), (4, at, 0), (5, at, 0)]));
    let world = source(Arc::clone(&records), true);
    let run = Run::new(&definition, "thing");
    let (ids, cursor) = run.read(&world, None).await.unwrap();
    assert_eq!(ids, ["1", "2", "3", "4", "5"]);
    // In the very second of the mark: another, and one that says something else. A late one within the lookback; one without it.
    records.lock().unwrap().extend([(6, at, 0), (7, at - 9_000, 0), (8, at - 11_000, 0)]);
    records.lock().unwrap()[3].2 = 1;
    world.lines();
    let (ids, cursor) = run.read(&world, Some(&cursor)).await.unwrap();
    same(&ids, ["4", "6", "7"].map(str::to_owned));
    assert!(world.lines()[0].contains(&format!("from={}", at - 10_000)));
    assert_eq!(run.read(&world, Some(&cursor)).await.unwrap().0, Vec::<String>::new());
    // The mark never goes back, though the newest are gone.
    records.lock().unwrap().retain(|(_, at_ms, _)| *at_ms < at);
    let (_, cursor) = run.read(&world, Some(&cursor)).await.unwrap();
    world.lines();
    run.read(&world, Some(&cursor)).await.unwrap();
    assert!(world.lines()[0].contains(&format!("from={}", at - 10_000)));
}

#[tokio::test]
async fn what_was_changed_while_a_long_run_went_on_is_found_by_the_next() {
    // By id, not by time; once page 1 was looked at again behind page 2, what stands there changes, and then what stands on page 3.
    let definition = definition(
        r#""entities":{"thing":{"read":{"request":{"url":"/things"},"records":{"path":"$.data"},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"pages":"$.pages"}},
        "incremental":{"cursor":"$.at","formats":["epoch_ms"],"lookback":"PT0S","client_filter":true}}}}"#,
    );
    let records = Arc::new(Mutex::new(vec![(1, NOW - 3), (2, NOW - 2), (3, NOW - 1)]));
    let shown = Arc::clone(&records);
    let world = World::of(move |request| {
        let page: usize = request.url.query_pairs().find_map(|(key, value)| (key == "page").then(|| value.parse().unwrap())).unwrap();
        let (id, at) = shown.lock().unwrap()[page - 1];
        answer(200, &format!(r#"{{"data":[{{"id":{id},"at":{at}}}],"pages":3}}"#))
    });
    let source = crate::script::running(&definition).source.unwrap();
    let none = config(&[]);
    let (mut cursor, mut later) = (None, NOW);
    for page in 0..5 {
        let call = engine::Call::new(&none, &world, later);
        let told = source.page(call, "thing", cursor.as_deref()).await.unwrap();
        cursor = Some(told.cursor);
        later += 60_000;
        if page == 2 {
            records.lock().unwrap()[0].1 = later - 30_000;
            records.lock().unwrap()[2].1 = later - 20_000;
        }
    }
    let (ids, cursor) = Run { now_ms: later, ..Run::new(&definition, "thing") }.read(&world, cursor.as_deref()).await.unwrap();
    assert_eq!(ids, ["1"]);
    assert_eq!(Run { now_ms: later, ..Run::new(&definition, "thing") }.read(&world, Some(&cursor)).await.unwrap().0, Vec::<String>::new());
}

#[tokio::test]
async fn of_what_shows_the_newest_first_no_more_is_read_than_is_new() {
    let definition = definition(
        r#""entities":{"thing":{"read":{"request":{"url":"/feed","params":{"per_page":10}},"records":{"path":"$.data"},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}}},
        "incremental":{"cursor":"$.updated_at","lookback":"PT0S","order":"desc"}}}}"#,
    );
    for anew in [false, true] {
        let (world, api) = World::api();
        let run = Run { anew, ..Run::new(&definition, "thing") };
        let (ids, cursor) = run.read(&world, None).await.unwrap();
        same(&ids, (1..=250).map(|id| id.to_string()));
        (1..=15).for_each(|id| _ = api.lock().unwrap().touch(id * 10, NOW - 20_000 + id * 1000));
        world.lines();
        let (ids, cursor) = run.read(&world, Some(&cursor)).await.unwrap();
        same(&ids, (1..=15).map(|id| (id * 10).to_string()));
        // The first page is looked at again once the second was read.
        assert_eq!(world.lines().len(), 3);
        assert_eq!(run.read(&world, Some(&cursor)).await.unwrap().0, Vec::<String>::new());
        assert_eq!(world.lines().len(), 1);
    }
}

#[tokio::test]
async fn a_source_that_cannot_be_asked_since_when_is_filtered_here() {
    let definition = definition(
        r#""entities":{"thing":{"read":{"request":{"url":"/offset","params":{"limit":100}},"records":{"path":"$.data"},"pagination":{"type":"offset","inject":{"offset":{"in":"query","name":"offset"}},"stop":{"total":"$.total"}},
        "incremental":{"cursor":"$.updated_at","lookback":"PT0S","client_filter":true}}}}"#,
    );
    let (world, api) = World::api();
    let run = Run::new(&definition, "thing");
    let (_, cursor) = run.read(&world, None).await.unwrap();
    api.lock().unwrap().touch(7, NOW - 1000);
    assert_eq!(run.read(&world, Some(&cursor)).await.unwrap().0, ["7"]);
}

#[tokio::test]
async fn numbers_are_cursors_too_and_a_gap_wider_than_the_window_is_no_end() {
    for (window, params) in [("", ""), (r#","window":10"#, ""), (r#","window":2"#, "")] {
        let definition = numbered(params, &format!(r#""type":"integer","start":"1","inject":{{"start":{{"in":"query","name":"from"}},"end":{{"in":"query","name":"to"}}}}{window}"#));
        let records = Arc::new(Mutex::new((1..=25).map(|n| (n, n, 0)).collect::<Vec<_>>()));
        for (anew, inclusive) in [(false, true), (true, true), (true, false)] {
            let world = source(Arc::clone(&records), inclusive);
            let run = Run { anew, ..Run::new(&definition, "thing") };
            records.lock().unwrap().truncate(25);
            let (ids, cursor) = run.read(&world, None).await.unwrap();
            same(&ids, (1..=25).map(|id| id.to_string()));
            let (ids, cursor) = run.read(&world, Some(&cursor)).await.unwrap();
            assert_eq!(ids, Vec::<String>::new());
            records.lock().unwrap().extend([(26, 26, 0), (27, 500, 0), (28, 9_000, 0), (29, 9_001, 0)]);
            let (ids, cursor) = run.read(&world, Some(&cursor)).await.unwrap();
            same(&ids, ["26", "27", "28", "29"].map(str::to_owned));
            assert_eq!(run.read(&world, Some(&cursor)).await.unwrap().0, Vec::<String>::new());
        }
    }
}

#[tokio::test]
async fn a_record_of_the_future_neither_carries_the_mark_along_nor_comes_every_time() {
    let definition = changes("", &format!(r#""lookback":"PT0S",{START}"#));
    let (world, api) = World::api();
    api.lock().unwrap().touch(1, NOW + 900 * DAY);
    let (ids, cursor) = Run::new(&definition, "thing").read(&world, None).await.unwrap();
    assert_eq!(ids.len(), 250);
    let (ids, cursor) = Run { now_ms: NOW + 1, ..Run::new(&definition, "thing") }.read(&world, Some(&cursor)).await.unwrap();
    assert_eq!(ids, Vec::<String>::new());
    api.lock().unwrap().touch(2, NOW + 5_000);
    let (ids, cursor) = Run { now_ms: NOW + 6_000, ..Run::new(&definition, "thing") }.read(&world, Some(&cursor)).await.unwrap();
    assert_eq!(ids, ["2"]);
    assert_eq!(Run { now_ms: NOW + 9_000, ..Run::new(&definition, "thing") }.read(&world, Some(&cursor)).await.unwrap().0, Vec::<String>::new());
}

/// What happens: records are touched, or somebody polls, in this instance or in a new one at every page.
#[derive(Debug, Clone)]
enum Step {
    Touch(i64),
    Wait(i64),
    /// Reads so many pages; a run that is not over goes on with the next.
    Pages(usize, bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1..40_i64).prop_map(Step::Touch),
        2 => prop_oneof![Just(1_i64), Just(400), Just(1_000), Just(60_000), Just(2 * DAY)].prop_map(Step::Wait),
        3 => ((1..6_usize), any::<bool>()).prop_map(|(pages, anew)| Step::Pages(pages, anew)),
    ];
    proptest::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_touched_is_told_after_its_last_touch_and_quiet_polls_tell_nothing(steps in steps(), way in 0..5_usize) {
        let pages = r#""pagination":{"type":"keyset","keys":[{"from":"$.updated_at","inject":{"in":"query","name":"after_updated"}},{"from":"$.id","inject":{"in":"query","name":"after_id"}}]}"#;
        let (url, pages, incremental, atomic) = match way {
            0 => ("/keyset", pages, r#""lookback":"PT0S","client_filter":true,"order":"asc""#, false),
            1 => ("/keyset", pages, r#""client_filter":true"#, false),
            2 => ("/changes", r#""pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"total":"$.total"}}"#, r#""lookback":"PT0S","order":"asc","inject":{"start":{"in":"query","name":"updated_from"}}"#, false),
            3 => ("/changes", r#""pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"total":"$.total"}}"#, r#""lookback":"PT2S","window":"P3D","start":"2026-01-01","inject":{"start":{"in":"query","name":"updated_from"},"end":{"in":"query","name":"updated_to"}}"#, false),
            _ => ("/feed", r#""pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}}}"#, r#""lookback":"PT0S","order":"desc""#, true),
        };
        let definition = definition(&format!(
            r#""entities":{{"thing":{{"read":{{"request":{{"url":"{url}","params":{{"limit":7,"per_page":7}}}},"records":{{"path":"$.data"}},{pages},"incremental":{{"cursor":"$.updated_at",{incremental}}}}}}}}}"#
        ));
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(history(&definition, &steps, atomic));
    }
}

async fn history(definition: &str, steps: &[Step], atomic: bool) {
    let (world, api) = World::with(ApiOptions { records: 20, ..ApiOptions::default() });
    let none = config(&[]);
    let mut instance = crate::script::running(definition);
    let (mut now, mut cursor, mut told) = (NOW, None::<String>, std::collections::BTreeMap::<i64, String>::new());
    let quiet = [Step::Wait(1_000), Step::Pages(1_000, false), Step::Wait(1_000), Step::Pages(1_000, true)];
    for step in steps.iter().chain(&quiet) {
        match step {
            Step::Touch(id) => _ = api.lock().unwrap().touch(*id, now / 1_000 * 1_000),
            Step::Wait(ms) => now += ms,
            Step::Pages(pages, anew) => {
                for page in 0.. {
                    if *anew {
                        instance = crate::script::running(definition);
                    }
                    let call = engine::Call::new(&none, &world, now);
                    let read = instance.source.as_ref().unwrap().page(call, "thing", cursor.as_deref()).await.unwrap();
                    for change in read.changes {
                        told.insert(change.external_id.parse().unwrap(), change.payload.to_string());
                    }
                    cursor = Some(read.cursor);
                    // Pages that are numbered move while others change: those listings are read at once.
                    if read.done && (atomic || *pages == 1_000 || page + 1 >= *pages) || !atomic && page + 1 >= *pages {
                        break;
                    }
                }
            }
        }
    }
    for record in { let api: &Api = &api.lock().unwrap(); api.records() } {
        let id = record.get("id").and_then(document::Value::as_i64).unwrap();
        assert_eq!(told.get(&id).map(String::as_str), Some(record.to_string().as_str()));
    }
    let (ids, _) = Run { now_ms: now + 5_000, ..Run::new(definition, "thing") }.read(&world, cursor.as_deref()).await.unwrap();
    assert_eq!(counted(&ids).len(), 0, "{ids:?}");
}

#[tokio::test]
async fn what_a_filter_leaves_out_has_been_read_all_the_same() {
    let definition = definition(
        r#""entities":{"thing":{"read":{"request":{"url":"/things"},"records":{"filter":"{{ record.kind == 'wanted' }}"},"incremental":{"cursor":"$.at","lookback":"PT0S","inject":{"start":{"in":"query","name":"from"}}}}}}"#,
    );
    let world = World::of(|_| answer(200, r#"[{"id":1,"kind":"wanted","at":"2026-01-01T00:00:00Z"},{"id":2,"kind":"other","at":"2026-01-05T00:00:00Z"}]"#));
    let run = Run::new(&definition, "thing");
    let (ids, cursor) = run.read(&world, None).await.unwrap();
    assert_eq!(ids, ["1"]);
    run.read(&world, Some(&cursor)).await.unwrap();
    assert!(world.lines()[1].ends_with("from=2026-01-04T23%3A59%3A59Z"), "{:?}", world.lines());
}
