//! The hour that comes twice: where times are told without their offset, what changes in its second pass is found all the same.

use std::sync::{Arc, Mutex};

use crate::{script::{NOW, answer}, world::{Run, World, definition}};

#[tokio::test]
async fn a_start_in_an_hour_that_comes_twice_or_behind_it_goes_back_to_where_the_hour_began() {
    // In 2026 the clocks of Stockholm went from 03:00 back to 02:00 on 25 October, at 01:00 in UTC.
    // The start lies a second before the mark.
    for (format, zone, mark, from) in [
        ("%Y-%m-%d %H:%M:%S", "Europe/Stockholm", "2026-10-25T00:00:00Z", "2026-10-25 01:59:59"), ("%Y-%m-%d %H:%M:%S", "Europe/Stockholm", "2026-10-25T00:00:01Z", "2026-10-25 02:00:00"),
        ("%Y-%m-%d %H:%M:%S", "Europe/Stockholm", "2026-10-25T00:30:01Z", "2026-10-25 02:00:00"), ("%Y-%m-%d %H:%M:%S", "Europe/Stockholm", "2026-10-25T01:30:01Z", "2026-10-25 02:00:00"),
        ("%Y-%m-%d %H:%M:%S", "Europe/Stockholm", "2026-10-25T03:00:00Z", "2026-10-25 02:00:00"), ("%Y-%m-%d %H:%M:%S", "Europe/Stockholm", "2026-10-25T03:00:01Z", "2026-10-25 04:00:00"),
        // Where clocks are put forward no hour is told twice, nor where the offset is told, nor where there are no such hours.
        ("%Y-%m-%d %H:%M:%S", "Europe/Stockholm", "2026-03-29T01:30:01Z", "2026-03-29 03:30:00"), ("%Y-%m-%dT%H:%M:%S%:z", "Europe/Stockholm", "2026-10-25T00:30:01Z", "2026-10-25T02:30:00+02:00"),
        ("iso8601", "Europe/Stockholm", "2026-10-25T01:30:01Z", "2026-10-25T02:30:00+01:00"), ("epoch_s", "Europe/Stockholm", "2026-10-25T00:30:01Z", "1792888200"), ("%Y-%m-%d %H:%M:%S", "UTC", "2026-10-25T00:30:01Z", "2026-10-25 00:30:00"),
        ("%Y-%m-%d %H:%M", "Australia/Lord_Howe", "2026-04-04T15:10:01Z", "2026-04-05 01:30"), ("%Y-%m-%d %H:%M", "Australia/Lord_Howe", "2026-04-04T16:00:01Z", "2026-04-05 02:30"),
    ] {
        let definition = definition(&format!(
            r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things"}},"incremental":{{"cursor":"$.at","zone":"{zone}","lookback":"PT0S","inject":{{"start":{{"in":"query","name":"from","format":"{format}"}}}}}}}}}}}}"#
        ));
        let world = World::of(move |_| answer(200, &format!(r#"[{{"id":1,"at":"{mark}"}}]"#)));
        let run = Run { now_ms: LATER, ..Run::new(&definition, "thing") };
        let (_, cursor) = run.read(&world, None).await.unwrap();
        assert_eq!(run.read(&world, Some(&cursor)).await.unwrap().0, Vec::<String>::new(), "{format} {mark}");
        let asked = world.sent()[1].url.query_pairs().find_map(|(name, value)| (name == "from").then(|| value.into_owned()));
        assert_eq!(asked.as_deref(), Some(from), "{format} {zone} {mark}");
    }
}

/// After the changes of the clock of 2026.
const LATER: i64 = NOW + 330 * 86_400_000;

#[tokio::test]
async fn what_changes_in_the_second_pass_of_an_hour_is_found_and_told_once() {
    for more in ["", r#","client_filter":true"#, r#","order":"desc""#, r#","order":"asc""#] {
        let definition = definition(&format!(
            r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things"}},"incremental":{{"cursor":"$.at","formats":["%Y-%m-%d %H:%M"],"zone":"Europe/Stockholm","lookback":"PT0S"{more},"inject":{{"start":{{"in":"query","name":"from"}}}}}}}}}}}}"#
        ));
        // As texts, which is how such a source compares them.
        let records = Arc::new(Mutex::new(vec![(1, "2026-10-25 02:05"), (2, "2026-10-25 02:30")]));
        let shown = Arc::clone(&records);
        let world = World::of(move |request| {
            let from = request.url.query_pairs().find_map(|(name, value)| (name == "from").then(|| value.into_owned())).unwrap_or_default();
            let mut found: Vec<_> = shown.lock().unwrap().iter().filter(|(_, at)| **at >= *from).copied().collect();
            found.sort_by_key(|(_, at)| *at);
            if more.contains("desc") {
                found.reverse();
            }
            answer(200, &format!("[{}]", found.iter().map(|(id, at)| format!(r#"{{"id":{id},"at":"{at}"}}"#)).collect::<Vec<_>>().join(",")))
        });
        let run = Run { now_ms: LATER, ..Run::new(&definition, "thing") };
        let (_, mut cursor) = run.read(&world, None).await.unwrap();
        for (added, expected) in [(None, vec![]), (Some((3, "2026-10-25 02:10")), vec!["3"]), (None, vec![]), (Some((4, "2026-10-25 03:20")), vec!["4"]), (Some((5, "2026-10-25 02:50")), vec!["5"]), (None, vec![]), (Some((6, "2026-10-25 04:00")), vec!["6"])] {
            records.lock().unwrap().extend(added);
            let (ids, next) = run.read(&world, Some(&cursor)).await.unwrap();
            assert_eq!(ids, expected, "{more} {added:?}");
            cursor = next;
        }
    }
}
