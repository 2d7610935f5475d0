//! Conditions on what is absent: it is compared as null wherever a record or an answer is asked, so that neither is lost in silence.

use canonical::Key;
use document::Value;
use engine::{Call, Config};

use crate::{api::{self, block}, script::{NOW, answer, config, running}, world::{Run, World, definition}};

/// The second lacks what the third has as null.
const RECORDS: &str = r#"[{"id":1,"sku":"1","state":"archived","n":1,"tags":["a"]},{"id":2,"sku":"2"},{"id":3,"sku":"3","state":null,"n":null,"tags":[]},{"id":4,"sku":"4","state":"new","n":9,"tags":["b"]}]"#;

/// A condition and the records of which it holds.
const CONDITIONS: &[(&str, &[&str])] = &[
    ("record.state != 'archived'", &["2", "3", "4"]),
    ("record.state == 'archived'", &["1"]),
    ("record.state == null", &["2", "3"]),
    ("record.state != null", &["1", "4"]),
    ("record.state not in ['archived', 'sold']", &["2", "3", "4"]),
    ("record.state in ['archived', null]", &["1", "2", "3"]),
    ("'a' not in record.tags", &["2", "3", "4"]),
    ("'a' in record.tags", &["1"]),
    ("record.n < 5", &["1"]),
    ("record.n >= 5", &["4"]),
    ("record.state != 'archived' and record.id != 4", &["2", "3"]),
    ("not (record.state == 'archived')", &["2", "3", "4"]),
    ("record.deeply.hidden != true", &["1", "2", "3", "4"]),
    ("is_absent(record.state)", &["2"]),
    ("record.nothing", &[]),
];

fn world() -> World {
    World::of(|request| answer(200, if request.url.query() == Some("of=") || request.url.path() != "/nodes" { RECORDS } else { "[]" }))
}

