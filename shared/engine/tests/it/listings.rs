//! Where the pages of a snapshot stand in their listings, and what is left of a listing that is read again.

use std::{collections::VecDeque, sync::Arc};

use canonical::Key;
use engine::{Call, Config, Gathered, Standing};

use crate::{script::{NOW, answer, running}, world::World};

/// A scan of stock, with what its read says beside the request; `scan` is what the snapshot says beside its entity.
fn definition(read: &str, scan: &str) -> String {
    let url = if read.contains("fan_out") { "/stock/{{ parent.place.value }}" } else { "/stock" };
    format!(
        r#"{{"metadata":{{"slug":"a","type":"source"}},"base_url":"https://api.test","entities":{{"stock":{{"read":{{"request":{{"url":"{url}"}},"records":{{"path":"$.data","primary_key":"$.sku"}}{read}}}}},
        "place":{{"read":{{"request":{{"url":"/places"}},"records":{{"path":"$.data"}}}}}}}},"canonical_map":{{"stock":{{"type":"stocklevel","key":"$.sku","fields":{{"sku":"$.sku","quantity":"$.n"}}}}}},"snapshot":{{"stocklevel":{{"entity":"stock"{scan}}}}}}}"#
    )
}

const TOTAL: &str = r#","pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"total":"$.total"}}"#;
const CURSOR: &str = r#","pagination":{"type":"cursor","from":"$.next","inject":{"in":"query","name":"after"}}"#;
const ONLY: &str = r#","only_keys":{"inject":{"in":"query","name":"skus"},"batch":2}"#;

/// An answer: its status, its records as `a=1`, and what stands beside them.
type Answer = (u16, &'static str, &'static str);

