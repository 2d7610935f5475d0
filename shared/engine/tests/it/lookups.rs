//! `lookup`: tables read as a whole, by batches and one by one; misses; and for how long what was read is good.

use document::Value;
use engine::{ExchangeError, Request, Response};

use crate::{script::{NOW, answer}, world::{Run, World, definition}};

/// Stocks by article, and products whose article is a number.
pub(crate) fn stocks(mode: &str, used: &str) -> String {
    definition(&format!(
        r#""entities":{{
        "product":{{"read":{{"request":{{"url":"/products"}},"records":{{"path":"$.data"}},"pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}},"stop":{{"pages":"$.pages"}}}},
            "incremental":{{"cursor":"$.no","type":"integer","start":"3","inject":{{"start":{{"in":"query","name":"from"}}}}}}}}}},
        "stock":{{"read":{{"request":{{"url":"/stocks"}},"records":{{"path":"$.data"}},"pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}},"stop":{{"pages":"$.pages"}}}},
            "lookup":{{"table":"sku","key":"$.article","to":"sku"{used}}}}}}}}},
        "lookup":{{"sku":{{"entity":"product","match":"$.no","value":"$.sku"{mode}}}}}"#
    ))
}

/// Products 1 to 6 in pages of two, or those asked for; stocks of so many articles, five a page.
fn shop(articles: &'static [&'static str]) -> World {
    World::of(answers(articles))
}

