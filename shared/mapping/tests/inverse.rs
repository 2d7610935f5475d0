//! A canonical map read backwards: what it writes is what the record held, and what it cannot write it names.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

use document::{Item, Path, Value, authored::{Codes, Findings, Node}, parse_str};
use mapping::{Cast, Field, Irreversible, OnMiss, Pick, Plan, RAW, Run, Source};
use proptest::{collection::vec, prelude::*};

static CODES: Codes = Codes { unknown_key: "mapping_unknown_key", missing_key: "mapping_missing_key", wrong_type: "mapping_wrong_type", unknown_value: "mapping_unknown_value" };

/// A picked field as a definition writes it; the only function here that knows how one is made.
fn pick(text: &str) -> Pick {
    let value = parse_str(text).unwrap();
    let node = Node::root(&value);
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let cast = node.get("cast").map(|to| Cast::read(&mut Findings::new(&CODES), &to, &node).unwrap());
    let table = value.get("map").and_then(Value::entries).unwrap_or_default().to_vec();
    let on_miss = match text("on_miss") {
        Some("absent") => OnMiss::Absent,
        Some("keep") => OnMiss::Keep,
        _ => OnMiss::Error,
    };
    let raw = text("raw").map(|word| RAW.iter().find(|(known, _)| *known == word).unwrap().1);
    let absent_when_null = text("absent_when_null").map(|path| Field::parse(path).unwrap());
    Pick { table, on_miss, cast, default: value.get("default").cloned(), absent_when_null, raw, ..Pick::of(Field::parse(text("path").unwrap()).unwrap()) }
}

