//! `snapshot`: how the current state of a canonical type is read.

use canonical::Kind;
use expr::Template;

use super::{canonical_map, deliver, entities::{self, READING, Read}, inject::INJECT, inject::Inject, paging, request::{self, REQUEST}};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}, template::condition_at};

/// How a scan is restricted to keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlyKeys {
    /// Where the keys go.
    pub inject: Inject,
    /// How many go into one request.
    pub batch: u32,
    /// What stands between them.
    pub join: String,
}

/// How one canonical type is scanned.
#[derive(Debug)]
pub struct Scan {
    /// The canonical type.
    pub kind: &'static Kind,
    /// The entity whose canonical map applies.
    pub entity: String,
    /// Its own way to read; otherwise that of the entity, without its incremental part.
    pub read: Option<Read>,
    /// How it is restricted to keys.
    pub only_keys: Option<OnlyKeys>,
    /// Whether a key that none of its records names is not there. Unless said, nothing is concluded from absence.
    pub complete: bool,
    /// Records that say nothing in this scope: left out, never zero, never gone.
    pub absent: Vec<Template>,
    /// Where `entity` stands, for findings.
    pub(crate) at: String,
}

/// The names that say whether a record says nothing.
pub(crate) const ABSENT: &[&str] = &["config", "record", "field_hint"];
const DEFAULT_BATCH: u32 = 50;

static ONLY_KEYS: Element = Element {
    name: "only_keys",
    doc: "How a scan is restricted to keys.",
    keys: &[
        Key::required("inject", Takes::Of(&INJECT), "Where the keys go."),
        Key::new("batch", Takes::Count, "How many go into one request; 50 without it."),
        Key::new("join", Takes::Text, "What stands between them; a comma without it. A value that holds it is refused, for it would be asked for as others."),
    ],
};
static SCAN: Element = Element {
    name: "scan",
    doc: "How the current state of one canonical type is read.",
    keys: &[
        Key::required("entity", Takes::Text, "The entity whose canonical map applies, and whose `read` unless a `request` is given here."),
        Key::new("canonicalType", canonical_map::TYPE, "The canonical type, where the entry is not named after it."),
        Key::new("request", Takes::Of(&REQUEST), "Its own request; `{{ field_hint }}` is the scope asked for, such as a location."),
        READING.keys[0].again(), READING.keys[1].again(), READING.keys[2].again(), READING.keys[5].again(),
        Key::new("only_keys", Takes::Of(&ONLY_KEYS), "How it is restricted to keys. A record whose key is one of them in other letters, small ones for large ones, is left out and named: the key is not gone."),
        Key::new("complete", Takes::Boolean, "Whether a key that none of its records names is not there; unless said, nothing is concluded from absence. A record that is left out is there all the same: neither zero nor gone; where its key is not known it may be any, and nothing is concluded. So is a key that several records have and say something else of: it is left out and named, for nobody knows which is true; what records of one id in one partition say last counts. Nothing is concluded either from a scan of which an answer was skipped by a rule, or had null where the records of a first page belong, or whose listing ended before the total it told or moved while it was read, or that is empty. To see whether it moved, each page that is only counted (see [`page`](#page)) is looked at again once the next was read: twice the requests. A cursor or an id that the next page begins behind costs none."),
        Key::new("absent", Takes::List(&Takes::Template), "Conditions on `record`, which may look at `field_hint`: a record for which one holds says nothing in this scope, and is left out: there, not known, never zero. A record without its key or without a value its type needs is left out by itself, and so is one that cannot be mapped; all of them are counted. Where every record is left out, the scan has no items and ends well; it fails only where one of them cannot be mapped, for then its map fits nothing."),
    ],
};
/// `snapshot`.
pub(crate) const SNAPSHOT: Takes = Takes::Map(&Takes::Of(&SCAN));

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<Scan> {
    let entries = node.entries(cx).unwrap_or_default();
    entries.iter().filter_map(|entry| scan(cx, entry)).collect()
}

fn scan(cx: &mut Check, node: &Node<'_>) -> Option<Scan> {
    SCAN.open(cx, node)?;
    let kind = match node.get("canonicalType") {
        Some(kind) => canonical_map::kind(cx, &kind),
        None => deliver::named(cx, node),
    };
    let entity = node.need(cx, "entity");
    let name = entity.as_ref().and_then(|entity| entity.text(cx));
    let read = match node.get("request") {
        Some(request) => entities::reading(cx, node, Some(&request), |cx| request::read(cx, &request, request::READ)).map(Some),
        None => {
            for key in ["fan_out", "records", "pagination", "errors"] {
                if let Some(found) = node.get(key) {
                    cx.error("definition_unknown_key", &found.at, format!("`{key}` belongs to a request, and there is none here"), "add `request`, or remove it");
                }
            }
            Some(None)
        }
    };
    let only_keys = match node.get("only_keys") {
        Some(only) => {
            ONLY_KEYS.open(cx, &only)?;
            let inject = only.need(cx, "inject").and_then(|place| paging::fitting(cx, &place, read.iter().flatten().next().map(|read| &read.request)));
            let batch = only.get("batch").map_or(Some(DEFAULT_BATCH), |batch| batch.count(cx));
            let join = only.get("join").map_or(Some(","), |join| join.text(cx));
            (|| Some(OnlyKeys { inject: inject?, batch: batch?, join: join?.to_owned() }))().map(Some)
        }
        None => Some(None),
    };
    let complete = node.get("complete").and_then(|complete| complete.boolean(cx)).unwrap_or(false);
    let absent = node.get("absent").and_then(|absent| absent.items(cx)).unwrap_or_default();
    let absent: Vec<_> = absent.iter().map(|rule| condition_at(cx, rule, ABSENT)).collect();
    Some(Scan { kind: kind?, entity: name?.to_owned(), read: read?, only_keys: only_keys?, complete, absent: absent.into_iter().collect::<Option<_>>()?, at: entity?.at })
}
