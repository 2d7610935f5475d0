//! How instants are written by the systems definitions speak with.

use expr::Format;
use jiff::{Timestamp, tz::TimeZone};

/// A form of instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeFormat {
    /// RFC 3339; read also without an offset and with a space instead of `T`.
    Iso8601,
    /// `2026-01-31`.
    Date,
    /// Seconds since 1970, also with a fraction.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMillis,
    /// Microseconds since 1970.
    EpochMicros,
    /// As in mails and HTTP.
    Rfc2822,
    /// `/Date(1518685950940+0000)/`.
    DotNet,
    /// A `strftime` pattern.
    Pattern(Format),
}

impl TimeFormat {
    /// The form of a name or pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(match text {
            "iso8601" | "rfc3339" => TimeFormat::Iso8601,
            "date" => TimeFormat::Date,
            "epoch_s" => TimeFormat::EpochSeconds,
            "epoch_ms" => TimeFormat::EpochMillis,
            "epoch_us" => TimeFormat::EpochMicros,
            "rfc2822" => TimeFormat::Rfc2822,
            "dotnet" => TimeFormat::DotNet,
            _ => TimeFormat::Pattern(dated(Format::parse(text)?)?),
        })
    }

    /// Reads an instant, in milliseconds since 1970; what is finer is cut. What the text does not say of its zone is taken from `zone`.
    #[must_use]
    pub fn read(&self, text: &str, zone: &TimeZone) -> Option<i64> {
        let text = text.trim();
        match self {
            TimeFormat::Iso8601 => Format::Iso.read(text, zone).map(Timestamp::as_millisecond),
            TimeFormat::Date => Format::Iso.read(text.get(..10).filter(|_| text.len() == 10)?, zone).map(Timestamp::as_millisecond),
            TimeFormat::EpochSeconds => epoch(text, 3),
            TimeFormat::EpochMillis => epoch(text, 0),
            TimeFormat::EpochMicros => whole(text).map(|micros| micros.div_euclid(1000)),
            TimeFormat::Rfc2822 => Format::Rfc2822.read(text, zone).map(Timestamp::as_millisecond),
            TimeFormat::DotNet => Format::DotNet.read(text, zone).map(Timestamp::as_millisecond),
            TimeFormat::Pattern(format) => format.read(text, zone).map(Timestamp::as_millisecond),
        }
    }

    /// Writes an instant.
    #[must_use]
    pub fn write(&self, ms: i64, zone: &TimeZone) -> String {
        let moment = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = || moment.to_zoned(zone.clone());
        match self {
            TimeFormat::Iso8601 if *zone == TimeZone::UTC => expr::written(moment),
            TimeFormat::Iso8601 => local().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            TimeFormat::Date => local().strftime("%Y-%m-%d").to_string(),
            TimeFormat::EpochSeconds => ms.div_euclid(1000).to_string(),
            TimeFormat::EpochMillis => ms.to_string(),
            TimeFormat::EpochMicros => ms.saturating_mul(1000).to_string(),
            TimeFormat::DotNet => format!("/Date({ms})/"),
            TimeFormat::Rfc2822 => Format::Rfc2822.write(moment, zone).unwrap_or_else(|| expr::written(moment)),
            TimeFormat::Pattern(format) => format.write(moment, zone).unwrap_or_else(|| expr::written(moment)),
        }
    }
}

/// A pattern that names a day: what it writes is read again as the same one.
fn dated(format: Format) -> Result<Format, String> {
    // A day without a time is its first moment.
    let fits = |again: Timestamp| [SAMPLE / HOUR, SAMPLE / (24 * HOUR) * 24].contains(&(again.as_millisecond() / HOUR));
    let sample = Timestamp::from_millisecond(SAMPLE).unwrap_or(Timestamp::UNIX_EPOCH);
    let again = format.write(sample, &TimeZone::UTC).and_then(|text| format.read(&text, &TimeZone::UTC));
    match again {
        Some(again) if fits(again) => Ok(format),
        _ => Err("what it writes cannot be read again as the same day: it needs year, month and day, and an hour as `%H` or as `%I` with `%p`".to_owned()),
    }
}

