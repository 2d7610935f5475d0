//! What answers tell of what is left of a budget, in headers or in their bodies.

use connector::{BudgetPlaces, RateLimiting, Unit};
use document::{Limits, Parser};

use crate::Response;

/// What an answer told of the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heard {
    /// Nothing may be asked before this time, in milliseconds since 1970.
    pub hold_until_ms: Option<i64>,
}

/// What an answer tells: below the reserve, nothing is asked until the budget is full again.
#[must_use]
pub fn heard(limits: &RateLimiting, response: &Response, now_ms: i64) -> Heard {
    let number = |name: &Option<String>| response.header(name.as_deref()?).and_then(first_number);
    let Some(remaining) = number(&limits.headers.remaining) else { return limits.body.as_ref().map(|places| written(places, limits, response, now_ms)).unwrap_or_default() };
    if !spent(remaining, number(&limits.headers.limit), limits) {
        return Heard::default();
    }
    let reset = limits.headers.reset.as_deref().and_then(|name| response.header(name));
    let until = reset.and_then(|text| instant(text, limits.headers.reset_unit, now_ms)).unwrap_or(now_ms + 1_000);
    Heard { hold_until_ms: Some(until.min(now_ms + LONGEST_MS)) }
}

/// What the body of an answer tells; one that is no JSON tells nothing.
fn written(places: &BudgetPlaces, limits: &RateLimiting, response: &Response, now_ms: i64) -> Heard {
    let mut parser = Parser::new(Limits::default());
    let Ok(doc) = parser.parse(&response.body) else { return Heard::default() };
    let number = |path: &document::Path| path.at(doc.root()).and_then(|item| item.plain().as_deref().and_then(first_number));
    let Some(remaining) = number(&places.remaining) else { return Heard::default() };
    let limit = places.limit.as_ref().and_then(number);
    if !spent(remaining, limit, limits) {
        return Heard::default();
    }
    let lacking = limit.map(|limit| limit.saturating_sub(remaining).max(0));
    let back = places.per_second.as_ref().and_then(number).filter(|back| *back > 0);
    let wait = lacking.zip(back).map_or(1_000, |(lacking, back)| lacking.saturating_mul(1_000) / back);
    Heard { hold_until_ms: Some(now_ms.saturating_add(wait.min(LONGEST_MS))) }
}

/// Whether what is left belongs to others.
fn spent(remaining: i64, limit: Option<i64>, limits: &RateLimiting) -> bool {
    remaining <= 0 || limit.is_some_and(|limit| remaining.saturating_mul(1000) <= limit.saturating_mul(i64::from(limits.reserve)))
}

/// An hour: who says more is asked again then.
const LONGEST_MS: i64 = 3_600_000;
/// Above this, a number of seconds is a time since 1970.
const EPOCH_S: i64 = 1_000_000_000;

/// A number in its unit, or a date. Without a unit: seconds from now, also with a fraction, or seconds or milliseconds since 1970.
fn instant(text: &str, unit: Option<Unit>, now_ms: i64) -> Option<i64> {
    let text = text.trim();
    match first_number(text).filter(|_| text.starts_with(|char: char| char.is_ascii_digit()) && !text.contains(['-', ' '])) {
        Some(number) => {
            let number = number.saturating_add(i64::from(text.contains('.')));
            let unit = unit.unwrap_or(if number > EPOCH_S * 1000 { Unit::EpochMillis } else if number > EPOCH_S { Unit::EpochSeconds } else { Unit::Seconds });
            Some(match unit {
                Unit::EpochMillis => number,
                Unit::EpochSeconds => number.saturating_mul(1000),
                Unit::Millis => now_ms.saturating_add(number),
                Unit::Seconds => now_ms.saturating_add(number.saturating_mul(1000)),
                Unit::Minutes => now_ms.saturating_add(number.saturating_mul(60_000)),
            })
        }
        None => expr::instant(text).map(jiff::Timestamp::as_millisecond).or_else(|| expr::Format::Rfc2822.read(text, &jiff::tz::TimeZone::UTC).map(jiff::Timestamp::as_millisecond)),
    }
}

