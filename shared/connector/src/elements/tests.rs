//! `tests`: recorded exchanges and what comes of them, run offline.

mod exchange;
mod expect;

use canonical::Key as RecordKey;

use crate::{check::{Check, Named, Node}, shape::{Element, Key, Takes}};

pub use exchange::{Answered, Recording};
pub use expect::{Expect, Refused};

/// A recorded test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its name.
    pub name: String,
    /// What is read.
    pub subject: Subject,
    /// The values of the connection; secrets are made up.
    pub config: Vec<(String, String)>,
    /// The present of the run, by RFC 3339.
    pub now: Option<String>,
    /// What is asked and answered, in order.
    pub exchanges: Vec<Recording>,
    /// What comes of it.
    pub expect: Expect,
}

/// What a recorded test reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An entity, as a poll reads it.
    Entity {
        /// Its name.
        name: String,
        /// The cursor the run begins at.
        cursor: Option<String>,
        /// Reading stops behind so many records.
        limit: Option<i64>,
    },
    /// The current state of a canonical type, as a reconcile reads it.
    Snapshot {
        /// The canonical type.
        kind: String,
        /// The keys that are asked for; without them, all.
        only_keys: Option<Vec<RecordKey>>,
        /// The scope asked for.
        field_hint: Option<String>,
    },
}

/// Keys that belong to one of the two.
const OF_ENTITY: &[&str] = &["cursor", "limit"];
const OF_SNAPSHOT: &[&str] = &["only_keys", "field_hint"];

static TEST: Element = Element {
    name: "test",
    doc: "A recorded test: what is asked and answered, and what comes of it.",
    keys: &[
        Key::required("name", Takes::Text, "What it shows."),
        Key::new("entity", Takes::Text, "The entity that is read, as a poll reads it; this or `snapshot`."),
        Key::new("snapshot", Takes::Text, "The canonical type whose current state is read, as a reconcile reads it; this or `entity`."),
        Key::new("config", Takes::Map(&Takes::Any), "The values of the connection; those that are not given are made up."),
        Key::new("cursor", Takes::Text, "The cursor a read of an entity begins at."),
        Key::new("limit", Takes::Integer, "Reading an entity stops behind so many records; without it, behind the last."),
        Key::new("only_keys", Takes::List(&Takes::Text), "The keys a snapshot is asked for; without it, all there are."),
        Key::new("field_hint", Takes::Text, "The scope a snapshot is asked for, such as a location."),
        Key::new("now", Takes::Text, "The present of the run, by RFC 3339."),
        Key::required("exchanges", Takes::List(&Takes::Of(&exchange::EXCHANGE)), "What is asked and answered, in order."),
        Key::required("expect", Takes::Of(&expect::EXPECT), "What comes of it."),
    ],
};
/// `tests`.
pub(crate) const TESTS: Takes = Takes::List(&Takes::Of(&TEST));

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<Recorded> {
    let items = node.items(cx).unwrap_or_default();
    items.iter().filter_map(|item| test(cx, item)).collect()
}

fn test(cx: &mut Check, node: &Node<'_>) -> Option<Recorded> {
    TEST.open(cx, node)?;
    let name = node.need(cx, "name").and_then(|value| value.text(cx)).map(str::to_owned);
    let subject = subject(cx, node);
    let given = node.get("config").and_then(|config| config.entries(cx)).unwrap_or_default();
    let config = given.iter().filter_map(|entry| setting(cx, entry)).collect();
    let now = text(cx, node, "now");
    if let (Some(now), Some(node)) = (&now, node.get("now"))
        && expr::instant(now).is_none()
    {
        cx.error("definition_unknown_value", &node.at, "no instant", "write it by RFC 3339, such as `2026-01-31T12:00:00Z`");
    }
    let listed = node.need(cx, "exchanges").and_then(|exchanges| exchanges.items(cx));
    let exchanges: Vec<_> = listed.iter().flatten().map(|item| exchange::read(cx, item)).collect();
    let expect = node.need(cx, "expect").and_then(|expect| expect::read(cx, &expect, node.get("snapshot").is_some()));
    listed?;
    Some(Recorded { name: name?, subject: subject?, config, now, exchanges: exchanges.into_iter().collect::<Option<_>>()?, expect: expect? })
}

