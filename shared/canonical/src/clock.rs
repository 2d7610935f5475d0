//! Time as a value.

use std::pin::Pin;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// Where the present comes from: the machine in `runtime`, a hand-wound clock in tests, a winding one in `dev`.
pub trait Clock: Send + Sync {
    /// The present.
    fn now_ms(&self) -> Millis;

    /// Lets time pass until an instant, seconds at most; a clock wound by hand winds itself. One that only tells the time
    /// passes at once.
    fn rest_until(&self, until: Millis) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let _ = until;
        Box::pin(std::future::ready(()))
    }
}

/// An instant as sources write it: RFC 3339 with any offset, or `YYYY-MM-DD HH:MM:SS` meant as UTC, or epoch seconds or milliseconds.
#[must_use]
pub fn parse_time(text: &str) -> Option<Millis> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(instant.as_millisecond());
    }
    if let Ok(civil) = text.parse::<jiff::civil::DateTime>() {
        return civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_millisecond());
    }
    let number: i64 = text.parse().ok()?;
    // Seconds stay below this until the year 5138; milliseconds passed it in 1973.
    Some(if number.abs() < 100_000_000_000 { number.checked_mul(1000)? } else { number })
}

#[cfg(test)]
mod tests {
    use super::parse_time;

    #[test]
    fn times_as_sources_write_them() {
        for (text, ms) in [
            ("2026-01-31T10:01:40+01:00", Some(1_769_850_100_000)), ("2026-01-31T09:01:40Z", Some(1_769_850_100_000)), ("2026-01-31 09:01:40", Some(1_769_850_100_000)),
            ("2026-01-31T09:01:40.123Z", Some(1_769_850_100_123)), ("1769850100", Some(1_769_850_100_000)), ("1769850100123", Some(1_769_850_100_123)), ("yesterday", None), ("", None),
        ] {
            assert_eq!(parse_time(text), ms, "{text}");
        }
    }
}
