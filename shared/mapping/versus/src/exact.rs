//! Values of typed structs that serde does not know: a decimal that stays exact, an instant in UTC, texts that are cast.
//!
//! What a careful team would write beside its structs. A decimal never passes through a float, on the way in or out.

use std::{borrow::Cow, io::Write, str::FromStr};

use jiff::{Timestamp, civil, tz::TimeZone};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::value::RawValue;

/// A decimal, read from text and written as a JSON number with all its digits.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub struct Exact(pub Decimal);

impl Exact {
    /// The decimal of a text, refused when it has more digits than fit.
    ///
    /// # Errors
    /// The text is no decimal.
    pub fn of(text: &str) -> Result<Self, rust_decimal::Error> {
        Decimal::from_str_exact(text).map(Self)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0_u8; 40];
        let mut rest = &mut text[..];
        write!(rest, "{}", self.0).map_err(S::Error::custom)?;
        let free = rest.len();
        let number: &RawValue = serde_json::from_slice(&text[..text.len() - free]).map_err(S::Error::custom)?;
        number.serialize(serializer)
    }
}

/// An instant, written as RFC 3339 in UTC.
#[derive(Clone, Copy)]
pub struct Utc(pub Timestamp);

impl Utc {
    /// The instant at which a clock on a wall in `zone` shows this.
    ///
    /// # Errors
    /// The text does not fit the format.
    pub fn on_wall(format: &str, text: &str, zone: &TimeZone) -> Result<Self, jiff::Error> {
        let shown = civil::DateTime::strptime(format, text)?;
        Ok(Self(zone.to_timestamp(shown)?))
    }

    /// The instant of an RFC 3339 text.
    ///
    /// # Errors
    /// The text is no such instant.
    pub fn of(text: &str) -> Result<Self, jiff::Error> {
        text.parse().map(Self)
    }
}

impl Serialize for Utc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A text field read as an integer: `#[serde(deserialize_with = "whole")]`.
///
/// # Errors
/// The field is no text, or the text no integer.
pub fn whole<'a, D: Deserializer<'a>>(source: D) -> Result<i64, D::Error> {
    i64::from_str(&text(source)?).map_err(D::Error::custom)
}

/// A text field read as a decimal: `#[serde(deserialize_with = "decimal")]`.
///
/// # Errors
/// The field is no text, or the text no decimal.
pub fn decimal<'a, D: Deserializer<'a>>(source: D) -> Result<Exact, D::Error> {
    Exact::of(&text(source)?).map_err(D::Error::custom)
}

/// A text, borrowed where it has no escapes.
///
/// # Errors
/// The field is no text.
pub fn text<'a, D: Deserializer<'a>>(source: D) -> Result<Cow<'a, str>, D::Error> {
    #[derive(Deserialize)]
    struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);
    Borrowed::deserialize(source).map(|text| text.0)
}
