//! The budget of one pair of credentials: what is taken of several windows at once, and until when everyone is held back.
//!
//! Pure: whoever keeps it, in memory or in a table, hands in the time.

use connector::Window;

use crate::{Heard, Taken, Turns};

/// What is taken, and until when everyone is held back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Budget {
    /// Turns that went lately, or may still go.
    pub taken: Taken,
    /// Nothing may be asked before this time, in milliseconds since 1970.
    pub hold_until_ms: i64,
}

impl Budget {
    /// How long a request of a cost has to wait, in milliseconds.
    #[must_use]
    pub fn wait(&self, windows: &[Window], cost: u32, now_ms: i64) -> i64 {
        self.taken.next(windows, u64::from(cost), now_ms.max(self.hold_until_ms)).saturating_sub(now_ms)
    }

    /// Takes a turn of a cost: how long to wait for it, in milliseconds. It goes then, or never.
    pub fn take(&mut self, windows: &[Window], cost: u32, now_ms: i64) -> i64 {
        self.take_ahead(windows, cost, now_ms, 0, 0)
    }

    /// Takes turns of a cost together: how long to wait for them, in milliseconds. They go within so much time from then, or never;
    /// whoever took them may correct them by their name, unless it is 0.
    ///
    /// In no span of a window's length more than its limit goes, whoever takes turns. Who has to wait longer than a minute
    /// asks again when the time has come: turns taken far ahead are not believed.
    pub fn take_ahead(&mut self, windows: &[Window], cost: u32, now_ms: i64, good_ms: i64, name: u64) -> i64 {
        self.taken.tidy(windows, now_ms);
        let wait = self.wait(windows, cost, now_ms);
        if !windows.is_empty() {
            self.taken.add(Turns { until_ms: now_ms.saturating_add(wait).saturating_add(good_ms), cost: u64::from(cost), name });
        }
        wait
    }

    /// Takes into account what an answer told.
    pub fn hear(&mut self, heard: Heard) {
        if let Some(until) = heard.hold_until_ms {
            self.hold_until_ms = self.hold_until_ms.max(until);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_769_850_100_000;

    #[test]
    fn what_fits_into_every_window_goes_at_once_and_the_rest_waits_for_the_tightest() {
        let windows = [Window { limit: 2, per_ms: 1_000 }, Window { limit: 5, per_ms: 60_000 }];
        let mut budget = Budget::default();
        let waits: Vec<i64> = (0..7).map(|_| budget.take(&windows, 1, NOW)).collect();
        assert_eq!(waits, [0, 0, 1_000, 1_000, 2_000, 60_000, 60_000]);
    }

    #[test]
    fn a_costly_request_takes_as_many_turns() {
        let windows = [Window { limit: 10, per_ms: 1_000 }];
        let mut budget = Budget::default();
        assert_eq!((budget.take(&windows, 10, NOW), budget.take(&windows, 1, NOW)), (0, 1_000));
        assert_eq!(budget.take(&windows, 1, NOW + 10_000), 0);
    }

    #[test]
    fn turns_taken_ahead_count_for_as_long_as_they_may_go() {
        let windows = [Window { limit: 10, per_ms: 1_000 }];
        let mut budget = Budget { hold_until_ms: NOW + 300, ..Budget::default() };
        assert_eq!((budget.take_ahead(&windows, 10, NOW, 250, 1), budget.wait(&windows, 1, NOW)), (300, 1_550));
        budget.taken.correct(1, 10, [Turns { until_ms: NOW + 340, cost: 4, name: 0 }]);
        assert_eq!((budget.wait(&windows, 6, NOW), budget.wait(&windows, 7, NOW)), (300, 1_340));
        assert_eq!(budget.take(&[], 1, NOW), 300);
    }

    #[test]
    fn a_clock_that_goes_back_keeps_nobody_waiting_until_its_old_time() {
        let windows = [Window { limit: 1, per_ms: 1_000 }];
        for (back, wait) in [(500, 1_500), (3_600_000, 0)] {
            let mut budget = Budget::default();
            assert_eq!((budget.take(&windows, 1, NOW), budget.take(&windows, 1, NOW - back)), (0, wait));
        }
    }
}
