//! Keys nobody is sure of: a table with several rows of one key that differ, and records that are left out without theirs.

use canonical::Key;
use engine::{Call, Config, Gathered};

use crate::{lookups::{BATCHED, SINGLY, skus, stocks}, script::{NOW, answer, running}, world::{Run, World}};

/// Products of these numbers and SKUs, asked for or not, and stocks of articles 1 and 2, which may be read as a page each.
fn shop(products: &'static [(u32, &'static str)], articles: &'static str) -> World {
    World::of(move |request| {
        let wanted = request.url.query_pairs().find_map(|(key, value)| (key == "nos").then(|| value.split(',').map(str::to_owned).collect::<Vec<_>>()));
        let rows: Vec<String> = match request.url.path() {
            "/products" => products.iter().filter(|(no, _)| wanted.as_ref().is_none_or(|wanted| wanted.contains(&no.to_string()))).map(|(no, sku)| format!(r#"{{"no":{no},"sku":{sku}}}"#)).collect(),
            _ => articles.split(' ').zip(1..).map(|(article, id)| format!(r#"{{"id":{id},"article":{article},"quantity":{id}}}"#)).collect(),
        };
        answer(200, &format!(r#"{{"data":[{}],"pages":1}}"#, rows.join(",")))
    })
}

#[tokio::test]
async fn a_key_of_rows_that_differ_is_an_error_of_whoever_asks_for_it_and_equal_rows_are_one() {
    const TWICE: &[(u32, &str)] = &[(1, "\"S1\""), (2, "\"S2\""), (2, "\"S2b\"")];
    for mode in ["", r#","on_miss":"skip""#, r#","on_miss":"passthrough""#, r#","on_miss":"absent""#, BATCHED, SINGLY] {
        let definition = stocks(mode, "");
        let mut instance = running(&definition);
        for (second, asked) in [(0, true), (59, false), (60, true)] {
            let world = shop(TWICE, "1 2");
            let fault = Run { now_ms: NOW + second * 1000, ..Run::new(&definition, "stock") }.go_on(&mut instance, &world, None).await.unwrap_err();
            assert_eq!((fault.code, fault.message.as_str()), ("lookup_ambiguous", "the table `sku` has rows of the key `2` that say different things: which of them is true is not known"), "{mode}");
            assert_eq!(world.lines().iter().any(|line| line.contains("/products")), asked, "it is looked up again after a minute: {mode} {second}");
        }
        for (products, articles, expected) in [
            // Nobody asks for it; rows that say the same, however they write it; one that says nothing; and one that was put right.
            (TWICE, "1 1", r#""S1" "S1""#), (&[(1, "\"S1\""), (2, "5.0"), (2, "5")], "1 2", r#""S1" 5.0"#), (&[(1, "\"S1\""), (2, "null"), (2, "\"S2\"")], "1 2", r#""S1" "S2""#),
        ] {
            let (records, _) = Run::new(&definition, "stock").records(&shop(products, articles), None).await.unwrap();
            assert_eq!(skus(&records), expected, "{mode}");
        }
        let (records, _) = Run { now_ms: NOW + 120_000, ..Run::new(&definition, "stock") }.go_on(&mut instance, &shop(&[(1, "\"S1\""), (2, "\"S2\"")], "1 2"), None).await.unwrap();
        assert_eq!(skus(&records), r#""S1" "S2""#, "{mode}");
    }
}

#[tokio::test]
async fn one_of_the_rows_that_differ_makes_nothing_clear_where_it_comes_with_the_answer_to_another_key() {
    let world = |article: &'static str| World::of(move |request| {
        let wanted = request.url.query_pairs().find_map(|(key, value)| (key == "nos").then(|| value.into_owned()));
        let rows = match wanted.as_deref() {
            None => format!(r#"{{"id":1,"article":{article}}}"#),
            Some("1") => r#"{"no":1,"sku":"S1"},{"no":2,"sku":"S2"}"#.to_owned(),
            Some(_) => r#"{"no":2,"sku":"S2"},{"no":2,"sku":"S2b"}"#.to_owned(),
        };
        answer(200, &format!(r#"{{"data":[{rows}],"pages":1}}"#))
    });
    let definition = stocks(SINGLY, "");
    let mut instance = running(&definition);
    for (second, article, expected) in [(0, "2", Err("lookup_ambiguous")), (1, "1", Ok(r#""S1""#)), (2, "2", Err("lookup_ambiguous"))] {
        let read = Run { now_ms: NOW + second * 1000, ..Run::new(&definition, "stock") }.go_on(&mut instance, &world(article), None).await;
        assert_eq!(read.map(|(records, _)| skus(&records)).map_err(|fault| fault.code), expected.map(str::to_owned), "{second}");
    }
}

/// A snapshot of the stocks, whose key is what `key` names.
fn scanned(mode: &str, used: &str, key: &str) -> String {
    let definition = stocks(mode, used);
    let (before, _) = definition.rsplit_once('}').unwrap();
    format!(r#"{before},"canonical_map":{{"stock":{{"type":"stocklevel","key":"{key}","fields":{{"sku":{{"path":"$.article","cast":"string"}},"quantity":"$.quantity"}}}}}},"snapshot":{{"stocklevel":{{"entity":"stock","complete":true}}}}}}"#)
}

#[tokio::test]
async fn a_scan_leaves_such_a_record_out_and_nothing_follows_where_the_key_of_one_is_not_known() {
    const SKIP: &str = r#","on_miss":"skip""#;
    const TWICE: &[(u32, &str)] = &[(1, "\"S1\""), (2, "\"S2\""), (2, "\"S2b\"")];
    for (used, key, products, articles, items, left_out, partial) in [
        ("", "$.sku", TWICE, "1 2", "S1", "2 - unmapped lookup_ambiguous", true), ("", "$.id", TWICE, "1 2", "1", "2 2 unmapped lookup_ambiguous", false), ("", "$.sku", TWICE, "1 1", "S1 S1", "", false),
        // A miss, whose key the table would have given; one of its own is none, for the table's goes before it.
        (SKIP, "$.sku", &[(1, "\"S1\"")][..], "1 9", "S1", "2 - lookup", true), (SKIP, "$.id", &[(1, "\"S1\"")], "1 9", "1", "2 2 lookup", false), (r#","on_miss":"skip","to":"article""#, "$.article", &[(1, "7")], "1 9", "7", "2 - lookup", true),
        (r#","on_miss":"absent""#, "$.sku", &[(1, "\"S1\"")], "1 9", "S1", "2 - no_key", true), (r#","on_miss":"passthrough""#, "$.sku", &[(1, "\"S1\"")], "1 9", "S1 9", "", false),
    ] {
        let used = if used.contains("to\":") { used.to_owned() } else { format!(r#"{used},"to":"sku""#) };
        let definition = scanned("", "", key).replacen(r#","to":"sku""#, &used, 1);
        let (config, mut gathered, world) = (Config::default(), Gathered::default(), shop(products, articles));
        let snapshot = running(&definition).snapshot.unwrap();
        let next = gathered.take(snapshot.snapshot(Call::new(&config, &world, NOW), "stocklevel", None, None, None).await.unwrap());
        assert_eq!(next, None);
        let gathered = gathered.whole();
        let found: Vec<_> = gathered.items.iter().map(|scanned| scanned.item.key.as_str()).collect();
        let told = gathered.left_out.iter().map(|left| [left.record.as_str(), left.key.as_ref().map_or("-", Key::as_str), left.why.word(), left.why.detail().map_or("", |(_, text)| text)].join(" ").trim_end().to_owned());
        assert_eq!((found.join(" ").as_str(), told.collect::<Vec<_>>().join("; ").as_str(), gathered.partial), (items, left_out, partial), "{used} {key} {products:?} {articles}");
    }
}
