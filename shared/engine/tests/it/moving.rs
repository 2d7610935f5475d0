//! Numbered pages of a listing that moves while it is read: whatever changes, and between whichever two requests, nothing is passed over.

use std::{collections::BTreeMap, sync::{Arc, Mutex}};

use crate::{script::{NOW, answer, config}, world::{World, definition}};

/// Records, and how many a page holds.
const RECORDS: i64 = 14;
const SIZE: usize = 4;

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

/// How many records share one time.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Apart {
    Each,
    Threes,
    Same,
}

impl Apart {
    fn of(self, id: i64) -> i64 {
        match self {
            Apart::Each => id,
            Apart::Threes => id / 3,
            Apart::Same => 0,
        }
    }
}

/// What happens to a record.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    /// It changes.
    Changes,
    /// It leaves, and another comes: the total stays.
    Leaves,
}

/// How a listing is sorted.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sorted {
    Oldest,
    Newest,
    ById,
}

/// A listing of which a record changes or leaves before one request; what is asked behind the end is not there.
fn source(start: Start, apart: Apart, sorted: Sorted, (touched, fate, before): (i64, Fate, usize)) -> (World, Arc<Mutex<BTreeMap<i64, i64>>>) {
    let records = Arc::new(Mutex::new((1..=RECORDS).map(|id| (id, NOW - 9_000_000 + apart.of(id) * 1_000)).collect::<BTreeMap<_, _>>()));
    let (shown, mut requests) = (Arc::clone(&records), 0);
    let world = World::of(move |request| {
        let given = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse::<i64>().unwrap()));
        let mut records = shown.lock().unwrap();
        if requests == before {
            let id = if fate == Fate::Leaves { RECORDS + 1 } else { touched };
            records.remove(&touched);
            records.insert(id, NOW + 1_000);
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
        match sorted {
            Sorted::Oldest => found.sort_unstable(),
            Sorted::Newest => found.sort_unstable_by(|one, other| other.cmp(one)),
            Sorted::ById => found.sort_unstable_by_key(|(_, id)| *id),
        }
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
const OFFSET: &str = r#"{"type":"offset","size":4,"inject":{"offset":{"in":"query","name":"skip"}},"stop":{"when":["short"]}}"#;
/// The source shows four, whatever it is asked for.
const CAPPED: &str = r#"{"type":"page","size":100,"inject":{"page":{"in":"query","name":"page"}}}"#;
const TOTAL: &str = r#"{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"total":"$.total"}}"#;
const NEXT: &str = r#"{"type":"next_url","from":"$.next"}"#;
const ASC: &str = r#""order":"asc","inject":{"start":{"in":"query","name":"from"}}"#;
const UNTOLD: &str = r#""order":"unknown","inject":{"start":{"in":"query","name":"from"}}"#;
const DESC: &str = r#""order":"desc","inject":{"start":{"in":"query","name":"from"}}"#;
const WINDOW: &str = r#""inject":{"start":{"in":"query","name":"from"},"end":{"in":"query","name":"to"}}"#;
const NOTHING_BACK: &str = r#""lookback":"PT0S","#;
const INTEGER: &str = r#""type":"integer","#;

#[test]
fn whatever_changes_while_numbered_pages_are_read_nothing_is_passed_over() {
    for (pages, incremental, back, start, apart) in [
        // In no order of time, or the newest first: each page is looked at again.
        (PAGE, UNTOLD, NOTHING_BACK, Start::Inclusive, Apart::Each), (TOTAL, UNTOLD, NOTHING_BACK, Start::Exclusive, Apart::Threes), (OFFSET, UNTOLD, "", Start::Ignored, Apart::Each), (NEXT, UNTOLD, NOTHING_BACK, Start::Inclusive, Apart::Same),
        (PAGE, DESC, NOTHING_BACK, Start::Inclusive, Apart::Each), (TOTAL, DESC, NOTHING_BACK, Start::Ignored, Apart::Threes), (OFFSET, DESC, "", Start::Exclusive, Apart::Each), (NEXT, DESC, NOTHING_BACK, Start::Ignored, Apart::Each), (PAGE, DESC, INTEGER, Start::Inclusive, Apart::Each),
        (PAGE, ASC, NOTHING_BACK, Start::Inclusive, Apart::Each), (PAGE, ASC, NOTHING_BACK, Start::Inclusive, Apart::Same), (PAGE, ASC, "", Start::Inclusive, Apart::Each), (PAGE, ASC, "", Start::Exclusive, Apart::Each), (PAGE, ASC, "", Start::Exclusive, Apart::Same),
        (PAGE, ASC, "", Start::ByDay, Apart::Each), (PAGE, ASC, "", Start::Ignored, Apart::Each), (OFFSET, ASC, NOTHING_BACK, Start::Inclusive, Apart::Each), (OFFSET, ASC, NOTHING_BACK, Start::Inclusive, Apart::Same), (OFFSET, ASC, "", Start::Ignored, Apart::Same),
        (CAPPED, ASC, "", Start::Inclusive, Apart::Each), (CAPPED, ASC, "", Start::Inclusive, Apart::Same),
        (TOTAL, ASC, NOTHING_BACK, Start::Inclusive, Apart::Each), (TOTAL, ASC, "", Start::Exclusive, Apart::Same), (NEXT, ASC, NOTHING_BACK, Start::Inclusive, Apart::Each), (NEXT, ASC, "", Start::Exclusive, Apart::Each),
        // Whoever takes the start as the last that does not count.
        (PAGE, ASC, NOTHING_BACK, Start::Exclusive, Apart::Each), (PAGE, ASC, NOTHING_BACK, Start::Exclusive, Apart::Threes), (OFFSET, ASC, NOTHING_BACK, Start::Exclusive, Apart::Threes), (NEXT, ASC, NOTHING_BACK, Start::Exclusive, Apart::Threes),
        (PAGE, ASC, NOTHING_BACK, Start::Exclusive, Apart::Same), (PAGE, ASC, INTEGER, Start::Exclusive, Apart::Threes), (TOTAL, ASC, INTEGER, Start::Exclusive, Apart::Threes), (PAGE, ASC, INTEGER, Start::Inclusive, Apart::Threes),
        // In no order that is told: the total tells that a record has left the window.
        (TOTAL, WINDOW, NOTHING_BACK, Start::Inclusive, Apart::Each), (TOTAL, WINDOW, "", Start::Inclusive, Apart::Same),
    ] {
        let definition = definition(&format!(
            r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things","params":{{"size":4}}}},"records":{{"path":"$.data"}},"pagination":{pages},"incremental":{{"cursor":"$.at",{}{incremental}}}}}}}}}"#,
            if back == INTEGER { back.to_owned() } else { format!(r#""formats":["epoch_ms"],{back}"#) }
        ));
        let connector = Arc::new(connector::Draft::parse(&definition).unwrap().check().into_checked().unwrap());
        let sorted = if incremental == DESC { Sorted::Newest } else if incremental == UNTOLD { Sorted::ById } else { Sorted::Oldest };
        // Whatever happens, it happens in the first run: of the newest first the second one reads less.
        let requests = if sorted == Sorted::Oldest { 12 } else { 7 };
        for (touched, fate, before) in (1..=RECORDS).step_by(4).flat_map(|touched| (0..requests).map(move |before| (touched, before))).flat_map(|(touched, before)| [(touched, Fate::Changes, before), (touched, Fate::Leaves, before)]) {
            let case = format!("{pages} {incremental} {back} {start:?}, {apart:?}, {touched} {fate:?} before request {before}");
            let (world, records) = source(start, apart, sorted, (touched, fate, before));
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
async fn of_a_listing_that_stands_still_nothing_is_told_twice_and_only_pages_in_no_order_are_asked_for_twice() {
    for (incremental, apart, requests) in [
        // Each first page begins with the last two records of the one before: the last of fourteen records is on the sixth page.
        (ASC, Apart::Each, ["size=4&page=1", "size=4&page=1&from=1769841103000", "size=4&page=1&from=1769841105000", "size=4&page=1&from=1769841107000", "size=4&page=1&from=1769841109000", "size=4&page=1&from=1769841111000"].as_slice()),
        // One time fills the pages: they are numbered, and each is looked at again.
        (ASC, Apart::Same, &["size=4&page=1", "size=4&page=1&from=1769841099000", "size=4&page=2&from=1769841099000", "size=4&page=1&from=1769841099000", "size=4&page=3&from=1769841099000", "size=4&page=2&from=1769841099000", "size=4&page=4&from=1769841099000", "size=4&page=3&from=1769841099000"]),
        // In no order that is told each page is looked at again.
        (WINDOW, Apart::Each, &["size=4&page=1", "size=4&page=2", "size=4&page=1", "size=4&page=3", "size=4&page=2", "size=4&page=4", "size=4&page=3"]),
    ] {
        let definition = definition(&format!(
            r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things","params":{{"size":4}}}},"records":{{"path":"$.data"}},"pagination":{TOTAL},"incremental":{{"cursor":"$.at","formats":["epoch_ms"],{NOTHING_BACK}{incremental}}}}}}}}}"#
        ));
        let (world, _) = source(Start::Inclusive, apart, Sorted::Oldest, (1, Fate::Changes, usize::MAX));
        let (ids, _) = crate::world::Run::new(&definition, "thing").read(&world, None).await.unwrap();
        assert_eq!(ids, (1..=RECORDS).map(|id| id.to_string()).collect::<Vec<_>>(), "{incremental} {apart:?}");
        let asked: Vec<String> = world.lines().iter().map(|line| line.split_once('?').map(|(_, query)| query.replace("&to=1769850100000", "")).unwrap_or_default()).collect();
        assert_eq!(asked, *requests, "{incremental} {apart:?}");
    }
}

#[tokio::test]
async fn what_changes_faster_than_it_is_read_ends_the_run_and_is_read_by_the_next() {
    for pages in [PAGE, OFFSET, TOTAL, NEXT] {
        let definition = definition(&format!(
            r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things","params":{{"size":4}}}},"records":{{"path":"$.data"}},"pagination":{pages},"incremental":{{"cursor":"$.at","formats":["epoch_ms"],{ASC}}}}}}}}}"#
        ));
        let (world, records) = source(Start::Inclusive, Apart::Each, Sorted::Oldest, (1, Fate::Changes, usize::MAX));
        // Three seconds apart, from when the first run begins: the clock of the source is ahead.
        records.lock().unwrap().iter_mut().for_each(|(id, at)| *at = NOW + id * 3_000);
        let (mut told, mut cursor, mut requests) = (Vec::new(), None, 0);
        for run in 0..4 {
            let (ids, next) = crate::world::Run { now_ms: NOW + run * 20_000, ..crate::world::Run::new(&definition, "thing") }.read(&world, cursor.as_deref()).await.unwrap();
            told.extend(ids);
            cursor = Some(next);
            requests += world.lines().len();
        }
        let mut once: Vec<i64> = told.iter().map(|id| id.parse().unwrap()).collect();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once, (1..=RECORDS).collect::<Vec<_>>(), "{pages}");
        assert!(requests < 40, "{pages}: {requests}");
    }
}
