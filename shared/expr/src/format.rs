//! How an instant is written: a named form or a `strftime` one; examined when an expression is read.
//!
//! Used by `parse_date` and `format_date`, and open to the casts of mappings, so that a form means one thing everywhere.

use jiff::{Timestamp, Zoned, civil, fmt::{rfc2822, strtime}, tz::TimeZone};

use crate::{instant::{instant, written}, strict::{mail, whole_years}};

/// The named forms.
pub const FORMATS: &[&str] = &["iso8601", "rfc3339", "date", "rfc2822", "epoch_s", "epoch_ms", "epoch_us", "dotnet"];

/// A form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// RFC 3339; read also without an offset, or as a date.
    Iso,
    /// `2026-01-31`, and nothing but a date.
    Date,
    /// RFC 2822, as in mails and HTTP.
    Rfc2822,
    /// Seconds since 1970.
    EpochS,
    /// Milliseconds since 1970.
    EpochMs,
    /// Microseconds since 1970.
    EpochUs,
    /// `/Date(1518685950940+0000)/`, milliseconds since 1970.
    DotNet,
    /// As `strftime` writes it.
    Pattern(Box<str>),
}

impl Format {
    /// The form of a name or pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "iso8601" | "rfc3339" => Ok(Format::Iso),
            "date" => Ok(Format::Date),
            "rfc2822" => Ok(Format::Rfc2822),
            "epoch_s" => Ok(Format::EpochS),
            "epoch_ms" => Ok(Format::EpochMs),
            "epoch_us" => Ok(Format::EpochUs),
            "dotnet" => Ok(Format::DotNet),
            _ if text.len() > 128 => Err("the format has more than 128 bytes".into()),
            _ if text.contains('%') => {
                let sample = civil::date(2026, 11, 22).at(13, 14, 15, 0).to_zoned(TimeZone::UTC).map_err(|_| "no sample".to_owned())?;
                match strtime::format(text, &sample) {
                    Ok(_) => Ok(Format::Pattern(text.into())),
                    Err(_) => Err("the format has a directive that is not known".into()),
                }
            }
            _ => Err("it is neither a named format nor has it a directive such as `%Y`".into()),
        }
    }

    /// Reads an instant. What the text does not say of zone is taken from `zone`; a date without a time is its first moment there.
    #[must_use]
    pub fn read(&self, text: &str, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Format::Iso => instant(text).filter(|_| text.len() > 10).or_else(|| local(text, zone)),
            Format::Date => crate::instant::date(text.as_bytes()).and_then(|_| local(text, zone)),
            Format::Rfc2822 => mail(text),
            Format::EpochS => epoch(text, 1_000_000_000),
            Format::EpochMs => epoch(text, 1_000_000),
            Format::EpochUs => epoch(text, 1_000),
            Format::DotNet => dotnet(text),
            Format::Pattern(pattern) => {
                let parts = strtime::parse(pattern.as_bytes(), text).ok().filter(|_| whole_years(pattern, text))?;
                if let Some(moment) = parts.timestamp() {
                    return Some(moment);
                }
                if parts.offset().is_some() {
                    return parts.to_timestamp().ok();
                }
                let date = parts.to_date().ok()?;
                let time = if parts.hour().is_some() { parts.to_time().ok()? } else { civil::Time::midnight() };
                date.to_datetime(time).to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
            }
        }
    }

    /// Writes an instant as it is told in a zone.
    #[must_use]
    pub fn write(&self, moment: Timestamp, zone: &TimeZone) -> Option<String> {
        match self {
            Format::Iso => Some(offset_written(&moment.to_zoned(zone.clone()))),
            Format::Date => Some(moment.to_zoned(zone.clone()).date().to_string()),
            Format::Rfc2822 => rfc2822::DateTimePrinter::new().zoned_to_string(&moment.to_zoned(zone.clone())).ok(),
            Format::EpochS => Some(moment.as_second().to_string()),
            Format::EpochMs => Some(moment.as_millisecond().to_string()),
            Format::EpochUs => Some(moment.as_microsecond().to_string()),
            Format::DotNet => Some(format!("/Date({})/", moment.as_millisecond())),
            Format::Pattern(pattern) => strtime::format(pattern.as_bytes(), &moment.to_zoned(zone.clone())).ok(),
        }
    }
}

