//! `webhook`: how a delivery is verified and what it tells.

mod verify;

use document::Path;

use super::{event_mapping::{self, EVENT_MAPPING, EventMapping}, inject};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

pub use verify::{Algorithm, Encoding, SignedPart, Timestamp, Verify};

/// A value by event type, or one for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArrayPath {
    /// For every event type.
    All(Path),
    /// By event type.
    By(Vec<(String, Path)>),
}

/// The webhook side of a connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// How a signature is checked.
    pub verify: Verify,
    /// The header that names what happened.
    pub event_type_header: Option<String>,
    /// From the sender's words to event types; a word that is not in it is not for us.
    pub event_type_map: Vec<(String, String)>,
    /// Headers that name the delivery, the first present one counts.
    pub delivery_id_headers: Vec<String>,
    /// Where a batch stands in the body.
    pub array_path: Option<ArrayPath>,
    /// Entities by event type; others by the prefix of the event type.
    pub entities: Vec<(String, String)>,
    /// How a record becomes a change, where the entity does not say.
    pub events: Option<EventMapping>,
}

/// `webhook`.
pub(crate) static WEBHOOK: Element = Element {
    name: "webhook",
    doc: "How a delivery is verified and what it tells.",
    keys: &[
        Key::required("verify", Takes::Of(&verify::VERIFY), "How a signature is checked."),
        Key::new("event_type_header", Takes::Text, "The header that names what happened."),
        Key::new("event_type_map", Takes::Map(&Takes::Text), "From the sender's words to event types; a word that is not in it is not for us."),
        Key::new("delivery_id_header", Takes::Either(&[Takes::Text, Takes::List(&Takes::Text)]), "Headers that name the delivery; the first present one counts."),
        Key::new("array_path", Takes::Either(&[Takes::Path { singular: false }, Takes::Map(&Takes::Path { singular: false })]), "Where a batch stands in the body, by event type where they differ."),
        Key::new("entities", Takes::Map(&Takes::Text), "Entities by event type; others by the prefix of the event type."),
        Key::new("eventMapping", Takes::Of(&EVENT_MAPPING), "How a record becomes a change, where the entity does not say."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Webhook> {
    WEBHOOK.open(cx, node)?;
    let verify = node.need(cx, "verify").and_then(|verify| verify::read(cx, &verify));
    let event_type_header = node.get("event_type_header").and_then(|name| inject::header_name(cx, &name, true));
    let pairs = |cx: &mut Check, key: &str| {
        let entries = node.get(key).and_then(|entries| entries.entries(cx)).unwrap_or_default();
        entries.iter().filter_map(|entry| Some((entry.name(), entry.text(cx)?.to_owned()))).collect::<Vec<_>>()
    };
    let (event_type_map, entities) = (pairs(cx, "event_type_map"), pairs(cx, "entities"));
    let ids = match node.get("delivery_id_header") {
        Some(ids) if ids.value.items().is_some() => ids.items(cx).unwrap_or_default(),
        Some(id) => vec![id],
        None => Vec::new(),
    };
    let delivery_id_headers = ids.iter().filter_map(|id| inject::header_name(cx, id, true)).collect();
    let array_path = node.get("array_path").and_then(|path| self::array_path(cx, &path));
    let events = node.get("eventMapping").and_then(|events| event_mapping::read(cx, &events));
    Some(Webhook { verify: verify?, event_type_header, event_type_map, delivery_id_headers, array_path, entities, events })
}

fn array_path(cx: &mut Check, node: &Node<'_>) -> Option<ArrayPath> {
    if node.value.entries().is_none() {
        return node.path(cx, false).map(ArrayPath::All);
    }
    let entries = node.entries(cx)?;
    Some(ArrayPath::By(entries.iter().filter_map(|entry| Some((entry.name(), entry.path(cx, false)?))).collect()))
}
