//! What is remembered of tables in a process that lives long: what was found, what was missed, for whom, and how much of it.

use std::sync::{Arc, Mutex, atomic::Ordering};

use engine::{Call, Connector, Request};

use crate::{lookups::{BATCHED, SINGLY, skus, stocks}, present::Later, script::{NOW, answer, config, running}, world::{Run, World, definition, header}};

/// What a shop has: its products, by number, which have these SKUs, and the articles of its stocks, five a page.
#[derive(Default)]
struct Shop {
    products: Vec<(String, String)>,
    articles: Vec<&'static str>,
}

/// A shop with products 1 to 6 that changes while it is asked.
fn growing(articles: &[&'static str]) -> (World, Arc<Mutex<Shop>>) {
    let products = (1..=6).map(|no| (no.to_string(), format!("S{no}"))).collect();
    let shop = Arc::new(Mutex::new(Shop { products, articles: articles.to_vec() }));
    let asked = Arc::clone(&shop);
    (World::of(move |request| answer(200, &asked.lock().unwrap().answer(request))), shop)
}

impl Shop {
    fn answer(&self, request: &Request) -> String {
        let given = |name: &str| request.url.query_pairs().find_map(|(key, value)| (key == name).then(|| value.into_owned()));
        let page: usize = given("page").unwrap().parse().unwrap();
        let (all, size): (Vec<String>, usize) = if request.url.path() == "/products" {
            let wanted = given("nos").map(|nos| nos.split(',').map(str::to_owned).collect::<Vec<_>>());
            let found = self.products.iter().filter(|(no, _)| wanted.as_ref().is_none_or(|wanted| wanted.contains(no)));
            (found.map(|(no, sku)| format!(r#"{{"no":{no},"sku":"{sku}"}}"#)).collect(), 2)
        } else {
            (self.articles.iter().enumerate().map(|(id, article)| format!(r#"{{"id":{id},"article":{article}}}"#)).collect(), 5)
        };
        let shown: Vec<&str> = all.iter().skip((page - 1) * size).take(size).map(String::as_str).collect();
        format!(r#"{{"data":[{}],"pages":{}}}"#, shown.join(","), all.len().div_ceil(size).max(1))
    }
}

/// How often products were asked for since the last look.
fn asked(world: &World) -> usize {
    world.lines().iter().filter(|line| line.contains("/products")).count()
}

async fn read(definition: &str, instance: &mut Connector, world: &World, second: i64) -> Result<String, &'static str> {
    let run = Run { now_ms: NOW + second * 1000, ..Run::new(definition, "stock") };
    run.go_on(instance, world, None).await.map(|(records, _)| skus(&records)).map_err(|fault| fault.code)
}

#[tokio::test]
async fn a_miss_is_looked_up_again_after_a_minute_and_what_was_found_is_not() {
    for (mode, missed, first, again) in [
        (r#","on_miss":"absent""#, Ok(r#""S1" -"#), 3, 4), (r#","on_miss":"skip""#, Ok(r#""S1""#), 3, 4), ("", Err("lookup_missed"), 3, 4),
        (BATCHED, Ok(r#""S1" -"#), 1, 1), (SINGLY, Ok(r#""S1" -"#), 2, 1),
    ] {
        let (world, shop) = growing(&["1", "7"]);
        let (definition, missed) = (stocks(mode, ""), missed.map(str::to_owned));
        let mut instance = running(&definition);
        assert_eq!((read(&definition, &mut instance, &world, 0).await, asked(&world)), (missed.clone(), first), "{mode}");
        shop.lock().unwrap().products.push(("7".to_owned(), "S7".to_owned()));
        assert_eq!((read(&definition, &mut instance, &world, 59).await, asked(&world)), (missed, 0), "{mode}");
        for (second, count) in [(60, again), (61, 0), (1_000, 0)] {
            assert_eq!((read(&definition, &mut instance, &world, second).await, asked(&world)), (Ok(r#""S1" "S7""#.to_owned()), count), "{mode} {second}");
        }
    }
}

#[tokio::test]
async fn a_table_is_read_once_a_minute_however_many_keys_it_lacks() {
    // Four pages, of which each lacks keys of its own.
    let articles = ["1", "11", "12", "13", "14", "21", "22", "23", "24", "25", "31", "32", "33", "34", "35", "1", "41", "42", "43", "44"];
    let (world, _) = growing(&articles);
    let definition = stocks(r#","on_miss":"skip""#, "");
    let mut instance = running(&definition);
    for (second, count) in [(0, 3), (1, 0), (59, 0), (60, 3), (119, 0), (120, 3)] {
        assert_eq!((read(&definition, &mut instance, &world, second).await, asked(&world)), (Ok(r#""S1" "S1""#.to_owned()), count), "{second}");
    }
}

#[tokio::test]
async fn a_long_run_looks_a_miss_up_again_too() {
    for mode in [r#","on_miss":"absent""#, BATCHED] {
        let (world, shop) = growing(&["1", "2", "3", "4", "7", "7"]);
        let source = running(&stocks(mode, "")).source.unwrap();
        let (config, later) = (config(&[]), Later::default());
        let call = || Call { pace: &later, ..Call::new(&config, &world, NOW) };
        let page = source.page(call(), "stock", None).await.unwrap();
        shop.lock().unwrap().products.push(("7".to_owned(), "S7".to_owned()));
        later.seconds.store(60, Ordering::Relaxed);
        let last = source.page(call(), "stock", Some(&page.cursor)).await.unwrap();
        let sku = |page: &engine::Page| page.changes.last().unwrap().payload.get("sku").map(document::Value::to_string);
        assert_eq!((sku(&page), sku(&last)), (None, Some(r#""S7""#.to_owned())), "{mode}");
    }
}

/// Two accounts of one app: whose token it is, it says.
fn accounts() -> World {
    World::of(|request| {
        let body = String::from_utf8(request.body.clone().unwrap_or_default()).unwrap();
        let given = body.split('&').find_map(|pair| pair.strip_prefix("refresh_token="));
        let account = given.map_or_else(|| header(request, "authorization").unwrap().trim_start_matches("Bearer ").to_owned(), str::to_owned);
        let account = account.chars().next().unwrap();
        match request.url.path() {
            "/token" => answer(200, &format!(r#"{{"access_token":"{account}","refresh_token":"{account}{}","expires_in":60}}"#, given.unwrap())),
            "/products" => answer(200, &format!(r#"{{"data":[{{"no":1,"sku":"{account}1"}},{{"no":2,"sku":"{account}2"}}]}}"#)),
            _ => answer(200, r#"{"data":[{"id":1,"article":1}]}"#),
        }
    })
}

const OAUTH: &str = r#""config":{"client_id":{"type":"string"},"client_secret":{"type":"string","secret":true},"refresh_token":{"type":"string","secret":true}},
    "auth":{"type":"oauth2","grant":"refresh_token","token_url":"https://api.test/token","refresh":{"rotates":true}},"#;

#[tokio::test]
async fn who_connects_to_another_account_gets_its_values_and_a_session_that_is_renewed_reads_nothing_again() {
    let definition = definition(&format!(
        r#"{OAUTH}"entities":{{"product":{{"read":{{"request":{{"url":"/products"}},"records":{{"path":"$.data"}}}}}},
        "stock":{{"read":{{"request":{{"url":"/stocks"}},"records":{{"path":"$.data"}},"lookup":{{"table":"sku","key":"$.article","to":"sku"}}}}}},
        "part":{{"read":{{"request":{{"url":"/parts/{{{{ parent.product.value }}}}"}},"records":{{"path":"$.data"}},"fan_out":{{"as":"product","from":{{"entity":"product","value":"$.sku"}}}}}}}}}},
        "lookup":{{"sku":{{"entity":"product","match":"$.no","value":"$.sku"}}}}"#
    ));
    let of = |account: &str| config(&[("client_id", "id"), ("client_secret", "secret"), ("refresh_token", account)]);
    let (world, mut instance) = (accounts(), running(&definition));
    for (account, minute, sku, count) in [("a", 0, r#""a1""#, 1), ("a", 5, r#""a1""#, 0), ("b", 6, r#""b1""#, 1), ("b", 12, r#""b1""#, 0)] {
        let run = Run { config: of(account), now_ms: NOW + minute * 60_000, ..Run::new(&definition, "stock") };
        let (records, _) = run.go_on(&mut instance, &world, None).await.unwrap();
        let lines = world.lines();
        assert_eq!((skus(&records).as_str(), lines.iter().filter(|line| line.contains("/products")).count()), (sku, count), "{account} {minute}");
        assert!(lines.iter().any(|line| line.contains("/token")), "{account} {minute}");
    }
    // The parents of a run that goes on with another account are read anew.
    let source = running(&definition).source.unwrap();
    let mut cursor = None;
    for account in ["a", "b"] {
        let config = of(account);
        cursor = Some(source.page(Call::new(&config, &world, NOW), "part", cursor.as_deref()).await.unwrap().cursor);
        assert_eq!(asked(&world), 1, "{account}");
    }
}

/// So many rows of a table called by a letter, beside those that are numbered.
fn rows(letter: &str, count: usize) -> String {
    (0..count).map(|no| format!(r#",{{"no":"{letter}{no}","sku":0}}"#)).collect()
}

#[tokio::test]
async fn a_table_that_is_asked_for_keys_begins_anew_before_it_holds_too_many() {
    // Who answers tells more than was asked for.
    let others = [rows("a", 110_000), rows("b", 110_000), rows("c", 10)];
    let stocks = Arc::new(Mutex::new(""));
    let shown = Arc::clone(&stocks);
    let world = World::of(move |request| {
        let wanted = request.url.query_pairs().find_map(|(key, value)| (key == "nos").then(|| value.into_owned()));
        let Some(wanted) = wanted else { return answer(200, &format!(r#"{{"data":[{}],"pages":1}}"#, shown.lock().unwrap())) };
        answer(200, &format!(r#"{{"data":[{{"no":{wanted},"sku":"S{wanted}"}}{}],"pages":1}}"#, others[wanted.parse::<usize>().unwrap() - 1]))
    });
    let definition = crate::lookups::stocks(SINGLY, "");
    let mut instance = running(&definition);
    for (shown, skus, count) in [
        (r#"{"id":1,"article":1}"#, r#""S1""#, 1), (r#"{"id":1,"article":1},{"id":2,"article":"a109999"}"#, r#""S1" 0"#, 0),
        // Here it begins anew, with what this page has.
        (r#"{"id":1,"article":"a3"},{"id":2,"article":2}"#, r#"0 "S2""#, 1), (r#"{"id":1,"article":"a3"},{"id":2,"article":2}"#, r#"0 "S2""#, 0),
        (r#"{"id":1,"article":1}"#, r#""S1""#, 1), (r#"{"id":1,"article":3}"#, r#""S3""#, 1), (r#"{"id":1,"article":"c9"},{"id":2,"article":2}"#, r#"0 "S2""#, 0),
    ] {
        *stocks.lock().unwrap() = shown;
        assert_eq!((read(&definition, &mut instance, &world, 0).await, asked(&world)), (Ok(skus.to_owned()), count), "{shown}");
    }
}

#[tokio::test]
async fn tables_that_hold_too_much_together_make_room_unless_an_entity_uses_both() {
    let entity = |name: &str| format!(r#""{name}":{{"read":{{"request":{{"url":"/products/{name}"}},"records":{{"path":"$.data"}}}}}}"#);
    let user = |name: &str, tables: &[&str]| {
        let uses: Vec<String> = tables.iter().map(|table| format!(r#"{{"table":"{table}","key":"$.id","to":"{table}"}}"#)).collect();
        format!(r#""{name}":{{"read":{{"request":{{"url":"/{name}"}},"records":{{"path":"$.data"}},"lookup":[{}]}}}}"#, uses.join(","))
    };
    let table = |name: &str| format!(r#""{name}":{{"entity":"{name}","match":"$.no","value":"$.sku"}}"#);
    let definition = definition(&format!(
        r#""entities":{{{}}},"lookup":{{{}}}"#,
        [entity("p"), entity("q"), entity("large"), user("of_p", &["p"]), user("of_q", &["q"]), user("of_both", &["p", "q"]), user("of_large", &["large"])].join(","), [table("p"), table("q"), table("large")].join(",")
    ));
    let texts = [("p", rows("x", 110_000)), ("q", rows("x", 110_000)), ("large", rows("x", 210_000))];
    let world = World::of(move |request| {
        let others = request.url.path().strip_prefix("/products/").and_then(|name| texts.iter().find_map(|(known, rows)| (*known == name).then_some(rows.as_str())));
        answer(200, &format!(r#"{{"data":[{{"id":"1","no":1,"sku":0}}{}]}}"#, others.unwrap_or_default()))
    });
    let mut instance = running(&definition);
    for (entity, read) in [
        ("of_p", "p"), ("of_p", ""), ("of_q", "q"), ("of_q", ""), ("of_p", "p"), ("of_both", "q"), ("of_both", ""), ("of_p", ""), ("of_q", ""),
        ("of_large", "large"), ("of_large", ""), ("of_p", "p"), ("of_large", "large"),
    ] {
        Run::new(&definition, entity).go_on(&mut instance, &world, None).await.unwrap();
        let asked: Vec<String> = world.lines().iter().filter_map(|line| Some(line.strip_prefix("GET /products/")?.to_owned())).collect();
        assert_eq!(asked.join(" "), read, "{entity}");
    }
}
