//! Sources that live while they are read, and runs that stop anywhere: whatever changes between two requests, its last version is told.

use std::{collections::BTreeSet, sync::{Arc, Mutex}};

use engine::{Call, Request};

use crate::{script::{NOW, answer, config, running}, world::{Run, World, definition}};

const HOUR: i64 = 3_600_000;

/// A number of the query.
fn given(request: &Request, name: &str) -> Option<i64> {
    request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse().unwrap()))
}

/// Rows of id and time, as an answer with their number.
fn shown(rows: &[(i64, i64)], skip: usize, size: usize) -> String {
    let page: Vec<String> = rows.iter().skip(skip).take(size).map(|(id, at)| format!(r#"{{"id":{id},"at":{at}}}"#)).collect();
    format!(r#"{{"data":[{}],"total":{}}}"#, page.join(","), rows.len())
}

/// The ids of several runs, each an hour after the one before.
async fn runs(definition: &str, entity: &str, world: &World, times: i64) -> BTreeSet<String> {
    let (mut told, mut cursor) = (BTreeSet::new(), None);
    for run in 0..times {
        let (ids, next) = Run { now_ms: NOW + run * HOUR, ..Run::new(definition, entity) }.read(world, cursor.as_deref()).await.unwrap();
        told.extend(ids);
        cursor = Some(next);
    }
    told
}

/// Those told of a first page, which the run does not go beyond.
async fn first_page(definition: &str, entity: &str, world: &World) -> (Vec<String>, String) {
    let none = config(&[]);
    let page = running(definition).source.unwrap().page(Call::new(&none, world, NOW), entity, None).await.unwrap();
    (page.changes.iter().map(|change| change.external_id.clone()).collect(), page.cursor)
}

#[tokio::test]
async fn a_parent_that_changes_once_its_children_were_read_is_read_again() {
    let rows = definition(
        r#""entities":{"order":{"read":{"request":{"url":"/orders"},"records":{"path":"$.data"},"incremental":{"cursor":"$.at","TYPE","order":"asc","inject":{"start":{"in":"query","name":"from"}}}}},
        "row":{"read":{"fan_out":{"as":"o","from":{"entity":"order","value":"$.id","incremental":true}},"request":{"url":"/rows","params":{"of":"{{ parent.o.value }}"}},"records":{"path":"$.data"}}}}"#,
    );
    for (kind, changed) in [(r#""formats":["epoch_ms"]"#, NOW + 1_000), (r#""formats":["epoch_ms"]"#, NOW), (r#""type":"integer""#, 4)] {
        let definition = rows.replace(r#""TYPE""#, kind);
        let first = if kind.contains("integer") { 1 } else { NOW - 60_000 };
        let orders = Arc::new(Mutex::new(vec![(1, first), (2, first + 1), (3, first + 2)]));
        let extra = Arc::new(Mutex::new(false));
        let (listed, grown) = (Arc::clone(&orders), Arc::clone(&extra));
        let world = World::of(move |request| match given(request, "of") {
            Some(of) => answer(200, &shown(&[(of * 10, 0), (of * 10 + 1, 0)][..if of == 1 && *grown.lock().unwrap() { 2 } else { 1 }], 0, 9)),
            None => {
                let mut found: Vec<_> = listed.lock().unwrap().iter().copied().filter(|(_, at)| *at >= given(request, "from").unwrap_or(0)).collect();
                found.sort_by_key(|(_, at)| *at);
                answer(200, &shown(&found, 0, 9))
            }
        });
        let (mut told, cursor) = first_page(&definition, "row", &world).await;
        assert_eq!(told, ["10"]);
        // Order 1, which is read, changes; another process goes on.
        orders.lock().unwrap()[0].1 = changed;
        *extra.lock().unwrap() = true;
        let mut cursor = Some(cursor);
        for run in 1..4 {
            let (ids, next) = Run { now_ms: NOW + run * HOUR, ..Run::new(&definition, "row") }.read(&world, cursor.as_deref()).await.unwrap();
            told.extend(ids);
            cursor = Some(next);
        }
        assert!(["11", "20", "30"].iter().all(|id| told.contains(&(*id).to_owned())), "{kind} {changed}: {told:?}");
    }
}

#[tokio::test]
async fn where_one_time_fills_pages_and_the_listing_becomes_shorter_none_is_passed_over() {
    for pages in [r#"{"type":"page","size":3,"inject":{"page":{"in":"query","name":"page"}},"stop":{"total":"$.total"}}"#, r#"{"type":"offset","size":3,"inject":{"offset":{"in":"query","name":"skip"}},"stop":{"total":"$.total"}}"#] {
        for back in ["PT1S", "PT5M"] {
            let definition = definition(&format!(r#""entities":{{"o":{{"read":{{"request":{{"url":"/o"}},"records":{{"path":"$.data"}},"pagination":{pages},"incremental":{{"cursor":"$.at","formats":["epoch_ms"],"lookback":"{back}","order":"asc","inject":{{"start":{{"in":"query","name":"from"}}}}}}}}}}}}"#));
            for gone in 0..12 {
                // Seven of one time, and then some minutes apart.
                let minutes = [1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 20, 21, 22];
                let mut rows: Vec<(i64, i64)> = minutes.iter().zip(1..).map(|(minute, id)| (id, NOW - 3 * HOUR + minute * 60_000)).collect();
                let mut requests = 0;
                let world = World::of(move |request| {
                    if requests == gone {
                        rows.remove(0);
                    }
                    requests += 1;
                    let found: Vec<_> = rows.iter().copied().filter(|(_, at)| *at >= given(request, "from").unwrap_or(0)).collect();
                    let skip = given(request, "skip").unwrap_or_else(|| (given(request, "page").unwrap() - 1) * 3);
                    answer(200, &shown(&found, usize::try_from(skip).unwrap(), 3))
                });
                let told = runs(&definition, "o", &world, 3).await;
                let lost: Vec<i64> = (2..=13).filter(|id| !told.contains(&id.to_string())).collect();
                assert_eq!(lost, Vec::<i64>::new(), "{pages} {back}: 1 leaves before request {gone}");
            }
        }
    }
}

#[tokio::test]
async fn what_lies_on_the_border_of_two_windows_is_told_whoever_counts_it() {
    for (more, integer) in [(r#""formats":["epoch_ms"],"window":"P1D""#, false), (r#""formats":["epoch_ms"],"granularity":"PT1S","window":"P1D""#, false), (r#""type":"integer","window":100"#, true)] {
        for (after, until) in [(false, false), (false, true), (true, false), (true, true)] {
            let definition = definition(&format!(
                r#""config":{{"since":{{"type":"string"}}}},"entities":{{"o":{{"read":{{"request":{{"url":"/o"}},"records":{{"path":"$.data"}},"incremental":{{"cursor":"$.at",{more},"start":"{{{{ config.since }}}}","inject":{{"start":{{"in":"query","name":"from"}},"end":{{"in":"query","name":"to"}}}}}}}}}}}}"#
            ));
            let (start, step) = if integer { (0, 100) } else { (NOW - 5 * 24 * HOUR, 24 * HOUR) };
            let rows: Vec<(i64, i64)> = (1..5).map(|id| (id, start + id * step)).collect();
            let world = World::of(move |request| {
                let (from, to) = (given(request, "from").unwrap_or(i64::MIN), given(request, "to").unwrap_or(i64::MAX));
                let found: Vec<_> = rows.iter().copied().filter(|(_, at)| (*at > from || (after && *at == from)) && (*at < to || (until && *at == to))).collect();
                answer(200, &shown(&found, 0, 9))
            });
            let run = Run { config: config(&[("since", &start.to_string())]), ..Run::new(&definition, "o") };
            let (ids, _) = run.read(&world, None).await.unwrap();
            let expected: Vec<String> = (1..5).map(|id| id.to_string()).collect();
            if !integer && more.contains("granularity") && !after && until {
                // Known from the window before.
                assert_eq!(ids.iter().collect::<BTreeSet<_>>(), expected.iter().collect::<BTreeSet<_>>(), "{more} {after} {until}");
            } else {
                assert_eq!(ids, expected, "{more} {after} {until}");
            }
        }
    }
}

#[tokio::test]
async fn a_parent_that_moves_up_while_children_are_read_is_read_whatever_mark_they_have() {
    for state in ["global", "per_partition"] {
        let definition = definition(&format!(
            r#""entities":{{"shop":{{"read":{{"request":{{"url":"/shops"}},"records":{{"path":"$.data"}},"pagination":{{"type":"page","size":3,"inject":{{"page":{{"in":"query","name":"page"}}}}}}}}}},
            "stock":{{"read":{{"fan_out":{{"as":"s","from":{{"entity":"shop","value":"$.id"}}}},"request":{{"url":"/stock","params":{{"of":"{{{{ parent.s.value }}}}"}}}},"records":{{"path":"$.data"}},"incremental":{{"cursor":"$.at","formats":["epoch_ms"],"order":"asc","state":"{state}","inject":{{"start":{{"in":"query","name":"from"}}}}}}}}}}}}"#
        ));
        let (mut shops, mut lists) = ((1..8).collect::<Vec<i64>>(), 0);
        let world = World::of(move |request| match given(request, "of") {
            Some(of) => answer(200, &shown(&[(of, NOW - 100 * HOUR + of * HOUR)].into_iter().filter(|(_, at)| *at >= given(request, "from").unwrap_or(0)).collect::<Vec<_>>(), 0, 9)),
            None => {
                lists += 1;
                if lists == 2 {
                    shops.remove(1);
                }
                let rows: Vec<_> = shops.iter().map(|id| (*id, 0)).collect();
                answer(200, &shown(&rows, usize::try_from(given(request, "page").unwrap() - 1).unwrap() * 3, 3))
            }
        });
        let told = runs(&definition, "stock", &world, 3).await;
        assert!([1, 3, 4, 5, 6, 7].iter().all(|id: &i64| told.contains(&id.to_string())), "{state}: {told:?}");
    }
}

#[tokio::test]
async fn a_listing_that_moved_by_a_page_in_two_runs_goes_on_in_the_next() {
    let definition = definition(r#""entities":{"o":{"read":{"request":{"url":"/o"},"records":{"path":"$.data"},"pagination":{"type":"page","size":4,"inject":{"page":{"in":"query","name":"page"}}},"incremental":{"cursor":"$.at","formats":["epoch_ms"],"order":"desc","client_filter":true}}}}"#);
    let newest = Arc::new(Mutex::new(40));
    let (known, requests) = (Arc::clone(&newest), Arc::new(Mutex::new(0)));
    let world = World::of(move |request| {
        let (mut newest, mut requests) = (known.lock().unwrap(), requests.lock().unwrap());
        *requests += 1;
        // A page of new ones comes after the second request and after the eighth.
        *newest += if [3, 9].contains(&*requests) { 4 } else { 0 };
        let rows: Vec<_> = (1..=*newest).rev().map(|id| (id, NOW - HOUR + id)).collect();
        answer(200, &shown(&rows, usize::try_from(given(request, "page").unwrap() - 1).unwrap() * 4, 4))
    });
    let (mut told, mut cursor) = (BTreeSet::new(), None);
    for run in 0..6 {
        let none = config(&[]);
        let source = running(&definition).source.unwrap();
        loop {
            match source.page(Call::new(&none, &world, NOW + run * HOUR), "o", cursor.as_deref()).await {
                Ok(page) => {
                    told.extend(page.changes.iter().map(|change| change.external_id.parse::<i64>().unwrap()));
                    cursor = Some(page.cursor);
                    if page.done {
                        break;
                    }
                }
                Err(fault) => {
                    assert_eq!(fault.code, "cursor_loop");
                    break;
                }
            }
        }
    }
    assert_eq!(told, (1..=*newest.lock().unwrap()).collect());
}

#[tokio::test]
async fn a_listing_that_is_open_on_the_other_side_is_read_by_one_process_or_opened_anew() {
    let scroll = definition(
        r#""entities":{"thing":{"read":{"request":{"method":"POST","url":"/next","body":{"json":{}}},"records":{"path":"$.hits"},"pagination":{"type":"scroll","from":"$.id","open":{"method":"POST","url":"/open"},"inject":{"cursor":{"in":"body","pointer":"/id"}}}}}}"#,
    );
    // Each request moves the listing on by four, be its answer lost; whoever names its place in the id is gone on with anywhere.
    for (lost, placed) in [(None, false), (Some(3), false), (Some(3), true), (None, true)] {
        let (mut at, mut requests) = (0, 0);
        let world = World::of(move |request| {
            let asked: Option<i64> = request.body.as_deref().and_then(|body| document::parse_str(std::str::from_utf8(body).unwrap()).unwrap().get("id")?.as_str()?.trim_start_matches('s').parse().ok());
            if request.url.path() == "/open" {
                at = 0;
            } else if placed {
                at = asked.unwrap();
            }
            at += 4;
            requests += 1;
            if Some(requests) == lost {
                return Err(engine::ExchangeError::Unanswered);
            }
            let rows: Vec<String> = (at - 3..=at).filter(|id| *id <= 14).map(|id| format!(r#"{{"id":{id}}}"#)).collect();
            answer(200, &format!(r#"{{"id":"s{}","hits":[{}]}}"#, if placed { at } else { 0 }, rows.join(",")))
        });
        let none = config(&[]);
        let (mut told, mut cursor) = (BTreeSet::new(), None);
        let mut source = running(&scroll).source.unwrap();
        for page in 0..30 {
            let read = source.page(Call::new(&none, &world, NOW), "thing", cursor.as_deref()).await.unwrap();
            told.extend(read.changes.iter().map(|change| change.external_id.parse::<i64>().unwrap()));
            cursor = Some(read.cursor);
            if read.done {
                break;
            }
            if page == 1 {
                // The process ends, and with it the page it had asked for.
                let _lost = source.page(Call::new(&none, &world, NOW), "thing", cursor.as_deref()).await;
                source = running(&scroll).source.unwrap();
            }
        }
        assert_eq!(told, (1..=14).collect(), "{lost:?} {placed}: {:?}", world.lines());
    }
}

#[tokio::test]
async fn a_cursor_of_a_listing_that_is_asked_for_otherwise_begins_it_anew_and_marks_of_another_kind_count_for_nothing() {
    let of = |size: usize, pages: &str, cursor: &str| {
        definition(&format!(r#""entities":{{"o":{{"read":{{"request":{{"url":"/o","params":{{"size":{size}}}}},"records":{{"path":"$.data"}},"pagination":{{"type":"{pages}","inject":{{"{pages}":{{"in":"query","name":"{pages}"}}}}}},"incremental":{{{cursor},"order":"unknown","inject":{{"start":{{"in":"query","name":"from"}}}}}}}}}}}}"#))
    };
    let (times, numbers) = (r#""cursor":"$.at","formats":["epoch_ms"]"#, r#""cursor":"$.id","type":"integer""#);
    for (first, stop, then) in [
        (of(4, "page", times), 7, of(50, "page", times)), (of(10, "offset", times), 3, of(10, "page", times)), (of(10, "page", times), 0, of(10, "page", numbers)), (of(50, "page", times), 2, of(50, "page", numbers)),
    ] {
        let rows: Vec<(i64, i64)> = (1..=100).map(|id| (id, NOW - HOUR + id)).collect();
        let world = World::of(move |request| {
            let size = given(request, "size").unwrap();
            let skip = given(request, "offset").unwrap_or_else(|| (given(request, "page").unwrap_or(1) - 1) * size);
            let by_id = given(request, "from").is_some_and(|from| from < 1_000_000);
            let found: Vec<_> = rows.iter().copied().filter(|(id, at)| given(request, "from").is_none_or(|from| if by_id { *id >= from } else { *at >= from })).collect();
            answer(200, &shown(&found, usize::try_from(skip).unwrap(), usize::try_from(size).unwrap()))
        });
        let none = config(&[]);
        let (mut told, mut cursor) = (BTreeSet::new(), None);
        for page in 0..200 {
            let definition = if page < stop { &first } else { &then };
            let read = running(definition).source.unwrap().page(Call::new(&none, &world, NOW), "o", cursor.as_deref()).await.unwrap();
            told.extend(read.changes.iter().map(|change| change.external_id.parse::<i64>().unwrap()));
            cursor = Some(read.cursor);
            if read.done && page > stop {
                break;
            }
        }
        assert_eq!(told, (1..=100).collect(), "{then}");
        // What the new one has read, the next run knows.
        let (again, _) = Run { now_ms: NOW + HOUR, ..Run::new(&then, "o") }.read(&world, cursor.as_deref()).await.unwrap();
        assert!(again.is_empty(), "{again:?}");
    }
}
