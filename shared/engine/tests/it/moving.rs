//! Numbered pages of a listing that moves while it is read: whatever changes, and between whichever two requests, nothing is passed over.

use std::{collections::BTreeMap, sync::{Arc, Mutex}};

use crate::{script::{NOW, answer, config}, world::{World, definition}};

/// Records, and how many a page holds.
const RECORDS: i64 = 14;
const SIZE: usize = 3;

/// How a source takes the start it is asked from.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Start {
    Inclusive,
    Exclusive,
    /// It looks at the day alone.
    ByDay,
    /// It shows everything.
    Ignored,
}

/// A listing sorted by change, of which a record changes before one request; what is asked behind the end is not there.
fn source(start: Start, same: bool, touched: i64, before: usize) -> (World, Arc<Mutex<BTreeMap<i64, i64>>>) {
    let records = Arc::new(Mutex::new((1..=RECORDS).map(|id| (id, NOW - 9_000_000 + if same { 0 } else { id * 1_000 })).collect::<BTreeMap<_, _>>()));
    let (shown, mut requests) = (Arc::clone(&records), 0);
    let world = World::of(move |request| {
        let given = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse::<i64>().unwrap()));
        let mut records = shown.lock().unwrap();
        if requests == before {
            records.insert(touched, NOW + 1_000);
        }
        requests += 1;
        let from = given("from").unwrap_or(i64::MIN);
        let wanted = |at: i64| match start {
            Start::Inclusive => at >= from,
            Start::Exclusive => at > from,
            Start::ByDay => at.div_euclid(86_400_000) >= from.div_euclid(86_400_000),
            Start::Ignored => true,
        };
        let mut found: Vec<_> = records.iter().map(|(id, at)| (*at, *id)).filter(|(at, _)| wanted(*at) && given("to").is_none_or(|to| *at < to)).collect();
        found.sort_unstable();
        let skip = given("skip").unwrap_or_else(|| (given("page").unwrap_or(1) - 1) * i64::try_from(SIZE).unwrap());
        let rows: Vec<String> = found.iter().skip(usize::try_from(skip).unwrap()).take(SIZE).map(|(at, id)| format!(r#"{{"id":{id},"at":{at}}}"#)).collect();
        let next = (usize::try_from(skip).unwrap() + SIZE < found.len()).then(|| {
            let mut url = request.url.clone();
            let others: Vec<_> = request.url.query_pairs().filter(|(name, _)| name != "page").map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
            url.query_pairs_mut().clear().extend_pairs(others).append_pair("page", &(given("page").unwrap_or(1) + 1).to_string());
            format!(r#","next":"{url}""#)
        });
        answer(200, &format!(r#"{{"data":[{}],"total":{}{}}}"#, rows.join(","), found.len(), next.unwrap_or_default()))
    });
    (world, records)
}

const PAGE: &str = r#"{"type":"page","inject":{"page":{"in":"query","name":"page"}}}"#;
const OFFSET: &str = r#"{"type":"offset","size":3,"inject":{"offset":{"in":"query","name":"skip"}},"stop":{"when":["short"]}}"#;
/// The source shows three, whatever it is asked for.
const CAPPED: &str = r#"{"type":"page","size":100,"inject":{"page":{"in":"query","name":"page"}}}"#;
const TOTAL: &str = r#"{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"total":"$.total"}}"#;
const NEXT: &str = r#"{"type":"next_url","from":"$.next"}"#;
const ASC: &str = r#""order":"asc","inject":{"start":{"in":"query","name":"from"}}"#;
const WINDOW: &str = r#""inject":{"start":{"in":"query","name":"from"},"end":{"in":"query","name":"to"}}"#;
const NOTHING_BACK: &str = r#""lookback":"PT0S","#;

#[test]
fn whatever_changes_while_numbered_pages_are_read_nothing_is_passed_over() {
    for (pages, incremental, back, start, same) in [
        (PAGE, ASC, NOTHING_BACK, Start::Inclusive, false), (PAGE, ASC, NOTHING_BACK, Start::Inclusive, true), (PAGE, ASC, "", Start::Inclusive, false), (PAGE, ASC, "", Start::Exclusive, false), (PAGE, ASC, "", Start::Exclusive, true),
        (PAGE, ASC, "", Start::ByDay, false), (PAGE, ASC, "", Start::Ignored, false), (OFFSET, ASC, NOTHING_BACK, Start::Inclusive, false), (OFFSET, ASC, NOTHING_BACK, Start::Inclusive, true), (OFFSET, ASC, "", Start::Ignored, true),
        (CAPPED, ASC, "", Start::Inclusive, false), (CAPPED, ASC, "", Start::Inclusive, true),
        (TOTAL, ASC, NOTHING_BACK, Start::Inclusive, false), (TOTAL, ASC, "", Start::Exclusive, true), (NEXT, ASC, NOTHING_BACK, Start::Inclusive, false), (NEXT, ASC, "", Start::Exclusive, false),
        // In no order that is told: the total tells that a record has left the window.
        (TOTAL, WINDOW, NOTHING_BACK, Start::Inclusive, false), (TOTAL, WINDOW, "", Start::Inclusive, true),
    ] {
        let definition = definition(&format!(
            r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things","params":{{"size":3}}}},"records":{{"path":"$.data"}},"pagination":{pages},"incremental":{{"cursor":"$.at","formats":["epoch_ms"],{back}{incremental}}}}}}}}}"#
        ));
        let connector = Arc::new(connector::Draft::parse(&definition).unwrap().check().into_checked().unwrap());
        for (touched, before) in (1..=RECORDS).step_by(4).flat_map(|touched| (0..12).map(move |before| (touched, before))) {
            let case = format!("{pages} {incremental} {back} {start:?}, same: {same}, {touched} before request {before}");
            let (world, records) = source(start, same, touched, before);
            let told = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(thrice(&connector, &world));
            let lost: Vec<_> = records.lock().unwrap().clone().into_iter().filter(|(id, at)| told.get(id) != Some(at)).collect();
            assert_eq!(lost, [], "{case}: {:?}", world.lines());
        }
    }
}

/// The last that three runs tell of each record. Each page is read by a process of its own, some time after the one before.
async fn thrice(connector: &Arc<connector::Connector>, world: &World) -> BTreeMap<i64, i64> {
    let (none, mut told, mut cursor) = (config(&[]), BTreeMap::new(), None);
    for began in [NOW, NOW + 3_600_000, NOW + 7_200_000] {
        for page in 0..100 {
            let call = engine::Call::new(&none, world, began + page * 60_000);
            let read = engine::dynamic(Arc::clone(connector)).unwrap().source.unwrap().page(call, "thing", cursor.as_deref()).await.unwrap();
            let number = |value: &document::Value, name: &str| value.get(name).and_then(document::Value::as_i64).unwrap();
            told.extend(read.changes.iter().map(|change| (number(&change.payload, "id"), number(&change.payload, "at"))));
            cursor = Some(read.cursor);
            if read.done {
                break;
            }
        }
    }
    told
}

#[tokio::test]
async fn a_listing_that_stands_still_costs_one_request_a_page_and_tells_nothing_twice() {
    for (incremental, same, requests) in [
        // Each first page begins with the last record of the one before: fourteen records are six pages of three, and one that is empty but for it.
        (ASC, false, ["size=3&page=1", "size=3&page=1&from=1769841103000", "size=3&page=1&from=1769841105000", "size=3&page=1&from=1769841107000", "size=3&page=1&from=1769841109000", "size=3&page=1&from=1769841111000", "size=3&page=1&from=1769841113000"].as_slice()),
        // One time fills the pages: they are numbered, and each is looked at again.
        (ASC, true, &["size=3&page=1", "size=3&page=1&from=1769841100000", "size=3&page=2&from=1769841100000", "size=3&page=1&from=1769841100000", "size=3&page=3&from=1769841100000", "size=3&page=2&from=1769841100000", "size=3&page=4&from=1769841100000", "size=3&page=3&from=1769841100000", "size=3&page=5&from=1769841100000", "size=3&page=4&from=1769841100000"]),
        (WINDOW, false, &["size=3&page=1", "size=3&page=2", "size=3&page=3", "size=3&page=4", "size=3&page=5"]),
    ] {
        let definition = definition(&format!(
            r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things","params":{{"size":3}}}},"records":{{"path":"$.data"}},"pagination":{TOTAL},"incremental":{{"cursor":"$.at","formats":["epoch_ms"],{NOTHING_BACK}{incremental}}}}}}}}}"#
        ));
        let (world, _) = source(Start::Inclusive, same, 1, usize::MAX);
        let (ids, _) = crate::world::Run::new(&definition, "thing").read(&world, None).await.unwrap();
        assert_eq!(ids, (1..=RECORDS).map(|id| id.to_string()).collect::<Vec<_>>(), "{incremental} {same}");
        let asked: Vec<String> = world.lines().iter().map(|line| line.split_once('?').map(|(_, query)| query.replace("&to=1769850100000", "")).unwrap_or_default()).collect();
        assert_eq!(asked, *requests, "{incremental} {same}");
    }
}