/// The standings of the pages of a scan, and its items as they come together; a minute passes between two pages, or more.
async fn read(definition: &str, answers: &[Answer], keys: Option<&[&str]>, minutes: i64) -> (String, String) {
    let mut left: VecDeque<Answer> = answers.iter().copied().collect();
    let world = World::of(move |request| {
        if request.url.path() == "/places" {
            return answer(200, r#"{"data":[{"id":1},{"id":2}]}"#);
        }
        let (status, records, beside) = left.pop_front().unwrap_or_else(|| panic!("nobody expected {}", request.url));
        let records: Vec<_> = records.split_whitespace().filter_map(|record| record.split_once('=')).map(|(sku, n)| format!(r#"{{"sku":"{sku}","n":{n}}}"#)).collect();
        answer(status, &format!(r#"{{"data":[{}]{beside}}}"#, records.join(",")))
    });
    let keys: Option<Vec<Key>> = keys.map(|keys| keys.iter().map(|key| Key::new(*key).unwrap()).collect());
    let connector = Arc::new(connector::Draft::parse(definition).unwrap().check().into_checked().unwrap_or_else(|report| panic!("{:?}", report.findings())));
    let (config, mut gathered, mut standings, mut cursor) = (Config::default(), Gathered::default(), String::new(), None);
    for page in 0.. {
        // A new process at every page.
        let snapshot = engine::dynamic(Arc::clone(&connector)).unwrap().snapshot.unwrap();
        let page = snapshot.snapshot(Call::new(&config, &world, NOW + page * minutes * 60_000), "stocklevel", keys.as_deref(), None, cursor.as_deref()).await.unwrap();
        standings.push(match page.standing {
            Standing::First => 'F',
            Standing::Later => 'l',
            Standing::Again => 'A',
        });
        cursor = gathered.take(page);
        if cursor.is_none() {
            break;
        }
    }
    let items: Vec<_> = gathered.whole().items.iter().map(|scanned| format!("{}={}", scanned.item.key.as_str(), scanned.item.fields.get("quantity").unwrap())).collect();
    (standings, items.join(" "))
}

#[tokio::test]
async fn what_was_told_of_a_listing_that_is_read_again_counts_no_more() {
    let places = r#","fan_out":[{"as":"place","from":{"entity":"place","value":"$.id"}}]"#;
    for (more, scan, keys, minutes, answers, standings, items) in [
        (TOTAL, "", None, 1, &[(200, "a=1 b=1", r#","total":4"#), (200, "c=1 d=1", r#","total":4"#)][..], "Fl", "a=1 b=1 c=1 d=1"),
        // The total became less: what went meanwhile is not there.
        (TOTAL, "", None, 1, &[(200, "a=1 b=1", r#","total":4"#), (200, "d=1", r#","total":3"#), (200, "a=2 c=1", r#","total":3"#), (200, "d=1", r#","total":3"#)], "FlAl", "a=2 c=1 d=1"),
        // Again, and once more.
        (TOTAL, "", None, 1, &[(200, "a=1 b=1", r#","total":4"#), (200, "d=1", r#","total":3"#), (200, "a=1 d=1", r#","total":3"#), (200, "", r#","total":2"#), (200, "d=1 e=1", r#","total":2"#)], "FlAlA", "d=1 e=1"),
        // A place that was kept is refused.
        (CURSOR, "", None, 6, &[(200, "a=1", r#","next":"2""#), (410, "", ""), (200, "b=1", r#","next":"3""#), (200, "c=1", "")], "FlAl", "b=1 c=1"),
        // Each partition is a listing, and so is each batch of keys.
        (&format!("{TOTAL}{places}"), "", None, 1, &[(200, "a=1", r#","total":1"#), (200, "b=1", r#","total":2"#), (200, "", r#","total":1"#), (200, "c=1", r#","total":1"#)], "FFlAl", "a=1 c=1"),
        (TOTAL, ONLY, Some(&["a", "b", "c", "d"][..]), 1, &[(200, "a=1 b=1", r#","total":2"#), (200, "c=1", r#","total":2"#), (200, "", r#","total":1"#), (200, "d=1", r#","total":1"#)], "FFlA", "a=1 b=1 d=1"),
    ] {
        let (found, told) = read(&definition(more, scan), answers, keys, minutes).await;
        assert_eq!((found.as_str(), told.as_str()), (standings, items), "{more} {answers:?}");
    }
}

#[tokio::test]
async fn a_record_is_known_by_its_id_within_its_partition() {
    let places = r#","fan_out":[{"as":"place","from":{"entity":"place","value":"$.id"}}]"#;
    for (more, answers, items, twice) in [
        // The same record, as it was read last; the same id elsewhere is another record.
        (TOTAL, &[(200, "a=1", r#","total":2"#), (200, "a=2", r#","total":2"#)][..], "a=2", ""), (places, &[(200, "a=1", ""), (200, "a=2", "")], "", "a"), (places, &[(200, "a=1 b=1", ""), (200, "a=1", "")], "b=1 a=1", ""),
    ] {
        let mut left: VecDeque<Answer> = answers.iter().copied().collect();
        let world = World::of(move |request| match request.url.path() {
            "/places" => answer(200, r#"{"data":[{"id":1},{"id":2}]}"#),
            _ => {
                let (_, records, beside) = left.pop_front().unwrap();
                let records: Vec<_> = records.split_whitespace().filter_map(|record| record.split_once('=')).map(|(sku, n)| format!(r#"{{"sku":"{sku}","n":{n}}}"#)).collect();
                answer(200, &format!(r#"{{"data":[{}]{beside}}}"#, records.join(",")))
            }
        });
        let (config, mut gathered, mut cursor) = (Config::default(), Gathered::default(), None);
        let snapshot = running(&definition(more, "")).snapshot.unwrap();
        loop {
            cursor = gathered.take(snapshot.snapshot(Call::new(&config, &world, NOW), "stocklevel", None, None, cursor.as_deref()).await.unwrap());
            if cursor.is_none() {
                break;
            }
        }
        let (found, left_out) = engine::once(gathered.items, &gathered.left_out);
        let found: Vec<_> = found.iter().map(|scanned| format!("{}={}", scanned.item.key.as_str(), scanned.item.fields.get("quantity").unwrap())).collect();
        assert_eq!((found.join(" ").as_str(), left_out.iter().map(|left| left.record.as_str()).collect::<String>().as_str()), (items, twice), "{more} {answers:?}");
    }
}
