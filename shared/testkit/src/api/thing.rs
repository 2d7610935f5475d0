//! The records: what a thing says follows from its id alone, except when it was changed last.

use document::{Number, Value, object};

use super::stamp::Zone;
use crate::moment;

/// When the first of them were changed: 2026-01-01, midnight in UTC.
const BEGINNING_MS: i64 = 1_767_225_600_000;
/// Between one second of changes and the next: 7 h 13 min 7 s.
const STEP_S: i64 = 25_987;
/// All first changes fall into so many seconds: 29 days.
const SPAN_S: i64 = 29 * 86_400;

/// The names a group can be asked by; nothing belongs to the last.
pub(crate) const GROUPS: [i64; 5] = [1, 2, 3, 4, 5];

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Thing {
    /// Its id.
    pub(crate) id: i64,
    /// When it was changed last.
    pub(crate) updated_ms: i64,
}

impl Thing {
    /// The record of this id as it is at first. Three share a second, and neighbouring threes have changed places, so that the
    /// order of ids is not that of times.
    pub(crate) fn first(id: i64) -> Self {
        let slot = ((id - 1) / 3) ^ 1;
        Self { id, updated_ms: BEGINNING_MS + slot.wrapping_mul(STEP_S).rem_euclid(SPAN_S) * 1000 }
    }

    /// Its name: with letters beyond ASCII, and with what CSV and XML have to escape.
    pub(crate) fn name(self) -> String {
        let id = self.id;
        match id % 5 {
            1 => format!("Bolt {id}"),
            2 => format!("Skruv på hjul {id}"),
            3 => format!("Nål, \"fin\" {id}"),
            4 => format!("Kärra & <hö> {id}"),
            _ => format!("Ögla {id}"),
        }
    }

    /// Its price, an exact decimal with a trailing zero; each fiftieth is beyond a float.
    pub(crate) fn price(self) -> String {
        let id = self.id;
        let whole = if id % 50 == 7 { 12_345_678_901_234_567 } else { id * 13 % 97 };
        format!("{whole}.{:02}0", id * 7 % 100)
    }

    /// Its quantity: absent, null, zero or a number.
    pub(crate) fn qty(self) -> Option<Value> {
        match self.id % 4 {
            1 => None,
            2 => Some(Value::Null),
            3 => Some(0.into()),
            _ => Some(self.id.into()),
        }
    }

    /// The group it belongs to.
    pub(crate) fn group(self) -> i64 {
        (self.id - 1).rem_euclid(4) + 1
    }

    /// Its tags: none, one or two.
    pub(crate) fn tags(self) -> &'static [&'static str] {
        match self.id % 3 {
            0 => &[],
            1 => &["new"],
            _ => &["new", "sale"],
        }
    }

    /// The record with its time in RFC 3339.
    pub(crate) fn shown(self, zone: Zone) -> Value {
        self.shown_with(zone.iso(self.updated_ms).into())
    }

    /// The record with its time written in a way of the caller's.
    pub(crate) fn shown_with(self, updated_at: Value) -> Value {
        object([
            ("id", Some(self.id.into())),
            ("name", Some(self.name().into())),
            ("updated_at", Some(updated_at)),
            ("price", Number::from_text(&self.price()).map(Value::Number)),
            ("qty", self.qty()),
            ("group", Some(self.group().into())),
            ("tags", Some(Value::Array(self.tags().iter().map(|tag| Value::from(*tag)).collect()))),
        ])
    }
}

/// A group.
pub(crate) fn group(id: i64) -> Value {
    object([("id", Some(id.into())), ("name", Some(format!("Group {id}").into())), ("since", Some(moment::civil(BEGINNING_MS).into()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_follow_from_their_ids() {
        for (id, text) in [
            (1, r#"{"id":1,"name":"Bolt 1","updated_at":"2026-01-01T07:13:07Z","price":13.070,"group":1,"tags":["new"]}"#),
            (2, r#"{"id":2,"name":"Skruv på hjul 2","updated_at":"2026-01-01T07:13:07Z","price":26.140,"qty":null,"group":2,"tags":["new","sale"]}"#),
            (7, r#"{"id":7,"name":"Skruv på hjul 7","updated_at":"2026-01-01T21:39:21Z","price":12345678901234567.490,"qty":0,"group":3,"tags":["new"]}"#),
        ] {
            assert_eq!(Thing::first(id).shown(Zone::Utc).to_string(), text);
        }
        assert_eq!(Thing::first(4).updated_ms, BEGINNING_MS);
    }
}
