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
    /// The ids of the records, in order.
    pub ids: Option<Vec<String>>,
    /// The canonical events, in order: members named here must be equal, fields as a whole.
    pub events: Option<Vec<Value>>,
    /// The records that cannot be mapped, in order; where it is absent, one fails the test that expects events.
    pub refused: Option<Vec<Refused>>,
    /// The items of a snapshot, in order: as events.
    pub items: Option<Vec<Value>>,
    /// The records a snapshot leaves out, in order.
    pub left_out: Option<Vec<Value>>,
    /// The code it fails with.
    pub error: Option<String>,
}

/// A record that cannot be mapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its id, as the source names it.
    pub id: Option<String>,
    /// The code it is refused with.
    pub code: String,
}

static REFUSED: Element = Element {
    name: "refused_record",
    doc: "A record that cannot be mapped.",
    keys: &[Key::new("id", Takes::Text, "Its id, as the source names it; not looked at where it is absent."), Key::required("code", Takes::Text, "The code it is refused with.")],
};
pub(super) static EXPECT: Element = Element {
    name: "expect",
    doc: "What comes of it; what is not named is not looked at.",
    keys: &[
        Key::new("records", Takes::Integer, "How many records are read; of a snapshot, how many items it gives."),
        Key::new("requests", Takes::Integer, "How many requests are made."),
        Key::new("data", Takes::List(&Takes::Any), "The records of an entity, in order."),
        Key::new("ids", Takes::List(&Takes::Text), "The ids of the records of an entity, in order, as the source names them: where the records are too large to stand here."),
        Key::new("events", Takes::List(&Takes::Any), "The canonical events of an entity, in order: each member named must be equal, `fields` as a whole."),
        Key::new("refused", Takes::List(&Takes::Of(&REFUSED)), "The records of an entity that cannot be mapped, in order; without it, such a record fails a test that expects `events`."),
        Key::new("items", Takes::List(&Takes::Any), "The items of a snapshot, in order: of `key`, `canonicalType`, `occurredAt` and `fields` each named must be equal, `fields` as a whole."),
        Key::new("left_out", Takes::List(&Takes::Any), "The records a snapshot leaves out, in order: of `record` (its id), `key`, `why` (`absent`, `lookup`, `no_key`, `no_value`, `unmapped`, `letters`), `field` (without a value), `code` (of one that cannot be mapped) and `written` (its key, in other letters than it was asked for) each named must be equal. A snapshot of which no record can be mapped fails, unless they are named here."),
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
    let error = node.get("error").and_then(|error| code(cx, &error));
    for (key, belongs) in [("data", "entity"), ("ids", "entity"), ("events", "entity"), ("refused", "entity"), ("items", "snapshot"), ("left_out", "snapshot")] {
        if let Some(found) = node.get(key).filter(|_| (belongs == "snapshot") != of_snapshot) {
            let hint = if of_snapshot { "expect `items`, or `records` for their number" } else { "expect `events` or `data`, or let the test read a `snapshot`" };
            cx.error("definition_unknown_key", &found.at, format!("`{key}` belongs to a test of `{belongs}`"), hint);
        }
    }
    let ids = node.get("ids").and_then(|ids| ids.items(cx)).map(|ids| ids.iter().filter_map(|id| id.text(cx).map(str::to_owned)).collect());
    let refused = node.get("refused").and_then(|list| list.items(cx)).map(|list| list.iter().filter_map(|record| refused(cx, record)).collect());
    let expect = Expect { records: number(cx, "records"), requests: number(cx, "requests"), data: list(cx, "data"), ids, events: list(cx, "events"), refused, items: list(cx, "items"), left_out: list(cx, "left_out"), error };
    if EXPECT.keys.iter().all(|key| node.get(key.name).is_none()) {
        let hint = if of_snapshot { "add `records`, `requests`, `items`, `left_out` or `error`" } else { "add `records`, `requests`, `data`, `events` or `error`" };
        cx.error("definition_missing_key", &node.at, "nothing is expected", hint);
    }
    Some(expect)
}

fn refused(cx: &mut Check, node: &Node<'_>) -> Option<Refused> {
    REFUSED.open(cx, node)?;
    let id = node.get("id").map_or(Some(None), |id| id.text(cx).map(|id| Some(id.to_owned())));
    let code = node.need(cx, "code").and_then(|code| self::code(cx, &code));
    Some(Refused { id: id?, code: code? })
}

/// The code something fails with; one that nobody knows is a slip.
fn code(cx: &mut Check, node: &Node<'_>) -> Option<String> {
    let code = node.text(cx)?;
    if fault::CODES.iter().all(|known| known.name != code) {
        let hint = crate::nearest(code, fault::CODES.iter().map(|known| known.name)).map_or_else(|| "write the code a run fails with".to_owned(), |near| format!("did you mean `{near}`?"));
        cx.error("definition_unknown_value", &node.at, format!("no code `{code}`"), hint);
    }
    Some(code.to_owned())
}
