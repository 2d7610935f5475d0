//! `Retry-After`: seconds, also with decimals, or a date as HTTP or RFC 3339 writes it. What is neither is ignored; what is long is capped.

use std::time::Duration;

pub(crate) const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// How long the other side asked us to wait.
pub(crate) fn retry_after(text: &str, now_ms: i64) -> Option<Duration> {
    let text = text.trim();
    let wait = seconds(text).or_else(|| date(text, now_ms))?;
    Some(wait.min(LONGEST))
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
    let at = jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp()).or_else(|| expr::instant(text))?.as_millisecond();
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
            ("Sat, 31 Jan 2026 09:02:40 GMT", Some(60_000)), ("Sat, 31 Jan 2026 09:00:00 GMT", Some(0)), ("2026-01-31T10:02:00+01:00", Some(20_000)), ("soon", None), ("", None), ("-5", None), ("5 minutes", None), ("1.2.3", None),
        ] {
            assert_eq!(retry_after(text, now).map(|wait| wait.as_millis()), ms, "{text}");
        }
    }
}
