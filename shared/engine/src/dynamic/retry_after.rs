//! `Retry-After`: seconds, also with decimals, or a date as HTTP or RFC 3339 writes it, or a time since 1970. What is none is ignored; what
//! is long is capped.

use std::time::Duration;

pub(crate) const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// How long the other side asked us to wait.
pub(crate) fn retry_after(text: &str, now_ms: i64) -> Option<Duration> {
    let text = text.trim();
    let wait = since_1970(text, now_ms).or_else(|| seconds(text)).or_else(|| date(text, now_ms))?;
    Some(wait.min(LONGEST))
}

/// Above this, a number of seconds is a time since 1970; above a thousand times as many, it is one in milliseconds.
const EPOCH_S: i64 = 1_000_000_000;

fn since_1970(text: &str, now_ms: i64) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number = whole.parse::<i64>().ok().filter(|number| *number > EPOCH_S && digits(whole) && digits(fraction))?;
    let at = if number > EPOCH_S * 1000 { number } else { number * 1000 + format!("{fraction:0<3}")[..3].parse::<i64>().unwrap_or_default() };
    Some(Duration::from_millis(u64::try_from(at - now_ms).unwrap_or(0)))
}

fn seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    // More digits than a u64 holds is longer than the cap.
    let whole = Duration::from_secs(whole.parse().unwrap_or(LONGEST.as_secs()).min(LONGEST.as_secs()));
    let millis: u64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    Some(whole + Duration::from_millis(millis))
}

fn date(text: &str, now_ms: i64) -> Option<Duration> {
    let at = expr::Format::Rfc2822.read(text, &jiff::tz::TimeZone::UTC).or_else(|| expr::instant(text))?.as_millisecond();
    Some(Duration::from_millis(u64::try_from(at - now_ms).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::retry_after;

    #[test]
    fn delays_are_read_as_senders_write_them() {
        // 2026-01-31T09:01:40Z
        let now = 1_769_850_100_000;
        for (text, ms) in [
            ("2", Some(2_000)), ("2.0", Some(2_000)), ("0.25", Some(250)), (" 30 ", Some(30_000)), ("999999999999999999999999", Some(43_200_000)), ("86400", Some(43_200_000)),
            ("Sat, 31 Jan 2026 09:02:40 GMT", Some(60_000)), ("Sat, 31 Jan 2026 09:00:00 GMT", Some(0)), ("2026-01-31T10:02:00+01:00", Some(20_000)), ("1769850130", Some(30_000)), ("1769850130.25", Some(30_250)), ("1769850130500", Some(30_500)), ("1769850099", Some(0)), ("1769840000000", Some(0)), ("9223372036854775807", Some(43_200_000)), ("1000000000", Some(43_200_000)), ("soon", None), ("", None), ("-5", None), ("5 minutes", None), ("1.2.3", None),
        ] {
            assert_eq!(retry_after(text, now).map(|wait| wait.as_millis()), ms, "{text}");
        }
    }
}
