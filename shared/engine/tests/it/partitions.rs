//! Marks of partitions: one for each or one for all, and what becomes of more than are kept.

use std::sync::{Arc, Mutex};

use crate::{script::{NOW, answer, config}, world::{Run, World, definition}};

const DAY: i64 = 86_400_000;

/// Partitions whose records are given by a function of partition and number.
fn partitions(count: usize, state: &str) -> String {
    definition(&format!(
        r#""entities":{{"thing":{{"read":{{"fan_out":[{{"as":"p","values":{{"from":1,"to":{count}}}}}],"request":{{"url":"/p/{{{{ parent.p.value }}}}"}},"records":{{"path":"$.data"}},
        "incremental":{{"cursor":"$.at","formats":["epoch_ms"],"inject":{{"start":{{"in":"query","name":"from"}}}}{state}}}}}}}}}"#
    ))
}

fn partitioned(records: Arc<Mutex<Vec<(String, i64)>>>) -> World {
    World::of(move |request| {
        let from = request.url.query_pairs().find_map(|(key, value)| (key == "from").then(|| value.parse::<i64>().unwrap())).unwrap_or(0);
        let part = format!("{}.", request.url.path().trim_start_matches("/p/"));
        let found: Vec<String> = records.lock().unwrap().iter().filter(|(id, at)| id.starts_with(&part) && *at >= from).map(|(id, at)| format!(r#"{{"id":"{id}","at":{at}}}"#)).collect();
        answer(200, &format!(r#"{{"data":[{}]}}"#, found.join(",")))
    })
}

#[tokio::test]
async fn each_partition_is_asked_from_its_own_mark_or_all_from_one() {
    for (state, asked) in [("", [Some(NOW - 10 * DAY - 300_000), Some(NOW - DAY - 300_000), None]), (r#","state":"global""#, [Some(NOW - DAY - 300_000); 3])] {
        let records = Arc::new(Mutex::new(vec![("1.1".to_owned(), NOW - 10 * DAY), ("2.1".to_owned(), NOW - DAY)]));
        let world = partitioned(Arc::clone(&records));
        for anew in [false, true] {
            let definition = partitions(3, state);
            let run = Run { anew, ..Run::new(&definition, "thing") };
            let (_, cursor) = run.read(&world, None).await.unwrap();
            world.lines();
            let (ids, _) = run.read(&world, Some(&cursor)).await.unwrap();
            assert_eq!(ids, Vec::<String>::new());
            let lines: Vec<String> = asked.iter().zip(1..).map(|(from, p)| format!("GET /p/{p}{}", from.map(|from| format!("?from={from}")).unwrap_or_default())).collect();
            assert_eq!(world.lines(), lines);
        }
    }
}

#[tokio::test]
async fn one_mark_for_all_does_not_pass_what_changed_in_a_partition_that_was_already_read() {
    let definition = partitions(2, r#","state":"global","lookback":"PT0S""#);
    let records = Arc::new(Mutex::new(vec![("1.1".to_owned(), NOW - 1000), ("2.1".to_owned(), NOW - 1000)]));
    let world = partitioned(Arc::clone(&records));
    let source = crate::script::running(&definition).source.unwrap();
    let none = config(&[]);
    let at = |minutes: i64| engine::Call::new(&none, &world, NOW + minutes * 60_000);
    let first = source.page(at(0), "thing", None).await.unwrap();
    // An hour later the second partition is read; both have changed meanwhile.
    records.lock().unwrap().extend([("1.2".to_owned(), NOW + 30 * 60_000), ("2.2".to_owned(), NOW + 40 * 60_000)]);
    let mut last = source.page(at(60), "thing", Some(&first.cursor)).await.unwrap();
    while !last.done {
        last = source.page(at(60), "thing", Some(&last.cursor)).await.unwrap();
    }
    let (ids, _) = Run { now_ms: NOW + 61 * 60_000, ..Run::new(&definition, "thing") }.read(&world, Some(&last.cursor)).await.unwrap();
    assert_eq!(ids, ["1.2"]);
}

/// A cursor of so many partitions `0.`, `1.` … that were read, with so many records near each mark.
fn read_before(parts: i64, near: i64) -> String {
    let known = |p: i64| (0..near).map(|n| format!(r#"[{},"{:016x}"]"#, NOW - p * DAY, p * 1000 + n)).collect::<Vec<_>>().join(",");
    let marks: Vec<String> = (0..parts).map(|p| format!(r#""part{p}":{{"v":{},"t":"{}","known":[{}]}}"#, NOW - p * DAY, NOW - p * DAY, known(p))).collect();
    format!(r#"{{"marks":{{{}}}}}"#, marks.join(","))
}

fn listed(parts: &str) -> String {
    partitions(1, "").replace(r#"{"from":1,"to":1}"#, parts)
}

#[tokio::test]
async fn more_than_a_thousand_partitions_share_one_mark_and_lose_nothing() {
    // Those beyond have older records than any mark; they are read from their beginning.
    let all = [("part5.1", NOW - 5 * DAY + 1), ("x.1", NOW - 5_000 * DAY), ("y.1", NOW - 9_000 * DAY), ("y.2", NOW - 1)];
    let records = Arc::new(Mutex::new(all.map(|(id, at)| (id.to_owned(), at)).to_vec()));
    let world = partitioned(Arc::clone(&records));
    let definition = listed(r#"["part5","x","part999","y"]"#);
    for anew in [false, true] {
        records.lock().unwrap().truncate(4);
        let run = |now_ms| Run { now_ms, anew, ..Run::new(&definition, "thing") };
        let (ids, cursor) = run(NOW).read(&world, Some(&read_before(1_000, 1))).await.unwrap();
        assert_eq!(ids, ["part5.1", "x.1", "y.1", "y.2"]);
        assert!(cursor.len() < 8_000, "{}", cursor.len());
        assert_eq!(run(NOW + DAY).read(&world, Some(&cursor)).await.unwrap().0, Vec::<String>::new());
        // What came while the others were read lies behind the one mark.
        records.lock().unwrap().extend([("part5.2".to_owned(), NOW + 1), ("part999.2".to_owned(), NOW), ("y.3".to_owned(), NOW + DAY)]);
        let (ids, cursor) = run(NOW + 2 * DAY).read(&world, Some(&cursor)).await.unwrap();
        assert_eq!(ids, ["part5.2", "part999.2", "y.3"]);
        assert_eq!(run(NOW + 3 * DAY).read(&world, Some(&cursor)).await.unwrap().0, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_thousand_partitions_with_many_records_near_their_marks_fit_into_a_row() {
    let world = partitioned(Arc::new(Mutex::new(vec![("x.1".to_owned(), NOW)])));
    let definition = listed(r#"["x"]"#);
    let (ids, cursor) = Run::new(&definition, "thing").read(&world, Some(&read_before(999, 100))).await.unwrap();
    assert_eq!(ids, ["x.1"]);
    assert!(cursor.contains("part998") && cursor.len() < 200_000, "{}", cursor.len());
}
