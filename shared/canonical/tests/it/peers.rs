//! The files mean to others what they mean here: `jsonschema` judges every document as we do, right and wrong alike.
//!
//! It holds numbers as floats and does not know our word `decimal`, so the numbers here are short.

use std::cell::Cell;

use canonical::{KINDS, Kind};
use document::{Item, Limits, Parser, parse_str};
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The file of a type as others read it.
fn file(kind: &Kind) -> Value {
    let (_, text) = super::files(&format!("schemas/{}", kind.name)).into_iter().find(|(version, _)| *version == kind.version.to_string()).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn peer(schema: &Value) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

/// Both judges on one document, and ours on it as a tree and as a text; answers whether it is right.
fn agreed(kind: &Kind, peer: &Validator, document: &Value) -> bool {
    let text = document.to_string();
    let tree = parse_str(&text).unwrap();
    let findings = kind.check(&tree);
    assert_eq!(tree.to_string(), parse_str(&text).unwrap().to_string(), "what is judged is left as it is");
    let mut parser = Parser::new(Limits::default());
    let doc = parser.parse(text.as_bytes()).unwrap();
    assert_eq!(kind.check_item(doc.root()), findings, "{} {text}", kind.name);
    assert_eq!(kind.lint(doc.root()), kind.lint(Item::Tree(&tree)), "{} {text}", kind.name);
    assert_eq!([kind.lacking(&tree), kind.misformed(&tree)].concat().is_empty(), findings.is_empty(), "{} {text}", kind.name);
    let errors: Vec<String> = peer.iter_errors(document).map(|error| error.to_string()).collect();
    assert_eq!(findings.is_empty(), errors.is_empty(), "{} {text}\nours: {}theirs: {errors:?}", kind.name, super::told(&findings));
    findings.is_empty()
}

/// Bytes that decide; when they are used up, everything is as plain as can be.
struct Dice<'d> {
    bytes: &'d [u8],
    at: Cell<usize>,
}

impl Dice<'_> {
    fn below(&self, sides: usize) -> usize {
        let byte = self.bytes.get(self.at.replace(self.at.get() + 1)).copied().unwrap_or(255);
        usize::from(byte) % sides
    }

    fn pick<'v>(&self, values: &'v [Value]) -> &'v Value {
        &values[self.below(values.len())]
    }
}

/// Values among which every rule finds one it refuses, and most one they take.
fn junk() -> Vec<Value> {
    vec![
        json!(null), json!(true), json!(0), json!(-1), json!(12.5), json!(90.5), json!(181), json!(""), json!("x"), json!("SEK"), json!("sek"), json!("SE"), json!("2026-01-31"), json!("2026-02-30"), json!("2026-01-31T09:01:40Z"),
        json!("2026-01-31T09:01:40"), json!("2026-01-31T25:01:40Z"), json!("paid"), json!("x".repeat(1025)), json!([]), json!({}), json!([null]), json!([{}]), json!(["a", 1]), json!({ "currency": "SEK" }), json!({ "amount": 1 }), json!("é".repeat(1024)),
    ]
}

/// A document by a schema; now and then something it does not say.
fn written(dice: &Dice<'_>, root: &Value, rule: &Value, depth: usize) -> Value {
    if let Some(reference) = rule["$ref"].as_str() {
        return written(dice, root, root.pointer(&reference[1..]).unwrap(), depth);
    }
    if dice.below(24) == 0 {
        return dice.pick(&junk()).clone();
    }
    if let Some(words) = rule["enum"].as_array() {
        return dice.pick(words).clone();
    }
    let sorts: Vec<&str> = rule["type"].as_array().map_or_else(|| vec![rule["type"].as_str().unwrap()], |sorts| sorts.iter().filter_map(Value::as_str).collect());
    match sorts[dice.below(16 * sorts.len()) / 16] {
        "null" => Value::Null,
        "boolean" => json!(dice.below(2) == 0),
        "number" => dice.pick(&[json!(0), json!(7), json!(19.5), json!(1000), json!(45)]).clone(),
        "string" => match (rule["format"].as_str(), rule["pattern"].as_str()) {
            (Some("date-time"), _) => dice.pick(&[json!("2026-01-31T09:01:40Z"), json!("2024-02-29T23:59:59.123+01:00"), json!("0001-01-01T00:00:00-23:59")]).clone(),
            (Some("date"), _) => json!("2024-02-29"),
            (_, Some(pattern)) => json!(if pattern.contains('3') { "SEK" } else { "SE" }),
            _ => dice.pick(&[json!("A"), json!("a text"), json!("å/~\"\n"), json!("#1001")]).clone(),
        },
        "array" => (0..dice.below(3)).map(|_| written(dice, root, &rule["items"], depth + 1)).collect(),
        _ => {
            let required: Vec<&str> = rule["required"].as_array().map_or_else(Vec::new, |names| names.iter().filter_map(Value::as_str).collect());
            let mut fields = Map::new();
            for (name, field) in rule["properties"].as_object().into_iter().flatten() {
                let chance = if required.contains(&name.as_str()) || name == "currency" { 16 } else { 3 };
                if dice.below(17) < chance && depth < 5 {
                    fields.insert(name.clone(), written(dice, root, field, depth + 1));
                }
            }
            if dice.below(9) == 0 {
                fields.insert("unheardOf".into(), dice.pick(&junk()).clone());
            }
            Value::Object(fields)
        }
    }
}

#[test]
fn a_peer_reads_every_file_and_accepts_its_examples() {
    for kind in KINDS.iter() {
        let schema = file(kind);
        assert!(jsonschema::meta::is_valid(&schema), "{}", kind.name);
        let peer = peer(&schema);
        for example in schema["examples"].as_array().unwrap() {
            assert!(agreed(kind, &peer, example), "{} {example}", kind.name);
        }
    }
}

#[test]
fn a_peer_agrees_on_every_single_value_of_every_field() {
    for kind in KINDS.iter() {
        let schema = file(kind);
        let peer = peer(&schema);
        let right = schema["examples"][0].clone();
        let mut wrong = 0;
        for name in schema["properties"].as_object().unwrap().keys() {
            for value in junk().into_iter().map(Some).chain([None]) {
                let mut document = right.clone();
                match value {
                    Some(value) => _ = document.as_object_mut().unwrap().insert(name.clone(), value),
                    None => _ = document.as_object_mut().unwrap().remove(name),
                }
                wrong += usize::from(!agreed(kind, &peer, &document));
            }
        }
        assert!(wrong > 100, "{} {wrong}", kind.name);
        for document in junk() {
            agreed(kind, &peer, &document);
        }
    }
}

#[test]
fn a_peer_agrees_on_documents_of_any_kind() {
    let peers: Vec<_> = KINDS.iter().map(|kind| (kind, file(kind))).map(|(kind, schema)| (kind, peer(&schema), schema)).collect();
    let (right, all) = (Cell::new(0), Cell::new(0));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() });
    let run = runner.run(&prop::collection::vec(any::<u8>(), 0..600), |bytes| {
        for (kind, peer, schema) in &peers {
            let document = written(&Dice { bytes: &bytes, at: Cell::new(0) }, schema, schema, 0);
            all.set(all.get() + 1);
            right.set(right.get() + usize::from(agreed(kind, peer, &document)));
        }
        Ok(())
    });
    run.unwrap();
    // Both answers are given often enough to mean something.
    assert!(right.get() * 10 > all.get() && (all.get() - right.get()) * 10 > all.get(), "{} of {} are right", right.get(), all.get());
}
