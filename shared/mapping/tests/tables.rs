//! Tables of elsewhere: a record that needs keys nobody loaded waits, asks for all of them at once, and leaves no trace.
#![expect(clippy::unwrap_used, reason = "the helper beside the tests may fail as loudly as the tests")]

use std::{cell::RefCell, collections::HashMap};

use document::{Item, Limits, Value, parse_str};
use mapping::{Draft, Found, Mapping, Outcome, Run, Runner, Tables};

const MAPPING: &str = r#"{
  "tables": {"sku": {"mode": "batched"}, "name": {"mode": "per_record"}},
  "ops": [
    {"op": "dedupe", "by": "id"},
    {"op": "each", "path": "$.lines[*]", "ops": [{"op": "lookup", "table": "sku", "key": "article", "to": "sku", "on_miss": "absent"}]},
    {"op": "lookup", "table": "name", "key": "customer", "to": "name"}
  ]
}"#;

struct Loaded(HashMap<(&'static str, &'static str), Option<Value>>, RefCell<usize>);

impl Tables for Loaded {
    fn find(&self, table: &str, key: &str) -> Found<'_> {
        *self.1.borrow_mut() += 1;
        match self.0.iter().find(|((known, loaded), _)| *known == table && *loaded == key) {
            Some((_, Some(value))) => Found::Value(Item::from(value)),
            Some((_, None)) => Found::Nothing,
            None => Found::NotLoaded,
        }
    }
}

fn mapping() -> Mapping {
    Draft::parse(MAPPING).unwrap().check().into_checked().unwrap()
}

#[test]
fn a_record_asks_for_every_key_it_lacks_once_and_is_mapped_when_they_are_there() {
    let mapping = mapping();
    let mut runner = Runner::new(&mapping, Limits::default());
    let record = br#"{"id":1,"customer":"C","lines":[{"article":"A"},{"article":"B"},{"article":"A"},{}]}"#;
    let now = "2026-11-21T12:00:00Z".parse().unwrap();
    let mut out = Vec::new();
    let wanted = Outcome::Wanting([("sku", "A"), ("sku", "B"), ("name", "C")].map(|(table, key)| (table.to_owned(), key.to_owned())).to_vec());
    assert_eq!(runner.run(record, &Run::at(now), &mut out), Ok(wanted.clone()));
    assert_eq!(runner.run(record, &Run::at(now), &mut out), Ok(wanted), "a record that waits was not there for `dedupe`");
    assert!(out.is_empty());
    let value = |text: &str| Some(parse_str(text).unwrap());
    let tables = Loaded(HashMap::from([(("sku", "A"), value(r#""TEE""#)), (("sku", "B"), None), (("name", "C"), value(r#"{"first":"Åsa"}"#))]), RefCell::default());
    let run = Run { tables: &tables, ..Run::at(now) };
    assert_eq!(runner.run(record, &run, &mut out), Ok(Outcome::Mapped));
    let expected = r#"{"id":1,"customer":"C","lines":[{"article":"A","sku":"TEE"},{"article":"B"},{"article":"A","sku":"TEE"},{}],"name":{"first":"Åsa"}}"#;
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    assert_eq!(*tables.1.borrow(), 4, "one question for each key");
}
