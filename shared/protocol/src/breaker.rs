//! The breaker of a connection: when to stop asking, and how to start again.

use canonical::Millis;

/// The present window. Calls are counted where they are reserved, for good: batches that went well write nothing more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// When it began.
    pub since: Millis,
    /// Calls reserved before it.
    pub before: u64,
    /// Failed ones in it.
    pub failures: u32,
}

/// What is stored with the connection's state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Breaker {
    /// Open until; 0 when closed.
    pub open_until: Millis,
    /// Times it opened in a row without closing.
    pub opens: u32,
    /// Successes since it was half-open.
    pub successes: u32,
    /// The counts.
    pub window: Window,
}

/// What the breaker says to a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Go on.
    Closed,
    /// One probe only; the rest waits.
    HalfOpen,
    /// Park until then.
    Open(Millis),
}

const WINDOW_MS: Millis = 60_000;
const FIRST_OPEN_MS: Millis = 30_000;
const LONGEST_OPEN_MS: Millis = 15 * 60_000;
const ENOUGH_CALLS: u64 = 10;
const SUCCESSES_TO_CLOSE: u32 = 3;

impl Breaker {
    /// What a batch may do now.
    #[must_use]
    pub fn gate(&self, now: Millis) -> Gate {
        match (self.open_until, self.opens) {
            (_, 0) => Gate::Closed,
            (until, _) if now < until => Gate::Open(until),
            _ => Gate::HalfOpen,
        }
    }

    /// The state after a batch made `calls` calls of which `failures` failed; `reserved` is how many were ever reserved
    /// for the connection, these included.
    #[must_use]
    pub fn after(&self, calls: u32, failures: u32, reserved: u64, now: Millis) -> Breaker {
        let half_open = self.opens > 0 && now >= self.open_until;
        if half_open {
            if failures > 0 {
                return self.opened(now);
            }
            let successes = self.successes + calls;
            return if successes >= SUCCESSES_TO_CLOSE { Breaker::default() } else { Breaker { successes, ..*self } };
        }
        let fresh = now - self.window.since >= WINDOW_MS;
        let before = reserved.saturating_sub(u64::from(calls));
        let window = if fresh { Window { since: now, before, failures } } else { Window { failures: self.window.failures + failures, ..self.window } };
        let in_window = reserved.saturating_sub(window.before);
        let counted = Breaker { window, ..*self };
        if self.opens == 0 && in_window >= ENOUGH_CALLS && u64::from(window.failures) * 2 >= in_window { counted.opened(now) } else { counted }
    }

    fn opened(&self, now: Millis) -> Breaker {
        let open_ms = (FIRST_OPEN_MS << self.opens.min(5)).min(LONGEST_OPEN_MS);
        Breaker { open_until: now + open_ms, opens: self.opens + 1, successes: 0, window: Window::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_ten_calls_failing_opens_it_and_three_successes_close_it() {
        let mut breaker = Breaker::default().after(9, 9, 9, 1_000);
        assert_eq!(breaker.gate(1_000), Gate::Closed);
        breaker = breaker.after(1, 1, 10, 2_000);
        assert_eq!(breaker.gate(2_000), Gate::Open(32_000));
        assert_eq!(breaker.gate(32_000), Gate::HalfOpen);
        breaker = breaker.after(1, 0, 11, 32_000).after(1, 0, 12, 32_000);
        assert_eq!(breaker.gate(32_000), Gate::HalfOpen);
        assert_eq!(breaker.after(1, 0, 13, 32_000), Breaker::default());
    }

    #[test]
    fn each_failed_probe_doubles_the_wait_up_to_fifteen_minutes() {
        let mut breaker = Breaker::default().after(10, 10, 10, 0);
        let mut waits = Vec::new();
        for probe in 1..9 {
            let now = breaker.open_until;
            breaker = breaker.after(1, 1, 10 + probe, now);
            waits.push((breaker.open_until - now) / 1000);
        }
        assert_eq!(waits, [60, 120, 240, 480, 900, 900, 900, 900]);
    }

    #[test]
    fn old_failures_are_forgotten_with_their_window() {
        let breaker = Breaker::default().after(9, 9, 9, 0).after(9, 0, 18, 61_000).after(1, 1, 19, 62_000);
        assert_eq!(breaker.gate(62_000), Gate::Closed);
    }

    #[test]
    fn calls_that_went_well_count_though_their_batches_wrote_nothing() {
        let failed_one_by_one = |between: u64| (1..=20).fold(Breaker::default(), |breaker, index| breaker.after(1, 1, index * (between + 1), 1_000));
        assert_eq!(failed_one_by_one(9).gate(1_000), Gate::Closed);
        assert_ne!(failed_one_by_one(0).gate(1_000), Gate::Closed);
    }
}
