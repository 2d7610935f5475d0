//! Paths that count calls: one lets a second's worth through at once and then as much as leaks away, one counts every span of a
//! second strictly.

use document::Value;

use super::ask::Ask;
use super::{Api, Misbehaviour, route};
use crate::Answer;
use crate::shop::Bucket;

/// The most calls a second that are counted.
const MOST_CALLS: i64 = 1_000_000;
/// What is counted strictly.
const SPAN_MS: i64 = 1_000;

impl Api {
    /// `/limited/…`: as many calls a second as the options say, counted in headers; 429 beyond.
    pub(crate) fn limited(&mut self, ask: &Ask) -> Answer {
        let rate = self.options.rate.clamp(1, MOST_CALLS);
        let now_ms = self.options.clock.now_ms();
        let fits = self.level.take(Bucket { size: rate, leak_per_second: rate }, now_ms);
        let calls = self.level.calls();
        if !fits && ask.words.has(Misbehaviour::NoRetryHeader) {
            return route::refused(429, "rate_limited", "too many requests");
        }
        let answer = if fits { self.route(&ask.behind(1)) } else { route::refused(429, "rate_limited", "too many requests").with("retry-after", "1") };
        let empty_s = (now_ms + calls * 1000 / rate + 999).div_euclid(1000);
        let counted = [("x-ratelimit-limit", rate), ("x-ratelimit-remaining", rate - calls), ("x-ratelimit-reset", empty_s)];
        counted.into_iter().fold(answer, |answer, (name, number)| answer.with(name, Value::from(number).to_string()))
    }

    /// `/strict/…`: in no second more calls than the options say; 429 beyond. Calls that are refused do not count.
    pub(crate) fn strict(&mut self, ask: &Ask) -> Answer {
        let rate = usize::try_from(self.options.rate.clamp(1, MOST_CALLS)).unwrap_or(usize::MAX);
        let now_ms = self.options.clock.now_ms();
        self.lately.retain(|at| (now_ms.saturating_sub(SPAN_MS) + 1..=now_ms).contains(at));
        if self.lately.len() >= rate {
            return route::refused(429, "rate_limited", "too many requests within a second").with("retry-after", "1");
        }
        self.lately.push(now_ms);
        self.route(&ask.behind(1))
    }
}
