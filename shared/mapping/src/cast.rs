//! The only conversions there are. None of them invents a value: what cannot be converted is an error.

use canonical::parse_time;
use document::{Number, Value};

/// What a value is turned into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// A whole number.
    Integer,
    /// An exact decimal number.
    Decimal,
    /// A text.
    String,
    /// An instant, as RFC 3339 in UTC.
    Datetime,
}

impl Cast {
    /// The words of the language, in the order of the variants.
    pub const WORDS: &'static [&'static str] = &["integer", "decimal", "string", "datetime"];

    /// The cast of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Integer, Self::Decimal, Self::String, Self::Datetime].into_iter().find(|cast| cast.word() == word)
    }

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Cast::Integer => "integer",
            Cast::Decimal => "decimal",
            Cast::String => "string",
            Cast::Datetime => "datetime",
        }
    }

    /// The value in its new form; `None` when it has none. Null stays null.
    #[must_use]
    pub fn apply(self, value: &Value) -> Option<Value> {
        if *value == Value::Null {
            return Some(Value::Null);
        }
        match self {
            Cast::Integer => number(value).and_then(|number| integer(&number)),
            Cast::Decimal => number(value).map(Value::Number),
            Cast::String => value.plain().map(Value::String),
            Cast::Datetime => instant(value),
        }
    }
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => Number::from_text(text.trim()),
        _ => None,
    }
}

fn integer(number: &Number) -> Option<Value> {
    let digits = number.text().trim_start_matches('-');
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Value::Number(number.clone()));
    }
    number.as_i64().map(Value::from)
}

fn instant(value: &Value) -> Option<Value> {
    let ms = parse_time(&value.plain().filter(|_| !matches!(value, Value::Bool(_)))?)?;
    Some(Value::String(jiff::Timestamp::from_millisecond(ms).ok()?.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_convert_exactly_or_not_at_all() {
        for (cast, from, to) in [
            (Cast::Integer, "7", Some("7")), (Cast::Integer, "\" 7 \"", Some("7")), (Cast::Integer, "7.0", Some("7")), (Cast::Integer, "7.5", None), (Cast::Integer, "\"\"", None),
            (Cast::Integer, "123456789012345678901234567890", Some("123456789012345678901234567890")), (Cast::Integer, "true", None),
            (Cast::Decimal, "\"598.940\"", Some("598.940")), (Cast::Decimal, "\"1,5\"", None), (Cast::Decimal, "null", Some("null")),
            (Cast::String, "450789469001", Some("\"450789469001\"")), (Cast::String, "{}", None),
            (Cast::Datetime, "\"2026-01-31T10:01:40+01:00\"", Some("\"2026-01-31T09:01:40Z\"")), (Cast::Datetime, "1769850100", Some("\"2026-01-31T09:01:40Z\"")), (Cast::Datetime, "\"soon\"", None),
        ] {
            let value = document::parse_str(from).unwrap();
            assert_eq!(cast.apply(&value).map(|value| value.to_string()).as_deref(), to, "{from}");
        }
    }
}