/// RFC 3339 with the offset of the zone; `Z` in UTC.
pub(crate) fn offset_written(zoned: &Zoned) -> String {
    if *zoned.time_zone() == TimeZone::UTC { written(zoned.timestamp()) } else { zoned.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string() }
}

/// A date and time without an offset, or a date, as told in a zone.
fn local(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let told = match crate::instant::date(text.as_bytes()) {
        Some(date) => date.to_datetime(civil::Time::midnight()),
        None if text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b'T' | b't' | b' ')) => text.parse().ok()?,
        None => return None,
    };
    told.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

/// A number since 1970, in units of so many nanoseconds; a fraction counts.
pub(crate) fn epoch(text: &str, nanos: i64) -> Option<Timestamp> {
    let number = crate::number::Num::of(text)?;
    Timestamp::from_nanosecond(number.multiply(crate::number::Num::Int(nanos.into())).ok()?.round(0, rust_decimal::RoundingStrategy::ToZero).whole()?).ok()
}

/// The milliseconds in `/Date(…)/`; an offset behind them says only how they are shown.
fn dotnet(text: &str) -> Option<Timestamp> {
    let inner = text.trim().strip_prefix("/Date(")?.strip_suffix(")/")?;
    let digits = inner.char_indices().skip(1).find(|(_, char)| matches!(char, '+' | '-')).map_or(inner, |(at, _)| &inner[..at]);
    Timestamp::from_millisecond(digits.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instant::zone;

    #[test]
    fn texts_are_read_in_the_forms_of_other_systems() {
        for (format, text, place, expected) in [
            ("%d/%m/%Y %H:%M", "02/01/2026 03:04", "Europe/Stockholm", Some("2026-01-02T02:04:00Z")), ("%Y-%m-%d", "2026-07-02", "Europe/Stockholm", Some("2026-07-01T22:00:00Z")),
            ("%Y-%m-%dT%H:%M:%S%z", "2026-01-02T03:04:05+0100", "UTC", Some("2026-01-02T02:04:05Z")), ("epoch_s", "1767323045", "UTC", Some("2026-01-02T03:04:05Z")),
            ("epoch_ms", "1767323045250", "UTC", Some("2026-01-02T03:04:05.25Z")), ("dotnet", "/Date(1767323045250+0100)/", "UTC", Some("2026-01-02T03:04:05.25Z")), ("dotnet", "/Date(-5)/", "UTC", Some("1969-12-31T23:59:59.995Z")),
            ("dotnet", "/Date()/", "UTC", None), ("date", "2026-01-02", "+02:00", Some("2026-01-01T22:00:00Z")), ("date", "2026-01-02T00:00:00", "UTC", None), ("date", "20260102", "UTC", None), ("date", "2026-01-32", "UTC", None), ("epoch_us", "1767323045250001", "UTC", Some("2026-01-02T03:04:05.250001Z")),
            ("rfc2822", "Fri, 02 Jan 2026 03:04:05 +0000", "UTC", Some("2026-01-02T03:04:05Z")),
            ("iso8601", "2026-01-02T03:04:05", "Europe/Stockholm", Some("2026-01-02T02:04:05Z")), ("iso8601", "2026-01-02", "+02:00", Some("2026-01-01T22:00:00Z")),
            ("%m/%d/%Y %H:%M:%S%.f", "04/27/2023 18:00:14.970", "UTC", Some("2023-04-27T18:00:14.97Z")), ("%s", "1767323045", "UTC", Some("2026-01-02T03:04:05Z")),
            ("%Y-%m-%d", "2026-02-30", "UTC", None), ("epoch_s", "soon", "UTC", None), ("iso8601", "20260102", "UTC", Some("2026-01-02T00:00:00Z")), ("%d/%m/%Y", "02/01", "UTC", None),
        ] {
            let read = Format::parse(format).unwrap().read(text, &zone(place).unwrap());
            assert_eq!(read.map(written).as_deref(), expected, "{format} {text}");
        }
    }

    #[test]
    fn what_is_no_format_is_refused() {
        for text in ["YYYY-MM-DD", "", "%", "%J", "%Y%!"] {
            assert!(Format::parse(text).is_err(), "{text}");
        }
    }
}
