//! The formats that are held against a value: an exact decimal, an instant, a date.
//!
//! `email` and `uri` are not among them: shops hold addresses no rule would let pass, and an order must not die of one.

use super::decimal;

/// What a number or a text must be beyond its sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// At most 15 digits before and 9 after the point; a word of ours, which others read as a remark.
    Decimal,
    /// An instant by RFC 3339; an offset is part of it.
    Instant,
    /// A date by RFC 3339.
    Date,
}

/// Each format by the word schemas use.
pub(crate) const FORMATS: [(&str, Format); 3] = [("decimal", Format::Decimal), ("date-time", Format::Instant), ("date", Format::Date)];

impl Format {
    /// Whether the text of a number or of a string is one.
    pub(crate) fn admits(self, text: &str) -> bool {
        match self {
            Format::Decimal => decimal::fits(text),
            Format::Instant => instant(text.as_bytes()).is_some(),
            Format::Date => text.len() == 10 && date(text.as_bytes()).is_some(),
        }
    }
}

/// A number of so many digits at a place.
fn digits(text: &[u8], at: usize, count: usize) -> Option<u32> {
    text.get(at..at + count)?.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

fn date(text: &[u8]) -> Option<()> {
    let (year, month, day) = (digits(text, 0, 4)?, digits(text, 5, 2)?, digits(text, 8, 2)?);
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (text[4] == b'-' && text[7] == b'-' && (1..=last).contains(&day)).then_some(())
}

fn instant(text: &[u8]) -> Option<()> {
    date(text)?;
    let (hour, minute, second) = (digits(text, 11, 2)?, digits(text, 14, 2)?, digits(text, 17, 2)?);
    let marks = matches!(text[10], b'T' | b't') && text[13] == b':' && text[16] == b':';
    let mut rest = &text[19..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        rest = &fraction[length..];
        (length > 0).then_some(())?;
    }
    let offset = match rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (hours, minutes) = (digits(rest, 1, 2)?, digits(rest, 4, 2)?);
            (hours < 24 && minutes < 60).then_some(())?;
            let offset = i64::from(hours * 60 + minutes);
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    // A leap second ends a day of UTC.
    let leaps = second == 60 && (i64::from(hour * 60 + minute) - offset).rem_euclid(1440) == 1439;
    (marks && hour < 24 && minute < 60 && (second < 60 || leaps)).then_some(())
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn an_instant_has_an_offset_and_a_day_that_exists() {
        for (text, expected) in [
            ("2026-01-31T09:01:40Z", true), ("2026-01-31T09:01:40.123456789+01:00", true), ("2024-02-29T00:00:00-23:59", true), ("2016-12-31T23:59:60Z", true), ("2017-01-01T00:59:60+01:00", true),
            ("2026-01-31T09:01:40", false), ("2026-01-31 09:01:40Z", false), ("2026-01-31", false), ("2026-02-29T00:00:00Z", false), ("1900-02-29T00:00:00Z", false), ("2026-01-31T24:00:00Z", false),
            ("2026-01-31T09:60:00Z", false), ("2026-01-31T09:01:60Z", false), ("2026-01-31T09:01:40+01", false), ("2026-01-31T09:01:40+24:00", false), ("2026-01-31T09:01:40.Z", false), ("2026-01-31T09:01:40ZZ", false),
            ("2026-00-10T09:01:40Z", false), ("2026-13-10T09:01:40Z", false), ("2026-01-00T09:01:40Z", false), ("26-01-31T09:01:40Z", false), ("1769850100", false), ("", false), ("2026-01-31T09:01:4å", false),
        ] {
            assert_eq!(Format::Instant.admits(text), expected, "{text}");
        }
        for (text, expected) in [("2026-01-31", true), ("2024-02-29", true), ("2026-04-31", false), ("2026-01-31Z", false), ("2026/01/31", false), ("", false)] {
            assert_eq!(Format::Date.admits(text), expected, "{text}");
        }
    }
}
