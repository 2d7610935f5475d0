//! Instants as RFC 3339 text, read and written without a general parser.
//!
//! Every date function begins and ends here. It knows no clock and no time zone but UTC.

use jiff::{Timestamp, civil, tz::TimeZone};

/// Reads RFC 3339, or a date, which is its first moment in UTC. A text without an offset is no instant.
#[must_use]
pub fn instant(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let days = days(date(bytes.get(..10)?)?);
    if bytes.len() == 10 {
        return Timestamp::from_second(days * 86_400).ok();
    }
    if bytes.len() < 17 || !matches!(bytes[10], b'T' | b't' | b' ') || bytes[13] != b':' {
        return None;
    }
    let (hour, minute) = (two(bytes, 11)?, two(bytes, 14)?);
    let (second, mut at) = if bytes[16] == b':' { (two(bytes, 17)?, 19) } else { (0, 16) };
    let mut nanos = 0;
    if matches!(bytes.get(at), Some(b'.' | b',')) {
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        // What is finer than a nanosecond is not told.
        nanos = bytes[at + 1..at + 1 + digits.min(9)].iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')) * 10_i32.pow(9 - u32::try_from(digits.min(9)).ok()?);
        at += 1 + digits;
    }
    let offset = offset(bytes.get(at..)?)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // A leap second is the one before it, as elsewhere.
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second.min(59) - offset;
    let whole = Timestamp::from_second(seconds).ok()?;
    if nanos == 0 { Some(whole) } else { whole.checked_add(jiff::SignedDuration::from_nanos(nanos.into())).ok() }
}

/// Reads `YYYY-MM-DD`.
pub(crate) fn date(bytes: &[u8]) -> Option<civil::Date> {
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = two(bytes, 0)? * 100 + two(bytes, 2)?;
    civil::Date::new(i16::try_from(year).ok()?, i8::try_from(two(bytes, 5)?).ok()?, i8::try_from(two(bytes, 8)?).ok()?).ok()
}

/// RFC 3339 in UTC, with as many digits behind the second as it needs.
#[must_use]
pub fn written(instant: Timestamp) -> String {
    let (seconds, nanos) = (instant.as_second(), instant.subsec_nanosecond());
    // Years beyond four digits and moments before 1970 with a fraction are rare: the library writes them.
    if nanos < 0 || !(0..253_402_300_800).contains(&seconds) {
        return instant.to_string();
    }
    let (year, month, day) = civil_of(seconds / 86_400);
    let of_day = seconds % 86_400;
    let mut text = String::with_capacity(32);
    let mut push = |value: i64, width: u32| (0..width).rev().for_each(|place| text.push(char::from(b'0' + u8::try_from(value / 10_i64.pow(place) % 10).unwrap_or(0))));
    push(year, 4);
    for (sign, value) in [('-', month), ('-', day), ('T', of_day / 3600), (':', of_day / 60 % 60), (':', of_day % 60)] {
        text.push(sign);
        text.push(char::from(b'0' + u8::try_from(value / 10).unwrap_or(0)));
        text.push(char::from(b'0' + u8::try_from(value % 10).unwrap_or(0)));
    }
    if nanos != 0 {
        text.push_str(format!(".{nanos:09}").trim_end_matches('0'));
    }
    text.push('Z');
    text
}

/// `Z`, `+01:00`, `+0100` or `+01`, in seconds.
fn offset(bytes: &[u8]) -> Option<i64> {
    let (sign, rest) = match bytes {
        [b'Z' | b'z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let minutes = match rest.len() {
        2 => 0,
        4 => two(rest, 2)?,
        5 if rest[2] == b':' => two(rest, 3)?,
        _ => return None,
    };
    let hours = two(rest, 0)?;
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

fn two(bytes: &[u8], at: usize) -> Option<i64> {
    match bytes.get(at..at + 2)? {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(i64::from(tens - b'0') * 10 + i64::from(ones - b'0')),
        _ => None,
    }
}

/// Days since 1970 of a date.
fn days(date: civil::Date) -> i64 {
    let (year, month, day) = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of days since 1970.
fn civil_of(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted_month + 2) / 5 + 1)
}

/// A time zone by its name, from the database that travels with the program; also a fixed offset such as `+02:00`.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    if name == "UTC" {
        return Some(TimeZone::UTC);
    }
    if let Some(seconds) = offset(name.as_bytes()).filter(|_| name.starts_with(['+', '-'])) {
        return jiff::tz::Offset::from_seconds(i32::try_from(seconds).ok()?).ok().map(TimeZone::fixed);
    }
    if name.len() > 64 { None } else { jiff::tz::db().get(name).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_in_every_form_of_rfc_3339() {
        for (text, expected) in [
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"), ("2026-01-02t03:04:05.5z", "2026-01-02T03:04:05.5Z"), ("2026-01-02 03:04:05+01:00", "2026-01-02T02:04:05Z"),
            ("2026-01-02T03:04:05+0100", "2026-01-02T02:04:05Z"), ("2026-01-02T03:04Z", "2026-01-02T03:04:00Z"), ("2026-01-02", "2026-01-02T00:00:00Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"), ("1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.25Z"), ("2026-01-02T03:04:05.1234567899Z", "2026-01-02T03:04:05.123456789Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"), ("9999-12-30T22:00:00Z", "9999-12-30T22:00:00Z"), ("2024-02-29", "2024-02-29T00:00:00Z"),
        ] {
            assert_eq!(instant(text).map(written).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "2026-01-02T03:04:05", "2026-13-02", "2026-02-29", "2026-01-02T24:00:00Z", "2026-01-02T03:04:05.Z", "2026-1-2", "not a date", "2026-01-02T03:04:05+25:00", "ååååå", "2026-01-02Tåå:00Z"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn zones_come_from_the_bundled_database() {
        assert!(zone("Europe/Stockholm").is_some() && zone("UTC").is_some() && zone("+02:00").is_some());
        assert!(zone("Europe/Stokholm").is_none() && zone("../etc/passwd").is_none() && zone("").is_none());
    }

    proptest::proptest! {
        #[test]
        fn instants_are_written_and_read_as_the_library_does(seconds in -62_135_596_800_i64..253_402_200_000, nanos in 0_i32..1_000_000_000) {
            let moment = Timestamp::new(seconds, if seconds < 0 { -nanos } else { nanos }).unwrap();
            proptest::prop_assert_eq!(written(moment), moment.to_string());
            proptest::prop_assert_eq!(instant(&moment.to_string()), Some(moment));
        }
    }
}
