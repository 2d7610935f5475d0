//! From a record to a change.

use canonical::{Change, Millis, parse_time};
use connector::{EventMapping, EventType, Records};
use document::{Value, hash_value};

/// The change a record tells of.
///
/// A record without an id gets the hash of what it says: told twice, it is the same change.
pub(crate) fn change(record: &Value, entity: &str, events: &EventMapping, records: Option<&Records>, kind: Option<String>) -> Change {
    let payload = record.at(&events.payload).unwrap_or(record);
    let declared = || match &events.event_type {
        Some(EventType::Fixed(kind)) => Some(kind.clone()),
        Some(EventType::Path(path)) => record.at(path).and_then(Value::plain),
        None => None,
    };
    Change {
        kind: kind.or_else(declared).unwrap_or_else(|| format!("{entity}.updated")),
        entity: entity.to_owned(),
        external_id: external_id(record, events, records),
        occurred_ms: occurred(record, events).map(|(ms, _)| ms),
        delivery_id: None,
        payload: payload.clone(),
    }
}

/// When the record says it changed, and in which words.
pub(crate) fn occurred(record: &Value, events: &EventMapping) -> Option<(Millis, String)> {
    let text = record.at(events.occurred_at.as_ref()?)?.plain()?;
    Some((parse_time(&text)?, text))
}

fn external_id(record: &Value, events: &EventMapping, records: Option<&Records>) -> String {
    let named = events.external_id.as_ref().and_then(|path| record.at(path)).and_then(Value::plain).filter(|id| !id.is_empty());
    let keyed = || {
        let keys = records.map(|records| records.primary_key.as_slice()).filter(|keys| !keys.is_empty())?;
        let parts: Option<Vec<_>> = keys.iter().map(|path| record.at(path).and_then(Value::plain)).collect();
        parts.map(|parts| parts.join(":"))
    };
    named.or_else(keyed).unwrap_or_else(|| hex::encode(hash_value(record)))
}
