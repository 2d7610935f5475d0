//! Scans: only some keys, a scope, what says nothing, and nothing of what is incremental.

use canonical::Key;
use engine::{Call, Config, Gathered, LeftOut, Scanned};

use crate::{script::{NOW, answer, running}, world::World};

/// A scan of stock; `scan` is what it says beside the entity, `read` what the entity says beside its request.
fn scan(scan: &str, read: &str) -> String {
    format!(
        r#"{{"metadata":{{"slug":"a","type":"source"}},"base_url":"https://api.test","entities":{{"stock":{{"read":{{"request":{{"url":"/stock","params":{{"since":"{{{{cursor}}}}"}}}},"records":{{"path":"$.data"}}{read}}}}},
        "unit":{{"read":{{"request":{{"url":"/units"}},"records":{{"path":"$.data"}}}}}}}},"lookup":{{"qty":{{"entity":"unit","match":"$.id","value":"$.n"}}}},
        "canonical_map":{{"stock":{{"type":"stocklevel","key":"$.sku","fields":{{"sku":"$.sku","quantity":"$.n"}}}}}},"snapshot":{{"stocklevel":{{"entity":"stock"{scan}}}}}}}"#
    )
}

/// Keys and quantities of a whole scan.
async fn scanned(definition: &str, world: &World, keys: Option<&[&str]>, hint: Option<&str>) -> Vec<String> {
    let keys: Option<Vec<Key>> = keys.map(|keys| keys.iter().map(|key| Key::new(*key).unwrap()).collect());
    let config = Config::default();
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        // A new process at every page.
        let snapshot = running(definition).snapshot.unwrap();
        let page = snapshot.snapshot(Call::new(&config, world, NOW), "stocklevel", keys.as_deref(), hint, cursor.as_deref()).await.unwrap();
        found.extend(page.items.iter().map(|Scanned { item, .. }| format!("{}={}", item.key.as_str(), item.fields.get("quantity").unwrap())));
        match page.next {
            Some(next) => cursor = Some(next),
            None => return found,
        }
    }
}

/// Keys of what the first page of a scan leaves out, and why.
async fn left_out(definition: &str, world: &World, keys: Option<&[&str]>, hint: &str) -> Vec<String> {
    let keys: Option<Vec<Key>> = keys.map(|keys| keys.iter().map(|key| Key::new(*key).unwrap()).collect());
    let config = Config::default();
    let page = running(definition).snapshot.unwrap().snapshot(Call::new(&config, world, NOW), "stocklevel", keys.as_deref(), Some(hint), None).await.unwrap();
    let told = |left: &LeftOut| [left.key.as_ref().map_or("-", Key::as_str), left.why.word(), left.why.detail().map_or("", |(_, text)| text)].join(" ").trim_end().to_owned();
    page.left_out.iter().map(told).collect()
}

