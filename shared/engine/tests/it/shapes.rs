//! Records of every shape and every packing the simulator has, read through definitions: the same records, exactly.

use document::Value;
use testkit::Api;

use crate::{api::{World, block, call, config, definition, records}, script::running};

/// The records a definition tells of, as they are kept.
#[track_caller]
fn payloads(read: &str, number: i64) -> Vec<Value> {
    let (told, _) = crate::api::read(&definition(read, ""), || World::api(records(number)));
    assert_eq!(told.code(), ("", ""), "{read}");
    let (config, world) = (config(), World::api(records(number)));
    let page = block(running(&definition(read, "")).source.unwrap().page(call(&config, &world), "thing", None)).unwrap();
    page.changes.into_iter().map(|change| change.payload).collect()
}

/// The records as the simulator has them, each made into a text.
fn shown(number: i64, each: impl Fn(&Value) -> String) -> Vec<String> {
    Api::new(records(number)).records().iter().map(each).collect()
}

/// Members in the order of their names, without those named, absent ones null where a table has no absent ones.
fn sorted(record: &Value, names: &[&str], table: bool) -> String {
    let member = |name: &&str| (table || record.get(name).is_some()).then(|| format!("{name}={}", record.get(name).cloned().unwrap_or(Value::Null)));
    names.iter().filter_map(member).collect::<Vec<_>>().join(" ")
}

const ALL: &[&str] = &["id", "name", "updated_at", "price", "qty", "group", "tags"];
const TABLE: &[&str] = &["id", "name", "updated_at", "price", "qty", "group"];

