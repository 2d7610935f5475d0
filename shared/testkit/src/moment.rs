//! Instants as the systems write them. Reading goes through `canonical::parse_time`.

/// RFC 3339 to the second, with an offset in minutes: `2026-01-31T10:01:40+01:00`.
#[must_use]
pub fn rfc3339(ms: i64, offset_minutes: i64) -> String {
    let sign = if offset_minutes < 0 { '-' } else { '+' };
    let offset = offset_minutes.abs();
    format!("{}{sign}{:02}:{:02}", stamp(ms + offset_minutes * 60_000, 'T'), offset / 60, offset % 60)
}

/// Date and time in UTC without a zone: `2026-01-31 09:01:40`.
#[must_use]
pub fn civil(ms: i64) -> String {
    stamp(ms, ' ')
}

/// As mail and HTTP headers write it: `Sat, 31 Jan 2026 09:01:40 GMT`, the zone being what the caller calls it.
#[must_use]
pub(crate) fn mail(ms: i64, zone: &str) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let days = ms.div_euclid(86_400_000);
    let (year, month, day) = date(days);
    let name = |names: &[&'static str], at: i64| usize::try_from(at).ok().and_then(|at| names.get(at).copied()).unwrap_or_default();
    let time = stamp(ms, ' ');
    format!("{}, {day:02} {} {year:04} {} {zone}", name(&DAYS, days.rem_euclid(7)), name(&MONTHS, month - 1), time.split_once(' ').map_or("", |(_, time)| time))
}

/// The months' names in mail, January first.
pub(crate) const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn stamp(ms: i64, between: char) -> String {
    let seconds = ms.div_euclid(1000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    format!("{year:04}-{month:02}-{day:02}{between}{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// Days since 1970-01-01 to a date, counting eras of 400 years that begin in March.
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_and_read_back() {
        for (ms, offset, text) in [
            (1_769_850_100_000, 60, "2026-01-31T10:01:40+01:00"),
            (1_769_850_100_999, 0, "2026-01-31T09:01:40+00:00"),
            (1_709_164_800_000, -330, "2024-02-28T18:30:00-05:30"),
            (0, 0, "1970-01-01T00:00:00+00:00"),
            (-1_000, 0, "1969-12-31T23:59:59+00:00"),
            (951_782_400_000, 0, "2000-02-29T00:00:00+00:00"),
        ] {
            assert_eq!(rfc3339(ms, offset), text);
            assert_eq!(canonical::parse_time(text), Some(ms.div_euclid(1000) * 1000));
        }
        assert_eq!(civil(1_769_850_100_000), "2026-01-31 09:01:40");
        assert_eq!(mail(1_769_850_100_000, "GMT"), "Sat, 31 Jan 2026 09:01:40 GMT");
        assert_eq!(mail(-1_000, "+0000"), "Wed, 31 Dec 1969 23:59:59 +0000");
    }
}