#[tokio::test]
async fn only_some_keys_are_asked_for_in_batches_and_nothing_else_is_taken() {
    let cursor = r#","pagination":{"type":"cursor","from":"$.next"}"#;
    for (only, read, keys, asked) in [
        (r#","only_keys":{"inject":{"in":"query","name":"skus"},"batch":2,"join":"|"}"#, "", Some(vec!["a", "b", "c"]), vec!["/stock?skus=a%7Cb", "/stock?skus=c"]),
        (r#","only_keys":{"inject":{"in":"query","name":"skus"}}"#, "", Some(vec!["a", "b", "c"]), vec!["/stock?skus=a%2Cb%2Cc"]),
        (r#","only_keys":{"inject":{"in":"query","name":"skus"}}"#, "", Some(vec![]), vec![]),
        (r#","only_keys":{"inject":{"in":"query","name":"skus"}}"#, "", None, vec!["/stock"]),
        ("", "", Some(vec!["a", "c"]), vec!["/stock"]),
        // Each batch has pages of its own, and begins at the first of them.
        (r#","only_keys":{"inject":{"in":"query","name":"skus"},"batch":2}"#, cursor, Some(vec!["a", "b", "c"]), vec!["/stock?skus=a%2Cb", "/stock?since=2&skus=a%2Cb", "/stock?skus=c", "/stock?since=2&skus=c"]),
    ] {
        let world = World::of(|request| {
            let asked = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.into_owned()));
            let next = if asked("since").is_none() { r#","next":"2""# } else { "" };
            let n = if asked("since").is_none() { 1 } else { 2 };
            let rows: Vec<String> = ["a", "b", "c", "d"].iter().filter(|sku| asked("skus").is_none_or(|skus| skus.contains(**sku) || **sku == "d")).map(|sku| format!(r#"{{"sku":"{sku}","n":{n}}}"#)).collect();
            answer(200, &format!(r#"{{"data":[{}]{next}}}"#, rows.join(",")))
        });
        let found = scanned(&scan(only, read), &world, keys.as_deref(), None).await;
        assert_eq!(world.lines().iter().map(|line| line.trim_start_matches("GET ").to_owned()).collect::<Vec<_>>(), asked);
        let pages = if read.is_empty() { 1..=1 } else { 1..=2 };
        let mut expected: Vec<String> = keys.unwrap_or(vec!["a", "b", "c", "d"]).iter().flat_map(|key| pages.clone().map(move |n| format!("{key}={n}"))).collect();
        let mut found = found;
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{only}");
    }
}

#[tokio::test]
async fn the_scope_goes_into_the_request_and_what_says_nothing_there_is_left_out_and_never_zero() {
    let world = World::of(|request| answer(200, if request.url.query() == Some("at=north") {
        r#"{"data":[{"sku":"a","n":0},{"sku":"b"},{"sku":"c","n":null},{"sku":"d","n":4,"state":"hidden"},{"n":5},{"sku":"e","n":1.0},{"sku":null,"n":3}]}"#
    } else {
        r#"{"data":[{"sku":"a","n":9}]}"#
    }));
    let definition = scan(r#","request":{"url":"/levels","params":{"at":"{{ field_hint }}"}},"records":{"path":"$.data"},"complete":true,"absent":["{{ (record.state ?? '') == 'hidden' }}"]"#, "");
    assert_eq!(scanned(&definition, &world, None, Some("north")).await, ["a=0", "e=1.0"]);
    assert_eq!(scanned(&definition, &world, None, None).await, ["a=9"]);
    assert_eq!(world.lines(), ["GET /levels?at=north", "GET /levels"]);
    // Whoever asks for some keys is told of those alone, and of what has none.
    for (keys, expected) in [(None, vec!["b no_value quantity", "c no_value quantity", "d absent", "- no_key", "- no_key"]), (Some(["c", "e"]), vec!["c no_value quantity", "- no_key", "- no_key"])] {
        assert_eq!(left_out(&definition, &world, keys.as_ref().map(<[_; 2]>::as_slice), "north").await, expected);
    }
    let snapshot = running(&definition).snapshot.unwrap();
    assert!(snapshot.complete("stocklevel") && !snapshot.complete("order"));
    assert!(!running(&scan("", "")).snapshot.unwrap().complete("stocklevel"));
}

#[tokio::test]
async fn nothing_is_concluded_from_a_scan_that_was_given_no_scope_where_its_request_asks_for_one() {
    for (request, hint, partial) in [
        (r#""params":{"at":"{{ field_hint }}"}"#, Some("north"), false), (r#""params":{"at":"{{ field_hint }}"}"#, None, true), (r#""headers":{"X-At":"{{ field_hint }}"}"#, None, true), (r#""params":{"at":"all"}"#, None, false),
    ] {
        let definition = scan(&format!(r#","request":{{"url":"/levels",{request}}},"records":{{"path":"$.data"}},"complete":true"#), "");
        let (world, config) = (World::of(|_| answer(200, r#"{"data":[{"sku":"a","n":9}]}"#)), Config::default());
        let page = running(&definition).snapshot.unwrap().snapshot(Call::new(&config, &world, NOW), "stocklevel", None, hint, None).await.unwrap();
        assert_eq!((page.items.len(), page.partial), (1, partial), "{request} {hint:?}");
    }
}

#[tokio::test]
async fn a_scan_reads_everything_whatever_the_entity_says_of_changes() {
    let read = r#","incremental":{"cursor":"$.at","order":"desc","client_filter":true,"start":"2026-01-30","inject":{"start":{"in":"query","name":"from"},"end":{"in":"query","name":"to"}}},"pagination":{"type":"page","inject":{"page":{"in":"query","name":"page"}},"stop":{"pages":"$.pages"}}"#;
    let world = World::of(|request| answer(200, if request.url.query().unwrap().contains("page=1") { r#"{"data":[{"sku":"a","n":1,"at":"2026-01-31T00:00:00Z"}],"pages":2}"# } else { r#"{"data":[{"sku":"b","n":2,"at":"2020-01-31T00:00:00Z"}],"pages":2}"# }));
    assert_eq!(scanned(&scan("", read), &world, None, None).await, ["a=1", "b=2"]);
    assert_eq!(world.lines(), ["GET /stock?page=1", "GET /stock?page=2"]);
}

#[tokio::test]
async fn a_scan_begins_anew_where_a_listing_shows_no_more() {
    let read = r#","incremental":{"cursor":"$.at","type":"integer","order":"asc","inject":{"start":{"in":"query","name":"from"}}},"pagination":{"type":"offset","depth_cap":2,"inject":{"offset":{"in":"query","name":"skip"}}}"#;
    let world = World::of(|request| {
        let asked = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse::<usize>().unwrap())).unwrap_or(0);
        let rows: Vec<String> = (1..=4).filter(|at| *at >= asked("from")).skip(asked("skip")).take(1).map(|at| format!(r#"{{"sku":"s{at}","n":{at},"at":{at}}}"#)).collect();
        if asked("skip") >= 2 { answer(400, "") } else { answer(200, &format!(r#"{{"data":[{}]}}"#, rows.join(","))) }
    });
    let mut found = scanned(&scan("", read), &world, None, None).await;
    found.dedup();
    assert_eq!(found, ["s1=1", "s2=2", "s3=3", "s4=4"]);
}

#[tokio::test]
async fn a_scan_looks_up_what_its_entity_looks_up() {
    let world = World::of(|request| answer(200, if request.url.path() == "/units" { r#"{"data":[{"id":7,"n":70}]}"# } else { r#"{"data":[{"sku":"a","unit":7},{"sku":"b","unit":8}]}"# }));
    for (on_miss, expected) in [("absent", "b no_value quantity"), ("skip", "b lookup")] {
        let definition = scan("", &format!(r#","lookup":{{"table":"qty","key":"$.unit","to":"n","on_miss":"{on_miss}"}}"#));
        assert_eq!(scanned(&definition, &world, None, None).await, ["a=70"]);
        assert_eq!(left_out(&definition, &world, None, "").await, [expected], "a miss is told, and not taken for gone");
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_mapped_is_left_out_and_named_and_the_others_are_items() {
    let definition = scan("", "").replacen(r#""canonical_map""#, r#""eventMapping":{"externalId":"$.id","eventType":"stock.updated"},"canonical_map""#, 1);
    for (body, keys, items, expected, unfit) in [
        (r#"[{"id":7,"sku":"a","n":1},{"id":8,"sku":"b","n":"many"},{"id":9,"sku":"c","n":2}]"#, None, 2, vec!["8 b unmapped canonical_invalid"], false),
        (r#"[{"id":8,"sku":"b","n":"many"},{"id":9,"sku":"c"}]"#, None, 0, vec!["8 b unmapped canonical_invalid", "9 c no_value quantity"], true),
        // One that was not asked for is nobody's.
        (r#"[{"id":8,"sku":"b","n":"many"}]"#, Some(["a"]), 0, vec![], false),
    ] {
        let world = World::of(move |_| answer(200, &format!(r#"{{"data":{body}}}"#)));
        let (config, keys) = (Config::default(), keys.map(|keys| keys.map(|key| Key::new(key).unwrap())));
        let page = running(&definition).snapshot.unwrap().snapshot(Call::new(&config, &world, NOW), "stocklevel", keys.as_ref().map(<[_; 1]>::as_slice), None, None).await.unwrap();
        let told = |left: &LeftOut| format!("{} {} {} {}", left.record, left.key.as_ref().unwrap().as_str(), left.why.word(), left.why.detail().unwrap().1);
        assert_eq!((page.items.len(), page.left_out.iter().map(told).collect::<Vec<_>>()), (items, expected.iter().map(|text| (*text).to_owned()).collect()), "{body}");
        let mut gathered = Gathered::default();
        gathered.take(page);
        let fault = gathered.unfit();
        assert_eq!(fault.is_some(), unfit, "{body}");
        assert!(fault.is_none_or(|fault| fault.code == "canonical_invalid" && fault.message.starts_with("record 8: ")));
    }
}

#[tokio::test]
async fn a_record_whose_key_was_asked_for_in_other_letters_is_left_out_under_the_key_that_was_asked_for() {
    let body = r#"{"data":[{"sku":"TEE-RED","n":1},{"sku":"Ä","n":2},{"sku":"B"},{"sku":"c","n":3},{"sku":"D","n":4}]}"#;
    let world = World::of(|_| answer(200, body));
    for (keys, found, expected) in [
        (&["tee-red", "D"][..], &["D=4"][..], &["tee-red letters TEE-RED"][..]), (&["tee-RED", "Tee-Red"], &[], &["tee-RED letters TEE-RED", "Tee-Red letters TEE-RED"]), (&["\u{e4}"], &[], &["\u{e4} letters \u{c4}"]),
        // It says nothing in any letters; one that is asked for as it is; one that is another.
        (&["b", "B"], &[], &["B no_value quantity"]), (&["b"], &[], &["b letters B"]), (&["c", "C"], &["c=3"], &[]), (&["tee", "red"], &[], &[]),
    ] {
        assert_eq!(scanned(&scan("", ""), &world, Some(keys), None).await, found, "{keys:?}");
        assert_eq!(left_out(&scan("", ""), &world, Some(keys), "").await, expected, "{keys:?}");
    }
}

#[tokio::test]
async fn an_answer_without_a_list_says_nothing_of_the_keys_it_was_asked_for() {
    let by_path = |path: &str| scan("", "").replacen(r#""records":{"path":"$.data"}"#, &format!(r#""records":{{"path":{path}}}"#), 1);
    for (path, body, partial) in [
        (r#""$.data""#, r#"{"data":null}"#, Some(true)), (r#""$.data""#, r#"{"data":[]}"#, Some(false)), (r#""$.data""#, "{}", None), (r#""$.data[*]""#, r#"{"data":null}"#, Some(true)), (r#""$.data[*]""#, r#"{"data":[]}"#, Some(false)),
        (r#"["$.rows","$.data"]"#, r#"{"data":null}"#, Some(true)), (r#"["$.rows","$.data"]"#, r#"{"rows":[],"data":null}"#, Some(false)), (r#"["$.rows","$.data"],"mode":"union""#, r#"{"rows":[],"data":null}"#, Some(true)),
        (r#"["$.rows","$.data"],"mode":"union""#, r#"{"rows":null,"data":null}"#, Some(true)), (r#"["$.rows","$.data"],"mode":"union""#, r#"{"rows":[{"sku":"a","n":1}],"data":null}"#, Some(true)),
        (r#"["$.rows","$.data"],"mode":"union""#, r#"{"rows":[{"sku":"a","n":1}],"data":[]}"#, Some(false)), (r#"["$.rows","$.data"],"mode":"union""#, r#"{"rows":[{"sku":"a","n":1}]}"#, Some(false)),
        (r#"["$.rows","$.data"]"#, r#"{"rows":null,"data":[{"sku":"a","n":1}]}"#, Some(false)), (r#"["$.rows","$.data"]"#, r#"{"rows":null,"data":null}"#, Some(true)), (r#"["$.rows","$"]"#, r#"{"rows":null,"sku":"a"}"#, Some(true)),
    ] {
        let (world, config, keys) = (World::of(move |_| answer(200, body)), Config::default(), [Key::new("a").unwrap()]);
        let page = running(&by_path(path)).snapshot.unwrap().snapshot(Call::new(&config, &world, NOW), "stocklevel", Some(&keys), None, None).await;
        assert_eq!(page.map(|page| page.partial).ok(), partial, "{path} {body}");
    }
}
