//! How long a header of an answer asks us to wait, in the unit it has.

use std::time::Duration;

use connector::Unit;

use super::retry_after::{LONGEST, retry_after};

/// The wait a header says.
pub(super) fn waited(text: &str, unit: Unit, now_ms: i64) -> Option<Duration> {
    let number = || whole(text.trim());
    let from_now = |ms: i64| Duration::from_millis(u64::try_from(ms).unwrap_or(0)).min(LONGEST);
    let found = match unit {
        Unit::Seconds => None,
        Unit::Millis => number().map(from_now),
        Unit::Minutes => number().map(|minutes| from_now(minutes.saturating_mul(60_000))),
        Unit::EpochSeconds => number().map(|seconds| from_now(seconds.saturating_mul(1_000).saturating_sub(now_ms))),
        Unit::EpochMillis => number().map(|ms| from_now(ms.saturating_sub(now_ms))),
    };
    // Whatever a number means there, a date is a date.
    found.or_else(|| retry_after(text, now_ms).filter(|_| unit == Unit::Seconds || text.contains(':')))
}

/// A whole number, rounded up where it has decimals.
fn whole(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let more = fraction.bytes().all(|byte| byte.is_ascii_digit()).then(|| fraction.bytes().any(|byte| byte != b'0'))?;
    whole.parse::<i64>().ok()?.checked_add(i64::from(more))
}