/// Fields that can be written back, and what their records may hold.
const INVERTIBLE: &[(&str, &str)] = &[
    (r#"{"path":"$.a"}"#, r#"[null, true, 1, 19.990, "", "x", [1, null], {"b": {"c": "1"}}]"#),
    (r#"{"path":"$.deep.er.b"}"#, r#"[null, "x", 1E400, 9223372036854775808]"#),
    (r#"{"path":"$['a name']['with/strokes~']"}"#, r#"["x", 0]"#),
    (r#"{"path":"$.c","cast":"string","raw":"number"}"#, r#"[0, 19.990, -1, 1e3, null]"#),
    (r#"{"path":"$.d","cast":"string","raw":"string"}"#, r#"["", " x ", "19.990", null]"#),
    (r#"{"path":"$.e","cast":"string","raw":"boolean"}"#, r#"[true, false]"#),
    (r#"{"path":"$.f","cast":"integer","raw":"string"}"#, r#"["0", "7", "-12", "123456789012345678901"]"#),
    (r#"{"path":"$.g","cast":"integer","raw":"number"}"#, r#"[0, 7.0, 1e3, -5]"#),
    (r#"{"path":"$.h","cast":"decimal","scale":-2,"raw":"number"}"#, r#"[0, 1, 59894, -100, 5, 12.5]"#),
    (r#"{"path":"$.i","cast":"decimal","scale":3,"raw":"number"}"#, r#"[0.001, 12, -1.5]"#),
    (r#"{"path":"$.j","cast":"boolean","raw":"boolean"}"#, r#"[true, false, null]"#),
    (r#"{"path":"$.k","cast":"datetime","formats":"%d/%m/%Y %H:%M","zone":"Europe/Stockholm"}"#, r#"["31/01/2026 09:01", "01/07/2026 00:00"]"#),
    (r#"{"path":"$.l","cast":"datetime","raw":"string"}"#, r#"["2026-01-31T09:01:40Z", "2026-01-31T09:01:40.123Z"]"#),
    (r#"{"path":"$.m","map":{"1":"open","2":"shipped","3":7},"raw":"number"}"#, r#"[1, 2, 3, null]"#),
    (r#"{"path":"$.n","map":{"O":"open","S":"shipped"}}"#, r#"["O", "S"]"#),
    (r#"{"path":"$.o","map":{"yes":"true","no":"false"},"cast":"boolean"}"#, r#"["yes", "no"]"#),
    (r#"{"path":"$.p","cast":"json","raw":"string"}"#, r#"["[1,2]", "{\"a\":19.990}"]"#),
];

/// Fields that cannot, and why.
fn lacking() -> Vec<(&'static str, Irreversible)> {
    use Irreversible::{AbsentWhenNull, Default, Forms, Lossy, Place, RawUnsaid, Table, TableMiss};
    vec![
        (r#"{"path":"$.a","default":1}"#, Default), (r#"{"path":"$.a","absent_when_null":"$.b"}"#, AbsentWhenNull), (r#"{"path":"$.a","cast":"integer"}"#, RawUnsaid),
        (r#"{"path":"$.a","cast":"decimal","places":2,"raw":"number"}"#, Lossy), (r#"{"path":"$.a","cast":"integer","rounding":"down","raw":"string"}"#, Lossy), (r#"{"path":"$.a","cast":"date","raw":"string"}"#, Lossy),
        (r#"{"path":"$.a","cast":"datetime","formats":["%Y-%m-%d","%d/%m/%Y"],"raw":"string"}"#, Forms), (r#"{"path":"$.a","cast":"datetime","raw":"number"}"#, Forms), (r#"{"path":"$.a","cast":"boolean","raw":"string"}"#, Forms), (r#"{"path":"$.a","cast":"decimal","scale":3,"raw":"string"}"#, Forms),
        (r#"{"path":"$.a","map":{"x":1,"y":1}}"#, Table), (r#"{"path":"$.a","map":{"x":1,"y":1.0}}"#, Table), (r#"{"path":"$.a","map":{"x":null}}"#, Table), (r#"{"path":"$.a","map":{"1":"x"}}"#, RawUnsaid),
        (r#"{"path":"$.a","map":{"x":"1","y":"01"},"cast":"integer"}"#, Table), (r#"{"path":"$.a","map":{"x":1},"on_miss":"keep"}"#, TableMiss), (r#"{"path":"$.a","map":{"x":1},"on_miss":"absent"}"#, TableMiss),
        (r#"{"path":"$.a[0]"}"#, Place), (r#"{"path":"$.a[-1].b"}"#, Place),
    ]
}

fn plan(fields: Vec<(String, Source)>) -> Plan {
    Plan { key: Field::parse("$.id").unwrap(), fields, extensions: Vec::new() }
}

fn run() -> Run<'static> {
    Run::at("2026-11-21T12:00:00Z".parse().unwrap())
}

#[test]
fn every_field_that_cannot_be_written_back_is_named_with_its_reason() {
    for (text, reason) in lacking() {
        let inversion = plan(vec![("field".into(), Source::Pick(pick(text)))]).inverse();
        assert_eq!((inversion.lacking, inversion.inverse.fields()), (vec![("field".to_owned(), reason)], Vec::new()), "{text}");
    }
    let at = |path: &str| Source::Pick(Pick::of(Field::parse(path).unwrap()));
    let inner = vec![("sku".to_owned(), at("$.sku")), ("kind".to_owned(), Source::Const("line".into()))];
    let fields = [
        ("one", Source::Const(1.into())), ("made", Source::Value(expr::Template::parse("{{ record.a }}").unwrap())), ("a.b", at("$.x")), ("a", at("$.y")), ("same", at("$.x")), ("inside", at("$.x.deep")),
        ("lines", Source::Each { path: Path::parse("$.rows[*]").unwrap(), fields: inner }), ("others", Source::Each { path: Path::parse("$..rows[*]").unwrap(), fields: Vec::new() }), ("whole", at("$")),
    ];
    let inversion = plan(fields.into_iter().map(|(name, source)| (name.to_owned(), source)).collect()).inverse();
    let told: Vec<String> = inversion.lacking.iter().map(|(field, reason)| format!("{field}: {reason}")).collect();
    assert_eq!(told, [
        "one: it is a constant, and nothing of the record", "made: an expression makes it", "a: its path overlaps that of `a.b`", "same: its path overlaps that of `a.b`", "inside: its path overlaps that of `a.b`",
        "lines[].kind: it is a constant, and nothing of the record", "others: its path names more than members", "whole: its path overlaps that of `a.b`",
    ]);
    assert_eq!(inversion.inverse.fields(), ["a.b", "lines[].sku", "lines"]);
}

/// A record and which fields of it are mapped: places in the list above, and which of their values stands there, if any.
fn choice() -> impl Strategy<Value = Vec<(usize, Option<prop::sample::Index>)>> {
    vec((0..INVERTIBLE.len(), proptest::option::of(any::<prop::sample::Index>())), 0..8).prop_map(|mut fields| {
        fields.sort_by_key(|(at, _)| *at);
        fields.dedup_by_key(|(at, _)| *at);
        fields
    })
}

fn put(record: &mut Value, path: &Field, value: Value) {
    let names = path.names().unwrap();
    let made = names.iter().rev().fold(value, |value, name| Value::Object(vec![((*name).to_owned(), value)]));
    let (name, value) = made.entries().unwrap()[0].clone();
    record.set(&name, value);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_back_is_what_the_record_held(choice in choice(), rows in vec(choice(), 0..3), others in proptest::bool::ANY) {
        let mut record = parse_str(r#"{"id":"1"}"#).unwrap();
        let fill = |record: &mut Value, choice: &[(usize, Option<prop::sample::Index>)]| for (at, value) in choice {
            let values = parse_str(INVERTIBLE[*at].1).unwrap();
            if let Some(value) = value {
                put(record, &pick(INVERTIBLE[*at].0).path, value.get(values.items().unwrap()).clone());
            }
        };
        fill(&mut record, &choice);
        let fields_of = |choices: &mut dyn Iterator<Item = usize>| choices.map(|at| (format!("field{at}.value"), Source::Pick(pick(INVERTIBLE[at].0)))).collect::<Vec<_>>();
        let mut fields = fields_of(&mut choice.iter().map(|(at, _)| *at));
        let elements: Vec<Value> = rows.iter().map(|choice| {
            let mut element = Value::Object(Vec::new());
            fill(&mut element, choice);
            element
        }).collect();
        put(&mut record, &Field::parse("$.rows.all").unwrap(), Value::Array(elements));
        fields.push(("key".into(), Source::Pick(Pick::of(Field::parse("$.id").unwrap()))));
        fields.push(("lines".into(), Source::Each { path: Path::parse("$.rows.all[*]").unwrap(), fields: fields_of(&mut (0..INVERTIBLE.len())) }));
        let held = record.clone();
        if others {
            // What no field can write back changes nothing of what the others write.
            fields.extend(lacking().into_iter().filter(|(text, _)| text.contains("default") || text.contains("[0]")).enumerate().map(|(at, (text, _))| (format!("other{at}"), Source::Pick(pick(text)))));
            fields.push(("one".into(), Source::Const(1.into())));
            record.set("unmapped", "x".into());
        }
        let plan = plan(fields);
        let mapped = plan.apply(Item::Tree(&record), &run()).unwrap();
        let back = plan.inverse().inverse.apply(&mapped.fields);
        prop_assert_eq!(Item::Tree(&back), Item::Tree(&held), "{} by {}", back, mapped.fields);
        let again = plan.apply(Item::Tree(&back), &run()).unwrap();
        prop_assert_eq!(plan.inverse().inverse.apply(&again.fields).to_string(), back.to_string());
    }
}