fn text(cx: &mut Check, node: &Node<'_>, key: &str) -> Option<String> {
    node.get(key).and_then(|value| value.text(cx)).map(str::to_owned)
}

/// An entity or a snapshot, with the keys that belong to it.
fn subject(cx: &mut Check, node: &Node<'_>) -> Option<Subject> {
    let Some(snapshot) = node.get("snapshot") else {
        foreign(cx, node, OF_SNAPSHOT, "snapshot", "name the canonical type that is read as `snapshot`, or remove it");
        if node.get("entity").is_none() && !cx.is_meant(&node.at, "entity") && !cx.is_meant(&node.at, "snapshot") {
            cx.error("definition_missing_key", &node.at, "nothing says what is read", "add `entity`, or `snapshot` for the current state of a canonical type");
        }
        let name = node.get("entity").and_then(|entity| cx.refer(Named::Tested, &entity));
        let (cursor, limit) = (text(cx, node, "cursor"), limit(cx, node));
        return Some(Subject::Entity { name: name?, cursor, limit });
    };
    if let Some(entity) = node.get("entity") {
        cx.error("definition_unknown_key", &entity.at, "a test reads an entity or a snapshot, and both are named", "remove one of `entity` and `snapshot`");
    }
    foreign(cx, node, OF_ENTITY, "entity", "remove it: a snapshot is read from its beginning to its end");
    let kind = cx.refer(Named::Scanned, &snapshot);
    let only_keys = match node.get("only_keys") {
        Some(keys) => keys.items(cx)?.iter().map(|key| self::key(cx, key)).collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>().map(Some),
        None => Some(None),
    };
    let field_hint = text(cx, node, "field_hint");
    Some(Subject::Snapshot { kind: kind?, only_keys: only_keys?, field_hint })
}

/// Keys that belong to the other subject.
fn foreign(cx: &mut Check, node: &Node<'_>, keys: &[&str], subject: &str, hint: &str) {
    for key in keys.iter().filter_map(|key| node.get(key)) {
        cx.error("definition_unknown_key", &key.at, format!("`{}` belongs to a test of `{subject}`", key.name()), hint);
    }
}

fn key(cx: &mut Check, node: &Node<'_>) -> Option<RecordKey> {
    let key = RecordKey::new(node.text(cx)?);
    if key.is_none() {
        cx.error("definition_unknown_value", &node.at, "no key", "write the text that a canonical map makes of a record as its key, of 1 to 1024 bytes");
    }
    key
}

fn limit(cx: &mut Check, node: &Node<'_>) -> Option<i64> {
    let limit = node.get("limit")?;
    let count = limit.integer(cx)?;
    if count < 1 {
        cx.error("definition_unknown_value", &limit.at, "a test reads at least one record", "write 1 or more");
    }
    Some(count)
}

fn setting(cx: &mut Check, node: &Node<'_>) -> Option<(String, String)> {
    if !cx.config_names.contains(&node.name()) {
        let hint = crate::nearest(&node.name(), cx.config_names.iter().map(String::as_str)).map_or_else(|| "name one of `config`".to_owned(), |near| format!("did you mean `{near}`?"));
        cx.error("definition_unknown_key", &node.at, format!("`config` has no `{}`", node.name()), hint);
    }
    if cx.config.iter().any(|entry| entry.name == node.name() && entry.derive.is_some()) {
        cx.error("definition_unknown_key", &node.at, format!("`{}` is made of other values", node.name()), "give what it is made of");
    }
    let text = node.value.plain().or_else(|| node.value.items().map(|_| node.value.to_string()));
    text.map_or_else(|| node.wrong(cx, "a scalar or an array"), |text| Some((node.name(), text)))
}
