//! What the library of instants reads as something else than it says: an unknown zone as UTC, `26` as the year 26.

use jiff::{Timestamp, fmt::{rfc2822, strtime::BrokenDownTime}};

/// An instant as in mails and HTTP.
///
/// The library takes a zone it does not know for UTC: `CEST` would be two hours off, and nobody would see it.
pub(crate) fn mail(text: &str) -> Option<Timestamp> {
    // A comment stands at the end, and perhaps tells the name of the offset before it.
    let told = text.split('(').next()?;
    let zone = told.split_ascii_whitespace().next_back()?;
    let known = zone.starts_with(['+', '-']) || ZONES.iter().any(|known| known.eq_ignore_ascii_case(zone));
    if known { rfc2822::DateTimeParser::new().parse_timestamp(text).ok() } else { None }
}

/// The names of zones by RFC 2822, and the one all write for the first of them.
const ZONES: &[&str] = &["UT", "UTC", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"];

/// Whether each year of four digits has them in a text the pattern reads: the library reads `26` as the year 26.
pub(crate) fn whole_years(pattern: &str, text: &str) -> bool {
    let mut rest = pattern;
    while let Some((_, directive)) = rest.split_once('%') {
        let sign = directive.find(|char: char| !matches!(char, '-' | '_' | '^' | '#' | '.' | ':') && !char.is_ascii_digit()).unwrap_or(directive.len());
        if directive[sign..].starts_with(['Y', 'F', 'G']) {
            let before = &pattern[..pattern.len() - directive.len() - 1];
            let Ok((_, read)) = BrokenDownTime::parse_prefix(before, text) else { return false };
            let year = text.as_bytes().get(read..).unwrap_or_default().trim_ascii_start();
            if year.len() < 4 || !year[..4].iter().all(u8::is_ascii_digit) {
                return false;
            }
        }
        rest = directive.get(sign + 1..).unwrap_or_default();
    }
    true
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use crate::{Format, instant::written};

    #[test]
    fn a_year_of_four_digits_is_not_read_from_two() {
        for (format, text, expected) in [
            ("%d/%m/%Y", "02/01/26", None), ("%d/%m/%Y", "02/01/2026", Some("2026-01-02T00:00:00Z")), ("%d/%m/%y", "02/01/26", Some("2026-01-02T00:00:00Z")), ("%d/%m/%y", "02/01/2026", None),
            ("%Y-%m-%d", "26-01-02", None), ("%F", "26-01-02", None), ("%F", "2026-01-02", Some("2026-01-02T00:00:00Z")), ("%FT%T", "226-01-02T03:04:05", None), ("%d%m%Y", "0201-2026", None), ("%_Y-%m-%d", "26-01-02", None),
            ("%d.%m.%Y %H:%M", "02.01.26 03:04", None), ("%d %b  %Y", "2 Jan   2026", Some("2026-01-02T00:00:00Z")), ("%%Y %y-%m-%d", "%Y 26-01-02", Some("2026-01-02T00:00:00Z")), ("%G-W%V-%u", "26-W01-5", None), ("%G-W%V-%u", "2026-W01-5", Some("2026-01-02T00:00:00Z")),
            ("%Y%m%d", "20260102", Some("2026-01-02T00:00:00Z")), ("%Y%m%d", "260102", None), ("%Y-%m-%d", "0026-01-02", Some("0026-01-02T00:00:00Z")), ("%A, %d %B %Y", "Friday, 02 January 26", None),
        ] {
            let read = Format::parse(format).unwrap().read(text, &TimeZone::UTC);
            assert_eq!(read.map(written).as_deref(), expected, "{format} {text}");
        }
    }

    #[test]
    fn a_zone_that_is_no_name_of_the_standard_is_not_read_as_utc() {
        for (text, expected) in [
            ("Fri, 02 Jan 2026 03:04:05 CEST", None), ("Fri, 02 Jan 2026 03:04:05 CET", None), ("Fri, 02 Jan 2026 03:04:05 BST", None), ("02 Jan 2026 03:04 A", None), ("Fri, 02 Jan 2026 03:04:05 CEST (of summer)", None),
            ("Fri, 02 Jan 2026 03:04:05 (GMT) CEST", None), ("Fri, 02 Jan 2026 03:04:05 CEST (a (b) GMT", None),
            ("Fri, 02 Jan 2026 03:04:05 GMT", Some("2026-01-02T03:04:05Z")), ("Fri, 02 Jan 2026 03:04:05 UT", Some("2026-01-02T03:04:05Z")), ("Fri, 02 Jan 2026 03:04:05 UTC", Some("2026-01-02T03:04:05Z")), ("Fri, 02 Jan 2026 03:04:05 z", Some("2026-01-02T03:04:05Z")),
            ("Fri, 02 Jan 2026 03:04:05 EST", Some("2026-01-02T08:04:05Z")), ("Fri, 02 Jan 2026 03:04:05 pdt", Some("2026-01-02T10:04:05Z")), ("Fri, 02 Jan 2026 03:04:05 +0200 (CEST)", Some("2026-01-02T01:04:05Z")), ("02 Jan 2026 03:04 -0000", Some("2026-01-02T03:04:00Z")),
        ] {
            let read = Format::Rfc2822.read(text, &TimeZone::UTC);
            assert_eq!(read.map(written).as_deref(), expected, "{text}");
        }
    }
}
