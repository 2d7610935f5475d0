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

/// A list of one that is written as the object itself, as XML is without `always_list`, gives its members behind `[*]`.
#[test]
fn an_element_that_is_no_object_refuses_the_record_unless_its_fields_are_read_from_the_element_itself() {
    let (sku, note) = (r#"{"sku":"$.sku","quantity":{"path":"$.qty","cast":"integer"}}"#, r#"{"sku":"$"}"#);
    for (path, fields, rows, made) in [
        ("$.rows.row[*]", sku, r#"{"row":{"sku":"C","qty":"4"}}"#, Err("the string at `$.rows.row[*]` is no object, and the fields of `/lineItems/0` are members of one: if a list of one stands there without the list, name it in `always_list` where it is XML, or leave `[*]` out")),
        ("$.rows.row", sku, r#"{"row":{"sku":"C","qty":"4"}}"#, Ok(r#"[{"sku":"C","quantity":4}]"#)), ("$.rows.row[*]", sku, r#"{"row":[{"sku":"C","qty":"4"}]}"#, Ok(r#"[{"sku":"C","quantity":4}]"#)),
        ("$.rows.row[*]", sku, r#"{"row":[{"sku":"C","qty":"4"},null]}"#, Err("the null at `$.rows.row[*]` is no object, and the fields of `/lineItems/1`")), ("$.rows.row", sku, r#"{"row":["C"]}"#, Err("correct the path, or read the element itself with `$`")),
        ("$.rows.row", sku, r#"{"row":"C"}"#, Err("the string at `$.rows.row` is no object")), ("$.rows.row[*]", sku, r#"{"row":[[1]]}"#, Err("the array at")),
        ("$.rows.row[*]", r#"{"sku":{"value":"{{ item.sku }}"}}"#, r#"{"row":{"sku":"C"}}"#, Err("the string at")), ("$.rows.row[*]", r#"{"sku":{"const":"x"},"parts":{"each":"$.parts[*]","fields":{"id":"$.id"}}}"#, r#"{"row":{"sku":"C"}}"#, Err("the string at")),
        // A list without elements, as some write it.
        ("$.rows.row", sku, r#"{"row":null}"#, Ok("")), ("$.rows.row", sku, r#"{"row":""}"#, Ok("")), ("$.rows.row", sku, r#"{"row":[]}"#, Ok("[]")), ("$.rows.row[*]", sku, r#"{"row":""}"#, Ok("")),
        // Lists of plain values.
        ("$.rows.row[*]", note, r#"{"row":["C","D"]}"#, Ok(r#"[{"sku":"C"},{"sku":"D"}]"#)), ("$.rows.row[*]", r#"{"sku":{"value":"{{ item }}"}}"#, r#"{"row":["C"]}"#, Ok(r#"[{"sku":"C"}]"#)),
        ("$.rows.row[*]", r#"{"sku":"$[0]"}"#, r#"{"row":[["C",1]]}"#, Ok(r#"[{"sku":"C"}]"#)), ("$.rows.row[*]", r#"{"sku":{"value":"{{ record.id }}"}}"#, r#"{"row":["C"]}"#, Ok(r#"[{"sku":1}]"#)),
    ] {
        let map = definition(&format!(r#"{{"order":{{"type":"order","key":"$.id","fields":{{"orderId":"$.id","lineItems":{{"each":"{path}","fields":{fields}}}}}}}}}"#));
        let connector = Draft::parse(&map).unwrap().check().into_checked().unwrap_or_else(|report| panic!("{:?}", report.findings()));
        let mapped = mapped(&connector, &format!(r#"{{"id":1,"rows":{rows}}}"#)).map(|mapped| mapped.fields.get("lineItems").map(ToString::to_string).unwrap_or_default());
        let right = match (&mapped, made) {
            (Ok(lines), Ok(made)) => lines == made,
            (Err(error), Err(made)) => error.code() == "mapping_wrong_sort" && error.to_string().contains(made),
            _ => false,
        };
        assert!(right, "{path} {fields} {rows}: {mapped:?}");
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
