//! Rate limit: GCRA with reservation, one write per batch.

use canonical::Millis;

/// How fast a connection may be asked, in microseconds between requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Microseconds between requests; 0 when unlimited.
    pub interval_us: i64,
}

/// When the requests of a batch may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reservation {
    /// The first request's time, in microseconds since 1970.
    pub first_us: i64,
    /// Microseconds between them.
    pub interval_us: i64,
}

impl Pace {
    /// A pace of so many requests a second.
    #[must_use]
    pub fn per_second(requests: Option<u32>) -> Self {
        Self { interval_us: requests.filter(|count| *count > 0).map_or(0, |count| 1_000_000 / i64::from(count)) }
    }

    /// Reserves `count` requests given the theoretical arrival time `tat_us` stored so far: what to store, and when the
    /// requests may go. A burst of one second is allowed.
    #[must_use]
    pub fn reserve(self, tat_us: i64, count: u32, now: Millis) -> (i64, Reservation) {
        let now_us = now.saturating_mul(1000);
        let start = tat_us.max(now_us.saturating_sub(1_000_000));
        let start = if self.interval_us == 0 { now_us } else { start };
        let end = start.saturating_add(self.interval_us.saturating_mul(i64::from(count)));
        (end, Reservation { first_us: start, interval_us: self.interval_us })
    }
}

impl Reservation {
    /// How long request `index` has to wait from now.
    #[must_use]
    pub fn wait_ms(&self, index: u32, now: Millis) -> Millis {
        let due = self.first_us.saturating_add(self.interval_us.saturating_mul(i64::from(index)));
        ((due - now.saturating_mul(1000)).max(0) + 999) / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_000_000;

    #[test]
    fn an_unlimited_pace_never_waits() {
        let (_, reservation) = Pace::per_second(None).reserve(0, 10, NOW);
        assert_eq!(reservation.wait_ms(9, NOW), 0);
    }

    #[test]
    fn after_the_burst_each_request_waits_its_turn() {
        let pace = Pace::per_second(Some(2));
        let (tat, first) = pace.reserve(0, 2, NOW);
        assert_eq!((first.wait_ms(0, NOW), first.wait_ms(1, NOW)), (0, 0));
        let (_, second) = pace.reserve(tat, 4, NOW);
        let waits: Vec<_> = (0..4).map(|index| second.wait_ms(index, NOW)).collect();
        assert_eq!(waits, [0, 500, 1000, 1500]);
    }

    #[test]
    fn two_batches_never_share_a_turn() {
        let pace = Pace::per_second(Some(10));
        let (tat, _) = pace.reserve(0, 100, NOW);
        let (after, second) = pace.reserve(tat, 1, NOW);
        assert!(second.wait_ms(0, NOW) >= 8_900);
        assert!(after > tat);
    }
}
