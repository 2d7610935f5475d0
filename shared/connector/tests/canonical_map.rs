//! Canonical maps at work: the one shown in `mapping/OPERATIONS.md`, which is read here, and records that do not fit one.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

use std::{fs, path::Path};

use connector::{Connector, Draft};
use document::{Item, parse_str};
use fault::Fault;
use mapping::{MapError, Mapped, Run};

fn definition(map: &str) -> String {
    format!(r#"{{"metadata":{{"slug":"shop","type":"source"}},"entities":{{"order":{{"read":{{"request":{{"url":"https://shop.example.com/orders"}}}}}}}},"canonical_map":{map}}}"#)
}

/// A connector with this map of its orders.
fn connector(map: &str) -> Connector {
    let report = Draft::parse(&definition(map)).unwrap().check();
    assert_eq!(report.findings(), []);
    report.into_checked().unwrap()
}

fn mapped(connector: &Connector, record: &str) -> Result<Mapped, MapError> {
    let record = parse_str(record).unwrap();
    connector.canonical_map("order").unwrap().plan.apply(Item::Tree(&record), &Run::at("2026-11-21T12:00:00Z".parse().unwrap()))
}

#[test]
fn the_canonical_map_of_the_reference_gives_what_it_shows() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../mapping/OPERATIONS.md")).unwrap();
    let chapter = page.split("\n## ").find(|chapter| chapter.starts_with("Canonical maps")).expect("the chapter is there");
    let map = chapter.split("```json").nth(1).and_then(|behind| behind.split("```").next()).expect("a map is shown");
    let (record, fields) = chapter.lines().find_map(|line| line.strip_prefix('`')?.strip_suffix('`')?.split_once("` → `")).expect("what it gives is shown");

    let connector = connector(map);
    let mapped = mapped(&connector, record).unwrap();
    assert_eq!(mapped.fields.to_string(), fields);
    assert_eq!(mapped.extensions.to_string(), r#"{"vendor_note":"x"}"#);
    assert_eq!(connector.canonical_map("order").unwrap().kind.check(&mapped.fields), []);
}

#[test]
fn a_record_that_does_not_fit_its_map_says_why_and_where() {
    let connector = connector(r#"{"order":{"type":"order","key":"$.id","fields":{"orderId":"$.id","status":{"path":"$.state","map":{"1":"open"}},"totalAmount":{"path":"$.total","cast":"decimal"},"currency":{"value":"{{ upper(record.currency) }}"},
        "lineItems":{"each":"$.rows[*]","fields":{"sku":{"path":"$.sku","required":true}}}}}}"#);
    for (record, code, told) in [
        ("{}", "record_without_key", "no key at `$.id`"),
        (r#"{"id":""}"#, "record_without_key", "no key at `$.id`"),
        (&format!(r#"{{"id":"{}"}}"#, "k".repeat(1_025)), "key_too_long", "the key at `$.id` has 1025 bytes"),
        (r#"{"id":1,"rows":[{"sku":"A"},{"sku":null}]}"#, "record_without_path", "no value at `$.sku` for required `/lineItems/1/sku`"),
        (r#"{"id":1,"total":"many"}"#, "mapping_cast", "the string at `$.total` cannot become decimal for `/totalAmount`"),
        (r#"{"id":1,"state":7}"#, "mapping_miss", "the value at `$.state` is not in the table of `/status`"),
        (r#"{"id":1,"currency":7}"#, "expression_type", ""),
    ] {
        let error = mapped(&connector, record).unwrap_err();
        assert!(error.code() == code && error.to_string().contains(told), "{record}: {} {error}", error.code());
    }
}

/// What such a map makes is judged record by record, and a connection that works with it goes on.
#[test]
fn what_the_type_does_not_know_of_a_map_is_told_and_the_map_can_be_used() {
    for (field, code) in [
        (r#""status":{"path":"$.state","map":{"1":"opened","2":"open"}}"#, "definition_unknown_value"), (r#""status":{"path":"$.state","map":{"1":7,"2":"open"}}"#, "definition_unknown_value"), (r#""status":{"path":"$.state","default":"payed"}"#, "definition_unknown_value"),
        (r#""status":{"const":"sent"}"#, "definition_unknown_value"), (r#""note":{"each":"$.notes","fields":{"text":"$.t"}}"#, "definition_wrong_type"),
    ] {
        let definition = definition(&format!(r#"{{"order":{{"type":"order","key":"$.id","fields":{{"orderId":"$.id",{field}}}}}}}"#));
        let report = Draft::parse(&definition).unwrap().check();
        let told: Vec<_> = report.findings().iter().map(|finding| finding.code).collect();
        assert_eq!(told, [code], "{field}");
        let connector = report.into_checked().unwrap_or_else(|report| panic!("{field}: {:?}", report.findings()));
        assert!(mapped(&connector, r#"{"id":1,"state":"2","notes":[]}"#).is_ok(), "{field}");
    }
}