fn answers(articles: &'static [&'static str]) -> impl FnMut(&Request) -> Result<Response, ExchangeError> + Send + 'static {
    move |request| {
        let asked = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.into_owned()));
        let page: usize = asked("page").unwrap().parse().unwrap();
        let (all, size): (Vec<String>, usize) = if request.url.path() == "/products" {
            let wanted = asked("nos").map(|nos| nos.split(',').map(str::to_owned).collect::<Vec<_>>());
            let all = (1..=6).filter(|no| wanted.as_ref().is_none_or(|wanted| wanted.contains(&no.to_string())));
            (all.map(|no| format!(r#"{{"no":{no},"sku":"S{no}"}}"#)).collect(), 2)
        } else {
            (articles.iter().zip(1..).map(|(article, id): (_, usize)| format!(r#"{{"id":{id},"article":{article}}}"#)).collect(), 5)
        };
        let shown: Vec<&str> = all.iter().skip((page - 1) * size).take(size).map(String::as_str).collect();
        answer(200, &format!(r#"{{"data":[{}],"pages":{}}}"#, shown.join(","), all.len().div_ceil(size).max(1)))
    }
}

pub(crate) const BATCHED: &str = r#","mode":"batched","batch":2,"inject":{"in":"query","name":"nos"},"on_miss":"absent""#;
pub(crate) const SINGLY: &str = r#","mode":"per_record","inject":{"in":"query","name":"nos"},"on_miss":"absent""#;

pub(crate) fn skus(records: &[Value]) -> String {
    records.iter().map(|record| record.get("sku").map(Value::to_string).unwrap_or("-".to_owned())).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_table_is_asked_as_seldom_as_its_mode_allows_and_a_miss_is_remembered() {
    // Two pages of stocks; 9 and "x" are nobody's article, and a number matches a text.
    let articles = &["1", "\"2\"", "9", "1", "\"x\"", "9", "3", "\"x\"", "2", "1"];
    for (mode, asked) in [
        // Whatever a mark says, a table is all of its entity.
        (r#","on_miss":"absent""#, vec!["/products?page=1", "/products?page=2", "/products?page=3"]),
        (BATCHED, vec!["/products?nos=1%2C2&page=1", "/products?nos=9%2Cx&page=1", "/products?nos=3&page=1"]),
        (SINGLY, vec!["/products?nos=1&page=1", "/products?nos=2&page=1", "/products?nos=9&page=1", "/products?nos=x&page=1", "/products?nos=3&page=1"]),
    ] {
        let world = shop(articles);
        let definition = stocks(mode, "");
        let (records, _) = Run::new(&definition, "stock").records(&world, None).await.unwrap();
        assert_eq!(skus(&records), r#""S1" "S2" - "S1" - - "S3" - "S2" "S1""#);
        let lines: Vec<String> = world.lines().into_iter().filter(|line| line.contains("products")).map(|line| line.trim_start_matches("GET ").to_owned()).collect();
        assert_eq!(lines, asked);
    }
}

#[tokio::test]
async fn a_miss_is_what_the_table_or_its_use_says() {
    let articles = &["1", "9", "null"];
    for (on_miss, used, expected) in [
        ("skip", "", Ok(r#""S1""#)), ("absent", "", Ok(r#""S1" - -"#)), ("passthrough", "", Ok(r#""S1" 9 -"#)), ("error", "", Err("the table `sku` has no key `9`")), ("error", r#","on_miss":"skip""#, Ok(r#""S1""#)),
        ("skip", r#","on_miss":"error""#, Err("the table `sku` has no key `9`")),
    ] {
        let definition = stocks(&format!(r#","on_miss":"{on_miss}""#), used);
        let result = Run::new(&definition, "stock").records(&shop(articles), None).await;
        match expected {
            Ok(expected) => assert_eq!(skus(&result.unwrap().0), expected),
            Err(message) => {
                let fault = result.unwrap_err();
                assert_eq!((fault.code, fault.message.as_str()), ("lookup_missed", message));
            }
        }
    }
    // A record without a key is a miss like another.
    let fault = Run::new(&stocks("", ""), "stock").records(&shop(&["1", "null"]), None).await.unwrap_err();
    assert_eq!((fault.code, fault.message.as_str()), ("lookup_missed", "a record has no key for the table `sku`"));
}

#[tokio::test]
async fn what_was_read_is_good_for_its_time_and_then_read_again() {
    for (mode, first) in [(r#","ttl":"PT10M","on_miss":"absent""#, 3), (&format!(r#"{BATCHED},"ttl":"PT10M""#), 1), (&format!(r#"{SINGLY},"ttl":"PT10M""#), 2)] {
        let world = shop(&["1", "2"]);
        let definition = stocks(mode, "");
        let mut instance = crate::script::running(&definition);
        for (minute, asked) in [(0, first), (9, 0), (10, first), (19, 0), (20, first)] {
            Run { now_ms: NOW + minute * 60_000, ..Run::new(&definition, "stock") }.go_on(&mut instance, &world, None).await.unwrap();
            assert_eq!(world.lines().iter().filter(|line| line.contains("products")).count(), asked, "{mode} {minute}");
        }
    }
}

#[tokio::test]
async fn what_was_answered_before_a_failure_is_not_asked_again() {
    // The third question of the table fails: of one that is read as a whole nothing is known then.
    for (mode, asked) in [
        (r#","on_miss":"absent""#, vec!["page=1", "page=2", "page=3", "page=1", "page=2", "page=3"]),
        (BATCHED, vec!["nos=1%2C2&page=1", "nos=3%2C4&page=1", "nos=5&page=1", "nos=5&page=1"]),
        (SINGLY, vec!["nos=1&page=1", "nos=2&page=1", "nos=3&page=1", "nos=3&page=1", "nos=4&page=1", "nos=5&page=1"]),
    ] {
        let (mut shop, mut questions) = (answers(&["1", "2", "3", "4", "5"]), 0);
        let world = World::of(move |request| {
            let question = request.url.path() == "/products";
            questions += usize::from(question);
            if question && questions == 3 { answer(403, "{}") } else { shop(request) }
        });
        let definition = stocks(mode, "");
        let mut instance = crate::script::running(&definition);
        let run = Run::new(&definition, "stock");
        let first = run.go_on(&mut instance, &world, None).await;
        assert!(first.is_err(), "{mode}");
        let again = run.go_on(&mut instance, &world, None).await.unwrap();
        assert_eq!(skus(&again.0), r#""S1" "S2" "S3" "S4" "S5""#, "{mode}");
        let lines: Vec<String> = world.lines().into_iter().filter_map(|line| Some(line.strip_prefix("GET /products?")?.to_owned())).collect();
        assert_eq!(lines, asked, "{mode}");
    }
}