/// An afternoon: 2026-11-22T13:14:15Z.
const SAMPLE: i64 = 1_795_353_255_000;
const HOUR: i64 = 3_600_000;

fn whole(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// A decimal number of which `shift` digits behind the point count.
fn epoch(text: &str, shift: usize) -> Option<i64> {
    let (before, after) = text.split_once('.').unwrap_or((text, ""));
    if !after.bytes().all(|byte| byte.is_ascii_digit()) || before.is_empty() || before == "-" {
        return None;
    }
    let fraction: String = after.chars().chain("000".chars()).take(shift).collect();
    whole(&format!("{before}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_769_860_800_000; // 2026-01-31T12:00:00Z

    #[test]
    fn an_instant_is_read_in_every_form() {
        let stockholm = expr::zone("Europe/Stockholm").unwrap();
        for (format, text, expected) in [
            ("iso8601", "2026-01-31T12:00:00Z", Some(NOON)), ("iso8601", "2026-01-31T13:00:00+01:00", Some(NOON)), ("iso8601", "2026-01-31 13:00:00", Some(NOON)), ("iso8601", "2026-01-31T13:00:00.000", Some(NOON)),
            ("iso8601", "2026-01-31T13:00:00+0100", Some(NOON)), ("date", "2026-01-31", Some(NOON - 13 * 3_600_000)), ("date", "2026-01-31T00:00:00Z", None), ("epoch_s", "1769860800", Some(NOON)),
            ("epoch_s", "1769860800.5", Some(NOON + 500)), ("epoch_ms", "1769860800000", Some(NOON)), ("epoch_us", "1769860800000999", Some(NOON)), ("rfc2822", "Sat, 31 Jan 2026 12:00:00 GMT", Some(NOON)),
            ("dotnet", "/Date(1769860800000+0000)/", Some(NOON)), ("dotnet", "/Date(1769860800000)/", Some(NOON)), ("dotnet", "/Date(-5)/", Some(-5)), ("%d/%m/%Y %H:%M", "31/01/2026 13:00", Some(NOON)),
            ("%m/%d/%Y %H:%M:%S%.f", "01/31/2026 13:00:00.000", Some(NOON)), ("%d/%m/%Y", "31/01/26", None), ("%d/%m/%y", "31/01/26", Some(NOON - 13 * 3_600_000)), ("%d/%m/%y", "31/01/2026", None), ("rfc2822", "Sat, 31 Jan 2026 14:00:00 CEST", None), ("epoch_s", "soon", None), ("epoch_s", "1.x", None), ("dotnet", "/Date()/", None), ("iso8601", "", None),
        ] {
            assert_eq!(TimeFormat::parse(format).unwrap().read(text, &stockholm), expected, "{format} {text}");
        }
    }

    #[test]
    fn a_pattern_that_names_no_day_is_refused() {
        for (format, fits) in [
            ("%H:%M", false), ("%Q-%d", false), ("%Q", false), ("%d.%m", false), ("%Y-%m", false), ("%Y-%m-%d %I:%M", false), ("%%", false), ("%Y-%m-%d", true), ("%d/%m/%Y %I:%M %p", true), ("%F %T", true), ("%s", true), ("%Y%m%d%H%M%S", true),
            ("%Y-%j", true), ("%d %b %Y", true), ("%m/%d/%y", true), ("%A, %d %B %Y %H:%M", true), ("%Y-%m-%dT%H:%M:%S%.3fZ", true),
        ] {
            assert_eq!(TimeFormat::parse(format).is_ok(), fits, "{format}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for zone in ["UTC", "Europe/Stockholm", "America/New_York"] {
            let zone = expr::zone(zone).unwrap();
            for format in ["iso8601", "epoch_s", "epoch_ms", "epoch_us", "rfc2822", "dotnet", "%Y-%m-%d %H:%M:%S", "%Y%m%dT%H%M%S%z"] {
                let format = TimeFormat::parse(format).unwrap();
                assert_eq!(format.read(&format.write(NOON, &zone), &zone), Some(NOON), "{format:?}");
            }
        }
    }
}
