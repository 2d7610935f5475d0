//! `lookup`: values of another entity by a key, set into records while they are read.

use document::Path;

use super::{inject::Inject, paging};
use crate::{check::{Check, Named, Node}, shape::{Element, Key, Takes}};

/// How a table is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fill {
    /// All of the entity is read once.
    PreloadAll,
    /// The keys of a page are asked for together.
    Batched {
        /// Where they go, joined by commas.
        inject: Inject,
        /// How many go into one request.
        batch: u32,
    },
    /// Each key is asked for by itself.
    PerRecord {
        /// Where it goes.
        inject: Inject,
    },
}

/// What happens to a record whose key is not in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnMiss {
    /// It is left out, and counted.
    Skip,
    /// The run fails.
    Error,
    /// It gets the key itself.
    Passthrough,
    /// It stays as it is.
    Absent,
}

/// A table made of another entity.
#[derive(Debug)]
pub struct Lookup {
    /// Its name.
    pub name: String,
    /// The entity.
    pub entity: String,
    /// The key of its records.
    pub matches: Path,
    /// The value of its records.
    pub value: Path,
    /// How it is filled.
    pub fill: Fill,
    /// How long what was found is good for.
    pub ttl_ms: i64,
    /// What happens to a record whose key is not in it.
    pub on_miss: OnMiss,
    /// Where `entity` stands, for findings.
    pub(crate) at: String,
}

/// A use of a table in an entity.
#[derive(Debug)]
pub struct Use {
    /// The table.
    pub table: String,
    /// The key, in the record.
    pub key: Path,
    /// The name the value gets in the record.
    pub to: String,
    /// What happens to a record whose key is not in it, where it differs from what the table says.
    pub on_miss: Option<OnMiss>,
}

const MODES: &[&str] = &["preload_all", "batched", "per_record"];
const MISSES: &[(&str, OnMiss)] = &[("skip", OnMiss::Skip), ("error", OnMiss::Error), ("passthrough", OnMiss::Passthrough), ("absent", OnMiss::Absent)];
const MISS_WORDS: &[&str] = &["skip", "error", "passthrough", "absent"];

/// A table of `lookup`.
pub(crate) static LOOKUP: Element = Element {
    name: "lookup",
    doc: "A table made of another entity: what records of this one are to be looked up in.",
    keys: &[
        Key::required("entity", Takes::Text, "The entity whose records it is made of."),
        Key::required("match", Takes::Path { singular: true }, "The key of its records. Several of one key have to say the same: a record that asks for a key with values that differ fails as with `error`, whatever `on_miss` says; a snapshot leaves it out and names it."),
        Key::required("value", Takes::Path { singular: true }, "The value of its records."),
        Key::new("mode", Takes::Words(MODES), "`preload_all` reads the whole entity once, `batched` asks for the keys of a page together, `per_record` for each key by itself; `preload_all` without it."),
        Key::new("inject", Takes::Of(&super::inject::INJECT), "Where the keys go in the entity's request; several are joined by commas, and a key that holds one is refused where they are."),
        Key::new("batch", Takes::Count, "How many keys go into one request; 50 without it."),
        Key::new("ttl", Takes::Duration, "How long what was found is good for; `PT1H` without it. A key that is missed, or has values that differ, is looked up again after a minute: a table of `preload_all` is then read anew, once a minute at most, however many keys it lacks."),
        Key::new("on_miss", Takes::Words(MISS_WORDS), "What happens to a record whose key is not in the table: it is left out, the run fails, it gets the key itself, or it stays as it is; `error` without it."),
    ],
};

/// A use of a table, in `read.lookup`.
pub(crate) static USE: Element = Element {
    name: "lookup_use",
    doc: "Set a value of a table into each record.",
    keys: &[
        Key::required("table", Takes::Text, "A table of `lookup`."),
        Key::required("key", Takes::Path { singular: true }, "The key, in the record; a record without one is a miss."),
        Key::required("to", Takes::Text, "The name the value gets in the record."),
        Key::new("on_miss", Takes::Words(MISS_WORDS), "What happens to a record whose key is not in it, where it differs from what the table says."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<Lookup> {
    let entries = node.entries(cx).unwrap_or_default();
    entries.iter().filter_map(|entry| table(cx, entry)).collect()
}

fn table(cx: &mut Check, node: &Node<'_>) -> Option<Lookup> {
    LOOKUP.open(cx, node)?;
    let entity = node.need(cx, "entity").and_then(|entity| cx.refer(Named::Read, &entity));
    let matches = node.need(cx, "match").and_then(|path| path.path(cx, true));
    let value = node.need(cx, "value").and_then(|path| path.path(cx, true));
    let mode = node.get("mode").map_or(Some("preload_all"), |mode| mode.word(cx, MODES));
    let fill = mode.and_then(|mode| fill(cx, node, mode));
    let ttl_ms = node.get("ttl").map_or(Some(3_600_000), |ttl| ttl.duration(cx));
    let on_miss = miss(cx, node);
    Some(Lookup { name: node.name(), entity: entity?, matches: matches?, value: value?, fill: fill?, ttl_ms: ttl_ms?, on_miss: on_miss?.unwrap_or(OnMiss::Error), at: format!("{}/entity", node.at) })
}

fn fill(cx: &mut Check, node: &Node<'_>, mode: &str) -> Option<Fill> {
    if let Some(batch) = node.get("batch").filter(|_| mode != "batched") {
        cx.error("definition_unknown_key", &batch.at, "only `batched` asks for several keys together", "set `\"mode\": \"batched\"`, or remove it");
    }
    if mode == "preload_all" {
        if let Some(inject) = node.get("inject") {
            cx.error("definition_unknown_key", &inject.at, "a table that is read as a whole asks for no keys", "remove it, or set `mode`");
        }
        return Some(Fill::PreloadAll);
    }
    let inject = node.need(cx, "inject").and_then(|place| paging::fitting(cx, &place, None));
    let batch = node.get("batch").filter(|_| mode == "batched").map_or(Some(50), |batch| batch.count(cx));
    let (inject, batch) = (inject?, batch?);
    Some(if mode == "batched" { Fill::Batched { inject, batch } } else { Fill::PerRecord { inject } })
}

/// The tables an entity uses.
pub(crate) fn uses(cx: &mut Check, node: &Node<'_>) -> Vec<Use> {
    let items = if node.value.items().is_some() { node.items(cx).unwrap_or_default() } else { vec![node.clone()] };
    items.iter().filter_map(|item| {
        USE.open(cx, item)?;
        let table = item.need(cx, "table").and_then(|table| cx.refer(Named::Table, &table));
        let key = item.need(cx, "key").and_then(|key| key.path(cx, true));
        let to = item.need(cx, "to");
        let name = to.as_ref().and_then(|to| to.text(cx));
        if let (Some(to), Some("")) = (&to, name) {
            cx.error("definition_unknown_value", &to.at, "a name is empty", "write the name of a member");
        }
        let on_miss = miss(cx, item);
        Some(Use { table: table?, key: key?, to: name?.to_owned(), on_miss: on_miss? })
    }).collect()
}

#[expect(clippy::option_option, reason = "the outer tells a mistake, the inner that nothing is said")]
fn miss(cx: &mut Check, node: &Node<'_>) -> Option<Option<OnMiss>> {
    let Some(miss) = node.get("on_miss") else { return Some(None) };
    let word = miss.word(cx, MISS_WORDS)?;
    Some(MISSES.iter().find_map(|(known, miss)| (*known == word).then_some(*miss)))
}
