//! What was read of a partition: the greatest value, and which records lie near it.

use document::{Value, object};

/// What was read: the greatest value, and which records lie near it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) point: Point,
    /// Value and print of records that are not to be read again.
    pub(crate) known: Vec<(i64, String)>,
}

/// A value, and the text the source wrote it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) value: i64,
    pub(crate) text: String,
}

impl Mark {
    pub(crate) fn value(&self) -> Value {
        let known = (!self.known.is_empty()).then(|| Value::Array(self.known.iter().map(|(value, hash)| Value::Array(vec![(*value).into(), hash.as_str().into()])).collect()));
        object([("v", Some(self.point.value.into())), ("t", Some(self.point.text.as_str().into())), ("known", known)])
    }

    pub(crate) fn of(value: &Value) -> Option<Self> {
        let pair = |value: &Value| Some((value.items()?.first()?.as_i64()?, value.items()?.get(1)?.as_str()?.to_owned()));
        Some(Self { point: Point::of(value)?, known: value.get("known").and_then(Value::items).unwrap_or_default().iter().filter_map(pair).collect() })
    }
}

impl Point {
    pub(crate) fn value(&self) -> Value {
        object([("v", Some(self.value.into())), ("t", Some(self.text.as_str().into()))])
    }

    pub(crate) fn of(value: &Value) -> Option<Self> {
        Some(Self { value: value.get("v")?.as_i64()?, text: value.get("t")?.as_str()?.to_owned() })
    }
}
