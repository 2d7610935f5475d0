//! From a record to a change.

use canonical::{Change, Millis, parse_time};
use connector::{CursorKind, EventMapping, EventType, Incremental, Read, Records};
use document::{Item, hash_item};
use expr::Format;
use jiff::tz::TimeZone;

use super::window;

/// The change a record tells of.
///
/// A record without an id gets the hash of what it says: told twice, it is the same change.
pub(crate) fn change(record: Item<'_>, entity: &str, events: &EventMapping, read: Option<&Read>, kind: Option<String>) -> Change {
    let payload = payload(record, events);
    let declared = || match &events.event_type {
        Some(EventType::Fixed(kind)) => Some(kind.clone()),
        Some(EventType::Path(path)) => path.at(record).and_then(Item::plain).map(std::borrow::Cow::into_owned),
        None => None,
    };
    Change {
        kind: kind.or_else(declared).unwrap_or_else(|| format!("{entity}.updated")),
        entity: entity.to_owned(),
        external_id: external_id(record, events, read.map(|read| &read.records)),
        occurred_ms: occurred(record, events, read.and_then(|read| read.incremental.as_ref())).map(|(ms, _)| ms),
        delivery_id: None,
        payload: payload.to_value(),
    }
}

/// The part of a record that is kept.
pub(crate) fn payload<'r>(record: Item<'r>, events: &EventMapping) -> Item<'r> {
    events.payload.at(record).unwrap_or(record)
}

/// When the record says it changed, and in which words: in its own forms and zone, or those its cursor is written in, else by ISO 8601 or as a number.
pub(crate) fn occurred(record: Item<'_>, events: &EventMapping, incremental: Option<&Incremental>) -> Option<(Millis, String)> {
    let text = events.occurred_at.as_ref()?.at(record)?.plain()?;
    let ms = formed(&text, events, incremental).or_else(|| parse_time(&text)).or_else(|| Format::DotNet.read(&text, &TimeZone::UTC).map(jiff::Timestamp::as_millisecond))?;
    Some((ms, text.into_owned()))
}

/// What stands where the record should say when it changed, if nobody can read it; nothing and a blank are none.
pub(crate) fn unread<'r>(record: Item<'r>, events: &EventMapping, incremental: Option<&Incremental>) -> Option<Item<'r>> {
    let said = events.occurred_at.as_ref()?.at(record).filter(|said| !said.is_null() && said.plain().is_none_or(|text| !text.trim().is_empty()))?;
    occurred(record, events, incremental).is_none().then_some(said)
}

/// The instant of a text in the forms and the zone that somebody declares.
fn formed(text: &str, events: &EventMapping, incremental: Option<&Incremental>) -> Option<Millis> {
    let cursor = match incremental.map(|incremental| &incremental.kind) {
        Some(CursorKind::Instant { formats, zone }) => Some((formats, zone)),
        Some(CursorKind::Integer) | None => None,
    };
    let (formats, zone) = (events.formats.as_ref().or(cursor.map(|of| of.0)), events.zone.as_ref().or(cursor.map(|of| of.1)));
    if formats.is_none() && zone.is_none() {
        return None;
    }
    window::read(formats.map_or(&[], Vec::as_slice), zone.unwrap_or(&TimeZone::UTC), text)
}

/// The source's id of the thing.
pub(crate) fn external_id(record: Item<'_>, events: &EventMapping, records: Option<&Records>) -> String {
    let named = events.external_id.as_ref().and_then(|path| path.at(record)).and_then(Item::plain).filter(|id| !id.is_empty());
    let keyed = || {
        let keys = records.map(|records| records.primary_key.as_slice()).filter(|keys| !keys.is_empty())?;
        let parts: Option<Vec<_>> = keys.iter().map(|path| path.at(record).and_then(Item::plain)).collect();
        parts.map(|parts| parts.join(":"))
    };
    named.map(std::borrow::Cow::into_owned).or_else(keyed).unwrap_or_else(|| hex::encode(hash_item(record)))
}