#[test]
fn every_shape_gives_the_same_records() {
    for (read, names, table) in [
        (r#""request":{"url":"/shapes/array","params":{"limit":50}}"#, ALL, false),
        (r#""request":{"url":"/shapes/array","params":{"limit":50}},"records":{"path":"$[*]"}"#, ALL, false),
        (r#""request":{"url":"/shapes/header-rows","params":{"limit":50}},"records":{"path":"$.rows","zip":{"columns":"$[0]","rows":"$[1:]"}}"#, TABLE, true),
        (r#""request":{"url":"/shapes/parallel","params":{"limit":50}},"records":{"zip":{"arrays":{"id":"$.id","name":"$.name","updated_at":"$.updated_at","price":"$.price","qty":"$.qty","group":"$.group"}}}"#, TABLE, true),
        (r#""request":{"url":"/export.json"}"#, ALL, false),
        (r#""request":{"url":"/export.json.gz"}"#, ALL, false),
        (r#""request":{"url":"/export.json.gz"},"records":{"decode":["gzip","json"]}"#, ALL, false),
        (r#""request":{"url":"/export.json","params":{"encoding":"gzip"}}"#, ALL, false),
        (r#""request":{"url":"/silent.gz"}"#, ALL, false),
        (r#""request":{"url":"/export.jsonl"},"records":{"decode":["jsonl"]}"#, ALL, false),
        (r#""request":{"url":"/export.jsonl.gz"},"records":{"decode":["gzip","jsonl"]}"#, ALL, false),
        (r#""request":{"url":"/export.jsonl","params":{"encoding":"gzip"}},"records":{"decode":["gzip?","jsonl"]}"#, ALL, false),
        (r#""request":{"url":"/export.json","params":{"misbehave":"wrong_charset"}},"records":{"encoding":"ISO-8859-1"}"#, ALL, false),
    ] {
        let found: Vec<String> = payloads(read, 50).iter().map(|record| sorted(record, names, table)).collect();
        assert_eq!(found, shown(50, |record| sorted(record, names, table)), "{read}");
    }
}

#[test]
fn what_a_table_says_is_text_and_stays_as_it_is_written() {
    let texts = |record: &Value| {
        let plain = |name: &str| record.get(name).and_then(Value::plain).unwrap_or_default();
        ["id", "name", "updated_at", "price", "qty", "group"].map(plain).join("|")
    };
    for read in [
        r#""request":{"url":"/export.csv"},"records":{"decode":["csv"]}"#,
        r#""request":{"url":"/export.csv.gz"},"records":{"decode":["gzip","csv"]}"#,
        r#""request":{"url":"/export.csv","params":{"encoding":"gzip"}},"records":{"decode":["csv"]}"#,
        r#""request":{"url":"/export.zip"},"records":{"decode":["zip","csv"],"zip_member":"*.csv"}"#,
        r#""request":{"url":"/export-latin1.csv"},"records":{"decode":["csv"]}"#,
        r#""request":{"url":"/export-latin1.csv","params":{"misbehave":"wrong_charset"}},"records":{"decode":["csv"],"encoding":"windows-1252"}"#,
        r#""request":{"url":"/export.csv","params":{"misbehave":"wrong_charset"}},"records":{"decode":["csv"],"encoding":"windows-1252"}"#,
    ] {
        assert_eq!(payloads(read, 60).iter().map(texts).collect::<Vec<_>>(), shown(60, texts), "{read}");
    }
    for url in ["/export.xml", "/export.xml.gz"] {
        let read = format!(r#""request":{{"url":"{url}"}},"records":{{"decode":["gzip?","xml"],"path":"$.things.thing","xml":{{"attributes":"","always_list":["tag","thing"]}}}}"#);
        assert_eq!(payloads(&read, 60).iter().map(texts).collect::<Vec<_>>(), shown(60, texts), "{url}");
        assert_eq!(payloads(&read, 1).len(), 1);
    }
}

#[test]
fn what_is_inside_other_things_takes_along_what_is_around_it() {
    let by_id = |mut texts: Vec<String>| {
        texts.sort();
        texts
    };
    let named = |record: &Value| ["id", "name", "price", "group"].map(|name| record.get(name).and_then(Value::plain).unwrap_or_default()).join("|");
    for (read, number) in [
        (r#""request":{"url":"/shapes/object-keyed","params":{"limit":30}},"records":{"path":"$.things","entries":{"key_as":"id"}}"#, 30),
        (r#""request":{"url":"/shapes/nested","params":{"limit":30}},"records":{"path":"$.result.groups","expand":"$.things","keep":{"group":"$.id"}}"#, 30),
        (r#""request":{"url":"/shapes/jsonapi","params":{"limit":30}},"records":{"format":"json_api","add":{"group":"{{ record.relationships.group }}"}}"#, 30),
        (r#""request":{"url":"/shapes/single"},"records":{"path":"$.thing"}"#, 1),
    ] {
        assert_eq!(by_id(payloads(read, number).iter().map(named).collect()), by_id(shown(number, named)), "{read}");
    }
    let names = payloads(r#""request":{"url":"/shapes/strings"},"records":{"path":"$.names","wrap":"name"}"#, 5);
    assert_eq!(names.iter().map(Value::to_string).collect::<Vec<_>>(), shown(5, |record| format!(r#"{{"name":{}}}"#, record.get("name").unwrap())));
    let filtered = payloads(r#""request":{"url":"/shapes/array","params":{"limit":50}},"records":{"filter":"{{ (record.qty ?? 0) > 0 }}","add":{"twice":"{{ record.qty * 2 }}","at":"{{ config.base_url }}"}}"#, 9);
    assert_eq!(filtered.iter().map(|record| record.get("twice").unwrap().to_string()).collect::<Vec<_>>(), ["8", "16"]);
}

#[test]
fn what_cannot_be_read_is_told_and_asked_again_only_where_that_helps() {
    for (read, code, requests) in [
        (r#""request":{"url":"/export-latin1.csv","params":{"misbehave":"wrong_charset"}},"records":{"decode":["csv"]}"#, "answer_charset", 1),
        (r#""request":{"url":"/export.json","params":{"misbehave":"wrong_charset"}}"#, "answer_charset", 1),
        (r#""request":{"url":"/export.csv"},"records":{"decode":["gzip","csv"]}"#, "answer_format", 1),
        (r#""request":{"url":"/export.csv"},"records":{"decode":["zip","csv"]}"#, "answer_format", 1),
        (r#""request":{"url":"/export.csv","params":{"misbehave":"truncated_gzip"}},"records":{"decode":["csv"]}"#, "answer_truncated", 5),
        (r#""request":{"url":"/export.csv.gz","params":{"misbehave":"truncated_gzip"}},"records":{"decode":["gzip","csv"]}"#, "answer_truncated", 5),
        (r#""request":{"url":"/silent.gz","params":{"misbehave":"truncated_gzip"}}"#, "answer_truncated", 5),
        (r#""request":{"url":"/export.json"},"records":{"max_bytes":1000}"#, "response_too_large", 1),
        (r#""request":{"url":"/shapes/nested"}"#, "definition_records", 1),
        (r#""request":{"url":"/shapes/array"},"records":{"path":"$.nowhere"}"#, "definition_records", 1),
    ] {
        let (told, world) = crate::api::read(&definition(read, ""), || World::api(records(20)));
        assert_eq!((told.code().0, world.sent().len()), (code, requests), "{read}");
    }
}

#[test]
fn nothing_at_all_is_no_record() {
    for read in [
        r#""request":{"url":"/shapes/array"}"#, r#""request":{"url":"/export.jsonl"},"records":{"decode":["jsonl"]}"#, r#""request":{"url":"/export.csv"},"records":{"decode":["csv"]}"#,
        r#""request":{"url":"/shapes/header-rows"},"records":{"path":"$.rows","zip":{"columns":"$[0]","rows":"$[1:]"}}"#, r#""request":{"url":"/shapes/nested"},"records":{"path":"$.result.groups","expand":"$.things"}"#,
        r#""request":{"url":"/shapes/object-keyed"},"records":{"path":"$.things","entries":true}"#, r#""request":{"url":"/shapes/jsonapi"},"records":{"format":"json_api"}"#,
    ] {
        assert_eq!(payloads(read, 0), [], "{read}");
    }
}

#[tokio::test]
async fn a_list_of_xml_that_is_empty_is_a_quiet_page_and_a_wrong_path_is_not() {
    let of = |path: &str, listed: &str, more: &str| crate::world::definition(&format!(
        r#""entities":{{"order":{{"read":{{"request":{{"url":"/orders"}},"records":{{"decode":["xml"],"xml":{{"always_list":["{listed}"]{more}}},"path":"{path}","primary_key":"$.id"}},"pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}}}}}}}}}}"#
    ));
    let (singular, each) = ("$.orders.order", "$.orders.order[*]");
    for (path, listed, more, body, expected) in [
        (singular, "order", "", "<orders/>", Ok(0)), (singular, "order", "", "<orders> \n</orders>", Ok(0)), (each, "order", "", "<orders/>", Ok(0)), (singular, "order", "", "<orders count='0'/>", Ok(0)), ("$.a.orders.order", "order", "", "<a><orders/></a>", Ok(0)),
        (singular, "order", "", "<orders><order><id>1</id></order></orders>", Ok(1)),
        // Somebody else's page, another name, a text, and what may be children are no empty list.
        (singular, "order", "", "<other/>", Err("definition_records")), (singular, "order", "", "<orders>none</orders>", Err("definition_records")), (singular, "order", "", "<orders><ordre/></orders>", Err("definition_records")),
        (singular, "line", "", "<orders/>", Err("definition_records")), (singular, "order", r#","attributes":"""#, "<orders count='0'/>", Err("definition_records")), ("$.a.orders.order", "order", "", "<a/>", Err("definition_records")),
    ] {
        let world = crate::world::World::of(move |request| crate::script::answer(200, if request.url.as_str().ends_with("page=1") || expected.is_err() || expected == Ok(0) { body } else { "<orders/>" }));
        let read = crate::world::Run::new(&of(path, listed, more), "order").read(&world, None).await;
        assert_eq!(read.as_ref().map(|(ids, _)| ids.len()).map_err(|fault| fault.code), expected, "{path} {body}");
        assert_eq!(world.lines().len(), expected.map_or(1, |count| count + 1), "{path} {body}");
    }
}

#[tokio::test]
async fn what_has_nothing_in_it_where_a_list_is_expected_ends_it_as_an_empty_list_does() {
    let xml = r#""decode":["xml"],"xml":{"always_list":["i"]},"#;
    for (records, rows, end) in [
        (r#""path":"$.data""#, r#"{"data":[{"id":1}]}"#, r#"{"data":{}}"#), (r#""path":"$.data""#, r#"{"data":[{"id":1}]}"#, r#"{"data":""}"#), (r#""path":"$.data""#, r#"{"data":[{}]}"#, r#"{"data":{}}"#),
        (r#""path":"$.data","expand":"$.rows""#, r#"{"data":[{"rows":[{"id":1}]}]}"#, r#"{"data":{}}"#), (r#""path":"$.data[*]""#, r#"{"data":[{"id":1}]}"#, r#"{"data":{}}"#), (r#""path":"$.data","entries":true"#, r#"{"data":{"1":{"id":1}}}"#, r#"{"data":{}}"#),
        (&format!(r#"{xml}"path":"$.r","expand":"$.i""#), "<r><i><id>1</id></i></r>", "<r></r>"), (&format!(r#"{xml}"path":"$.r","expand":"$.i""#), "<r><i><id>1</id></i></r>", "<r> </r>"), (&format!(r#"{xml}"path":"$.r.i""#), "<r><i><id>1</id></i></r>", "<r/>"),
    ] {
        let definition = crate::world::definition(&format!(r#""entities":{{"thing":{{"read":{{"request":{{"url":"/things"}},"records":{{{records}}},"pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}}}}}}}}}}"#));
        let (first, last) = (rows.to_owned(), end.to_owned());
        let world = crate::world::World::of(move |request| crate::script::answer(200, if request.url.as_str().ends_with("page=1") { &first } else { &last }));
        let read = crate::world::Run::new(&definition, "thing").read(&world, None).await;
        assert_eq!((read.map(|(ids, _)| ids.len()).map_err(|fault| fault.message), world.lines().len()), (Ok(1), 2), "{records} {end}");
    }
}
