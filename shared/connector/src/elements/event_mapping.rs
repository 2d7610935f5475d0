//! `eventMapping`: how a record becomes a change.

use document::Path;
use jiff::tz::TimeZone;

use super::incremental;
use crate::{TimeFormat, check::{Check, Node}, shape::{Element, Key, Takes}};

/// Where the type of an event comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventType {
    /// Always this.
    Fixed(String),
    /// A path in the record.
    Path(Path),
}

/// How a record becomes a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventMapping {
    /// The source's id of the thing.
    pub external_id: Option<Path>,
    /// The type of the event.
    pub event_type: Option<EventType>,
    /// When it happened.
    pub occurred_at: Option<Path>,
    /// The forms of that, tried in order, where they are its own.
    pub formats: Option<Vec<TimeFormat>>,
    /// The zone of a time that names none, where it is its own.
    pub zone: Option<TimeZone>,
    /// The part of the record that is kept.
    pub payload: Path,
    /// Nobody wrote it: its names are the usual ones, and may name nothing.
    pub implied: bool,
}

impl EventMapping {
    /// Where the source's id stands, as it was written.
    #[must_use]
    pub fn written_id(&self) -> Option<&Path> {
        self.external_id.as_ref().filter(|_| !self.implied)
    }

    /// The mapping of an entity that declares none: id and time by their usual names, the whole record.
    #[must_use]
    pub fn whole() -> Self {
        let path = |text| Path::parse(text).ok();
        Self { external_id: path("$.id"), event_type: None, occurred_at: path("$.updated_at"), formats: None, zone: None, payload: root(), implied: true }
    }
}

/// `eventMapping`.
pub(crate) static EVENT_MAPPING: Element = Element {
    name: "event_mapping",
    doc: "How a record becomes a change.",
    keys: &[
        Key::new("externalId", Takes::Path { singular: true }, "The source's id of the thing; `$.id` where no mapping is given."),
        Key::new("eventType", Takes::Either(&[Takes::Path { singular: true }, Takes::Text]), "The type of the event: a word such as `order.updated`, or its place in the record."),
        Key::new("occurredAt", Takes::Path { singular: true }, "When it happened, in its `formats` and `zone`, by ISO 8601 or as a number since 1970; `$.updated_at` where no mapping is given. One that cannot be read is none, and `pull --canonical` tells of it."),
        Key::new("formats", Takes::List(&Takes::Text), "The forms of `occurredAt`, tried in order, as in `incremental`; those of `incremental` without it."),
        Key::new("zone", Takes::Text, "The zone of an `occurredAt` that names none, such as `Europe/Stockholm`; that of `incremental` without it, else UTC."),
        Key::new("payload", Takes::Path { singular: true }, "The part of the record that is kept; all of it without it."),
    ],
};

fn root() -> Path {
    Path::parse("$").expect("`$` is a path")
}

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<EventMapping> {
    EVENT_MAPPING.open(cx, node)?;
    let path = |cx: &mut Check, key: &str| node.get(key).and_then(|path| path.path(cx, true));
    let (external_id, occurred_at, payload) = (path(cx, "externalId"), path(cx, "occurredAt"), path(cx, "payload"));
    let formats = node.get("formats").and_then(|_| incremental::formats(cx, node));
    let zone = node.get("zone").and_then(|zone| incremental::zone(cx, &zone));
    if node.get("occurredAt").is_none() {
        for key in ["formats", "zone"].iter().filter_map(|key| node.get(key)) {
            cx.error("definition_unknown_key", &key.at, format!("`{}` is of `occurredAt`, and there is none here", key.name()), "add `occurredAt`, or remove it");
        }
    }
    let event_type = node.get("eventType").and_then(|kind| {
        let text = kind.text(cx)?;
        if text.is_empty() {
            cx.error("definition_unknown_value", &kind.at, "the type of an event is empty", "write it like `order.updated`");
        }
        if text.starts_with('$') { kind.path(cx, true).map(EventType::Path) } else { Some(EventType::Fixed(text.to_owned())) }
    });
    Some(EventMapping { external_id, event_type, occurred_at, formats, zone, payload: payload.unwrap_or_else(root), implied: false })
}