/// The ids a definition reads, and the parents whose children are asked for.
fn read(entities: &str, entity: &str) -> (Vec<String>, Vec<String>) {
    let (world, text) = (world(), definition(&format!(r#""entities":{{{entities}}}"#)));
    let (ids, _) = block(Run::new(&text, entity).read(&world, None)).unwrap();
    let mut asked: Vec<String> = world.lines().iter().filter_map(|line| line.split_once("of=").map(|(_, of)| of.to_owned())).filter(|of| !of.is_empty()).collect();
    asked.sort();
    (ids, asked)
}

#[test]
fn a_record_that_lacks_a_member_counts_as_one_where_it_is_null() {
    for (condition, holds) in CONDITIONS {
        let (ids, _) = read(&format!(r#""thing":{{"read":{{"request":{{"url":"/things"}},"records":{{"filter":"{{{{ {condition} }}}}"}}}}}}"#), "thing");
        assert_eq!(ids, *holds, "filter {condition}");
        let parents = format!(
            r#""group":{{"read":{{"request":{{"url":"/groups"}}}}}},
            "thing":{{"read":{{"fan_out":[{{"as":"group","from":{{"entity":"group","value":"$.id","filter":"{{{{ {condition} }}}}"}}}}],"request":{{"url":"/nodes","params":{{"of":"{{{{ parent.group.value }}}}"}}}}}}}}"#
        );
        assert_eq!(read(&parents, "thing").1, *holds, "parents {condition}");
        let tree = format!(
            r#""thing":{{"read":{{"fan_out":[{{"as":"node","values":[""],"recursive":{{"value":"$.id","filter":"{{{{ {condition} }}}}","max_depth":3}}}}],"request":{{"url":"/nodes","params":{{"of":"{{{{ parent.node.value }}}}"}}}}}}}}"#
        );
        assert_eq!(read(&tree, "thing").1, *holds, "a tree {condition}");
    }
}

#[test]
fn a_rule_of_what_says_nothing_sees_a_member_that_is_not_there() {
    for (condition, holds) in CONDITIONS {
        let text = format!(
            r#"{{"metadata":{{"slug":"a","type":"source"}},"base_url":"https://api.test","entities":{{"stock":{{"read":{{"request":{{"url":"/stock"}}}}}}}},
            "canonical_map":{{"stock":{{"type":"stocklevel","key":"$.sku","fields":{{"sku":"$.sku","quantity":"$.id"}}}}}},"snapshot":{{"stocklevel":{{"entity":"stock","absent":["{{{{ {condition} }}}}"]}}}}}}"#
        );
        let (config, world) = (Config::default(), world());
        let page = block(running(&text).snapshot.unwrap().snapshot(Call::new(&config, &world, NOW), "stocklevel", None, None, None)).unwrap();
        let left_out: Vec<&str> = page.left_out.iter().filter_map(|left| left.key.as_ref().map(Key::as_str)).collect();
        assert_eq!((left_out, page.items.len()), (holds.to_vec(), 4 - holds.len()), "{condition}");
    }
}

#[test]
fn an_error_is_told_of_an_answer_that_does_not_say_it_is_good() {
    for (condition, body, fits) in [
        ("response.ok != true", r#"{"id":1}"#, true),
        ("response.ok != true", r#"{"id":1,"ok":null}"#, true),
        ("response.ok != true", r#"{"id":1,"ok":true}"#, false),
        ("response.ok == false", r#"{"id":1}"#, false),
        ("response.error != null", r#"{"id":1}"#, false),
        ("response.error != null", r#"{"id":1,"error":{}}"#, true),
        ("response.data == null", r#"{"id":1}"#, true),
        ("response.code > 3", r#"{"id":1}"#, false),
        ("response.code not in [0, 1]", r#"{"id":1}"#, true),
        ("headers['x-state'] != 'good'", r#"{"id":1}"#, true),
        // What is not there is no error.
        ("response.error", r#"{"id":1}"#, false),
        ("response.error", r#"{"id":1,"error":null}"#, false),
        ("response.error", r#"{"id":1,"error":false}"#, false),
        ("response.error", r#"{"id":1,"error":true}"#, true),
        ("contains(response.error, 'x')", r#"{"id":1}"#, false),
        ("response.a and response.b", r#"{"id":1}"#, false),
        // A page for people says nothing of `ok`: that it is no answer is found out elsewhere, and tried again.
        ("response.ok != true", "<html>", false),
        ("response == null", "", false),
        ("is_absent(response)", "<html>", true),
        ("headers['x-state'] != 'good'", "<html>", true),
    ] {
        let text = api::definition(&format!(r#""request":{{"url":"/x"}},"errors":[{{"body":"{{{{ {condition} }}}}","class":"invalid"}}]"#), "");
        let (told, _) = api::read(&text, || api::World::of(move |_| answer(200, body)));
        assert_eq!(told.code().0 == "destination_rejected", fits, "{condition} {body} {told:?}");
    }
}

#[test]
fn a_condition_that_is_neither_true_nor_false_of_a_good_answer_is_loud_and_of_another_its_status_counts() {
    let object = "`{{ response.error }}`, the condition at `/entities/thing/read/errors/0/body`, gives an object of an answer with status 200: that is neither true nor false";
    for (condition, status, body, code, message) in [
        ("response.error", 200, r#"{"id":1,"error":{"code":5}}"#, "definition_records", object),
        ("response.error", 200, r#"{"id":1,"error":"no"}"#, "definition_records", "gives a string of an answer"),
        ("response.error", 200, r#"{"id":1,"error":0}"#, "definition_records", "gives a number of an answer"),
        ("response.code > 0", 200, r#"{"id":1,"code":"500"}"#, "expression_type", "`{{ response.code > 0 }}`, the condition at `/entities/thing/read/errors/0/body`, cannot be asked of an answer with status 200: "),
        ("response.error", 500, r#"{"error":{"code":5}}"#, "destination_unavailable", "the other system answered 500"),
        ("response.code > 0", 404, r#"{"code":"500"}"#, "destination_rejected", "the other system answered 404"),
        ("response.error and response.code > 0", 200, r#"{"id":1,"error":true,"code":"x"}"#, "expression_type", "cannot be asked"),
    ] {
        let text = api::definition(&format!(r#""request":{{"url":"/x"}},"errors":[{{"body":"{{{{ {condition} }}}}","class":"invalid"}}]"#), "");
        let (told, world) = api::read(&text, || api::World::of(move |_| answer(status, body)));
        assert_eq!((told.code().0, world.sent().len()), (code, if code == "destination_unavailable" { 5 } else { 1 }), "{condition} {body} {told:?}");
        assert!(told.code().1.contains(message), "{condition} {body} {told:?}");
    }
}

#[test]
fn a_condition_that_tells_a_session_to_be_over_is_as_loud() {
    let text = definition(
        r#""auth":{"type":"oauth2","grant":"client_credentials","client_id":"a","client_secret":"{{ config.secret }}","token_url":"https://api.test/oauth/token","refresh":{"when":[{"status":200,"body":"{{ response.expired }}"}]}},
        "config":{"secret":{"type":"string","secret":true}},"entities":{"thing":{"read":{"request":{"url":"/things"},"records":{"path":"$.data"}}}}"#,
    );
    for (expired, code) in [("null", None), ("false", None), ("\"yes\"", Some("definition_records")), ("{}", Some("definition_records"))] {
        let world = World::of(move |request| answer(200, &if request.url.path() == "/things" { format!(r#"{{"data":[],"expired":{expired}}}"#) } else { r#"{"access_token":"t"}"#.to_owned() }));
        let fault = block(Run { config: config(&[("secret", "s3cret")]), ..Run::new(&text, "thing") }.read(&world, None)).err();
        assert_eq!((fault.as_ref().map(|fault| fault.code), world.lines().len()), (code, 2), "{expired} {fault:?}");
        assert!(fault.is_none_or(|fault| fault.message.contains("the condition at `/auth/refresh/when/0/body`")));
    }
}

#[test]
fn a_listing_ends_where_what_leads_on_is_not_there() {
    // How many of three pages are read: the second names nothing further, the third is empty.
    for (until, pages) in [
        ("response.next == null", 2), ("response.next != 'p2'", 2), ("response.next != null", 1), ("response.more != true", 1), ("response.left < 1", 3), ("response.next == 'p3'", 3), ("'p2' not in response.follow", 2), ("response.last == true", 3),
    ] {
        let text = api::definition(&format!(r#""request":{{"url":"/x"}},"records":{{"path":"$.data"}},"pagination":{{"type":"page","inject":{{"page":{{"in":"query","name":"page"}}}},"stop":{{"when":["empty"],"until":"{{{{ {until} }}}}"}}}}"#), "");
        let (told, world) = api::read(&text, || api::World::of(|request| answer(200, match request.url.query() {
            Some("page=1") => r#"{"data":[{"id":1}],"next":"p2","follow":["p2"]}"#,
            Some("page=2") => r#"{"data":[{"id":2}]}"#,
            _ => r#"{"data":[],"next":"p2","follow":["p2"]}"#,
        })));
        assert_eq!((told.code(), world.sent().len()), (("", ""), pages), "{until}");
    }
}

#[test]
fn what_a_template_makes_stays_absent_where_a_condition_would_hold() {
    let text = definition(r#""entities":{"thing":{"read":{"request":{"url":"/things"},"records":{"add":{"open":"{{ record.state != 'archived' }}"}}}}}"#);
    let (records, _) = block(Run::new(&text, "thing").records(&world(), None)).unwrap();
    assert_eq!(records.iter().map(|record| record.get("open").and_then(Value::as_bool)).collect::<Vec<_>>(), [Some(false), None, Some(true), Some(true)]);
}