/// The whole number a text begins with: `39`, `39/40`, `39.5`.
fn first_number(text: &str) -> Option<i64> {
    let digits = text.trim().split(|char: char| !char.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_769_850_100_000;

    #[test]
    fn answers_tell_when_to_slow_down() {
        let limits = |reserve| RateLimiting {
            headers: connector::BudgetHeaders { remaining: Some("X-Remaining".into()), limit: Some("X-Limit".into()), reset: Some("X-Reset".into()), reset_unit: None },
            reserve,
            ..RateLimiting::default()
        };
        for (remaining, limit, reset, reserve, hold) in [
            ("39", "40", "10", 100, None), ("4", "40", "10", 100, Some(10_000)), ("0", "40", "10", 0, Some(10_000)), ("0", "40", "1769850130", 0, Some(30_000)), ("0", "40", "2026-01-31T09:02:00Z", 0, Some(20_000)),
            ("0", "40", "Sat, 31 Jan 2026 09:02:40 GMT", 0, Some(60_000)), ("0", "40", "0.5", 0, Some(1_000)), ("0", "", "", 0, Some(1_000)), ("1", "", "", 0, None), ("", "40", "10", 100, None), ("39/40", "40", "1", 0, None),
        ] {
            let headers = [("X-Remaining", remaining), ("X-Limit", limit), ("X-Reset", reset)].into_iter().filter(|(_, value)| !value.is_empty());
            let response = Response { status: 200, headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(), body: Vec::new() };
            assert_eq!(heard(&limits(reserve), &response, NOW).hold_until_ms, hold.map(|ms| NOW + ms), "{remaining} {limit} {reset}");
        }
    }

    #[test]
    fn a_body_tells_as_headers_do() {
        let path = |text: &str| document::Path::parse(text).unwrap();
        let places = BudgetPlaces { remaining: path("$.cost.left"), limit: Some(path("$.cost.of")), per_second: Some(path("$.cost.back")) };
        let limits = RateLimiting { body: Some(places), reserve: 100, ..RateLimiting::default() };
        for (body, hold) in [
            (r#"{"cost":{"left":201,"of":2000.0,"back":100.0}}"#, None), (r#"{"cost":{"left":200,"of":2000.0,"back":100.0}}"#, Some(18_000)), (r#"{"cost":{"left":0,"of":2000,"back":0}}"#, Some(1_000)),
            (r#"{"cost":{"left":0}}"#, Some(1_000)), (r#"{"cost":{"left":1}}"#, None), (r#"{"cost":null}"#, None), ("<html>", None), ("", None),
        ] {
            let response = Response { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec() };
            assert_eq!(heard(&limits, &response, NOW).hold_until_ms, hold.map(|ms| NOW + ms), "{body}");
        }
    }

    #[test]
    fn the_end_of_a_budget_is_read_in_its_unit() {
        for (unit, reset, hold) in [
            (None, "15000", 3_600_000), (Some(Unit::Millis), "15000", 15_000), (Some(Unit::Minutes), "2", 120_000), (Some(Unit::Seconds), "2", 2_000), (Some(Unit::EpochSeconds), "1769850130", 30_000),
            (Some(Unit::EpochMillis), "1769850130000", 30_000), (Some(Unit::Millis), "Sat, 31 Jan 2026 09:02:40 GMT", 60_000), (Some(Unit::Millis), "99999999999999999999", 1_000),
        ] {
            let headers = connector::BudgetHeaders { remaining: Some("X-Remaining".into()), limit: None, reset: Some("X-Reset".into()), reset_unit: unit };
            let response = Response { status: 200, headers: vec![("X-Remaining".to_owned(), "0".to_owned()), ("X-Reset".to_owned(), reset.to_owned())], body: Vec::new() };
            assert_eq!(heard(&RateLimiting { headers, ..RateLimiting::default() }, &response, NOW).hold_until_ms, Some(NOW + hold), "{unit:?} {reset}");
        }
    }
}
