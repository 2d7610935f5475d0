//! Paths that fail some times before they work, each in a way of its own.

use document::object;

use super::ask::Ask;
use super::{Api, Misbehaviour, route};
use crate::{Answer, Ending, moment};

/// Seconds an error asks to wait.
const WAIT_S: i64 = 2;
/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;

impl Api {
    /// `/errors/{kind}/…`: the first answers of a path are the error, as many as `times` says; then what is behind it.
    pub(crate) fn error(&mut self, ask: &Ask, kind: &str) -> Result<Answer, String> {
        let Some(error) = self.error_of(ask, kind) else { return Ok(route::nowhere()) };
        let times = ask.number("times", usize::try_from(self.options.failures).unwrap_or(usize::MAX))?;
        Ok(if self.kept.fails(&ask.request.path, times as u64) { error } else { self.route(&ask.behind(2)) })
    }

    fn error_of(&self, ask: &Ask, kind: &str) -> Option<Answer> {
        let now_ms = self.options.clock.now_ms();
        let says = !ask.words.has(Misbehaviour::NoRetryHeader);
        let limited = || route::refused(429, "rate_limited", "too many requests");
        Some(match kind {
            "429-header" if says => limited().with("retry-after", WAIT_S.to_string()),
            "429-date" if says => limited().with("retry-after", moment::mail(now_ms + WAIT_S * 1000, "GMT")),
            "429" | "429-header" | "429-date" => limited(),
            "429-body" => {
                let error = object([("code", Some("rate_limited".into())), ("message", Some("too many requests".into())), ("retry_after", Some(WAIT_S.into()))]);
                Answer::json(429, &object([("error", Some(error))]))
            }
            "503" => route::refused(503, "unavailable", "down for maintenance"),
            "quota" => {
                let midnight = (now_ms.div_euclid(DAY_MS) + 1) * DAY_MS;
                let error = object([("code", Some("daily_quota".into())), ("message", Some("the quota of today is used up".into())), ("reset_at", Some(ask.zone().iso(midnight).into()))]);
                Answer::json(403, &object([("error", Some(error))]))
            }
            "200-error" => route::refused(200, "internal", "something went wrong, and the status does not say so"),
            "404" => route::nowhere(),
            "html" => Answer::text(200, "text/html; charset=utf-8", "<!doctype html><html><body><h1>Please sign in</h1></body></html>"),
            "drop" => Answer::text(200, "application/json", "").ending(Ending::Nothing),
            "empty" => Answer::text(200, "application/json", ""),
            _ => return None,
        })
    }
}
