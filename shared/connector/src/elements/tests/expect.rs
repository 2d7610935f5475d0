//! `expect`: what comes of a recorded test.

use document::Value;

use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// What comes of a recorded test; what is absent is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expect {
    /// How many records are read; of a snapshot, how many items it gives.
    pub records: Option<i64>,
    /// How many requests are made.
    pub requests: Option<i64>,
    /// The records, in order.
    pub data: Option<Vec<Value>>,
    /// The canonical events, in order: members named here must be equal, fields as a whole.
    pub events: Option<Vec<Value>>,
    /// The items of a snapshot, in order: as events.
    pub items: Option<Vec<Value>>,
    /// The records a snapshot leaves out, in order.
    pub left_out: Option<Vec<Value>>,
    /// The code it fails with.
    pub error: Option<String>,
}

pub(super) static EXPECT: Element = Element {
    name: "expect",
    doc: "What comes of it; what is not named is not looked at.",
    keys: &[
        Key::new("records", Takes::Integer, "How many records are read; of a snapshot, how many items it gives."),
        Key::new("requests", Takes::Integer, "How many requests are made."),
        Key::new("data", Takes::List(&Takes::Any), "The records of an entity, in order."),
        Key::new("events", Takes::List(&Takes::Any), "The canonical events of an entity, in order: each member named must be equal, `fields` as a whole."),
        Key::new("items", Takes::List(&Takes::Any), "The items of a snapshot, in order: of `key`, `canonicalType`, `occurredAt` and `fields` each named must be equal, `fields` as a whole."),
        Key::new("left_out", Takes::List(&Takes::Any), "The records a snapshot leaves out, in order: of `record` (its id), `key`, `why` (`absent`, `lookup`, `no_key`, `no_value`) and `field` each named must be equal."),
        Key::new("error", Takes::Text, "The code it fails with."),
    ],
};

pub(super) fn read(cx: &mut Check, node: &Node<'_>, of_snapshot: bool) -> Option<Expect> {
    EXPECT.open(cx, node)?;
    let number = |cx: &mut Check, key: &str| {
        let number = node.get(key)?;
        let count = number.integer(cx)?;
        if count < 0 {
            cx.error("definition_unknown_value", &number.at, "there are never fewer than none", "write 0 or more");
        }
        Some(count)
    };
    let list = |cx: &mut Check, key: &str| node.get(key).and_then(|list| list.items(cx)).map(|items| items.iter().map(|item| item.value.clone()).collect());
    let error = node.get("error").and_then(|error| error.text(cx)).map(str::to_owned);
    if let (Some(error), Some(at)) = (&error, node.get("error"))
        && fault::CODES.iter().all(|code| code.name != error)
    {
        let hint = crate::nearest(error, fault::CODES.iter().map(|code| code.name)).map_or_else(|| "write the code a run fails with".to_owned(), |near| format!("did you mean `{near}`?"));
        cx.error("definition_unknown_value", &at.at, format!("no code `{error}`"), hint);
    }
    for (key, belongs) in [("data", "entity"), ("events", "entity"), ("items", "snapshot"), ("left_out", "snapshot")] {
        if let Some(found) = node.get(key).filter(|_| (belongs == "snapshot") != of_snapshot) {
            let hint = if of_snapshot { "expect `items`, or `records` for their number" } else { "expect `events` or `data`, or let the test read a `snapshot`" };
            cx.error("definition_unknown_key", &found.at, format!("`{key}` belongs to a test of `{belongs}`"), hint);
        }
    }
    let expect = Expect { records: number(cx, "records"), requests: number(cx, "requests"), data: list(cx, "data"), events: list(cx, "events"), items: list(cx, "items"), left_out: list(cx, "left_out"), error };
    if ["records", "requests", "data", "events", "items", "left_out", "error"].iter().all(|key| node.get(key).is_none()) {
        let hint = if of_snapshot { "add `records`, `requests`, `items`, `left_out` or `error`" } else { "add `records`, `requests`, `data`, `events` or `error`" };
        cx.error("definition_missing_key", &node.at, "nothing is expected", hint);
    }
    Some(expect)
}
