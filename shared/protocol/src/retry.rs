//! When to try again.

use std::time::Duration;

use canonical::Millis;

/// Delays between attempts; after the last, the event is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule(&'static [Millis]);

const SECOND: Millis = 1000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;

impl Schedule {
    /// 10 retries over about 27.7 hours.
    pub const STANDARD: Schedule =
        Schedule(&[5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR]);
    /// 5 retries over 10 minutes.
    pub const FAST: Schedule = Schedule(&[5 * SECOND, 15 * SECOND, MINUTE, 3 * MINUTE, 5 * MINUTE]);
    /// The longest wait another system may ask of us.
    pub const LONGEST: Millis = 12 * HOUR;

    /// The schedule of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "standard" => Some(Self::STANDARD),
            "fast" => Some(Self::FAST),
            _ => None,
        }
    }

    /// How many retries there are.
    #[must_use]
    pub fn retries(&self) -> usize {
        self.0.len()
    }

    /// The delay after `attempts` failed attempts (at least 1), jittered by ±20 % with `chance` in 0..1; the other
    /// side's wish is honoured when it is longer, up to 12 hours. `None`: the budget is spent.
    #[must_use]
    pub fn delay_ms(&self, attempts: u32, wished: Option<Duration>, chance: f64) -> Option<Millis> {
        let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        let base = *self.0.get(index)?;
        // Twenty per cent of a delay below 12 h in whole thousandths: no float ever holds the delay itself.
        #[expect(clippy::cast_possible_truncation, reason = "a chance in 0..1 times 400 fits")]
        let thousandths = 800 + (chance.clamp(0.0, 1.0) * 400.0) as Millis;
        let jittered = base * thousandths / 1000;
        let wished = wished.map_or(0, |wish| Millis::try_from(wish.as_millis()).unwrap_or(Self::LONGEST));
        Some(jittered.max(wished.min(Self::LONGEST)))
    }
}

/// How long a message that met a lease waits: 1, 2, 4 … 20 s by how often it did, jittered by ±20 %.
#[must_use]
pub fn lease_wait_ms(met: u32, chance: f64) -> Millis {
    let seconds = (1_i64 << met.min(5)).min(20);
    #[expect(clippy::cast_possible_truncation, reason = "a chance in 0..1 times 400 fits")]
    let thousandths = 800 + (chance.clamp(0.0, 1.0) * 400.0) as Millis;
    (seconds * thousandths).max(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_retries_spread_over_more_than_a_day_then_the_budget_is_spent() {
        let delays: Vec<_> = (1..=10).map(|n| Schedule::STANDARD.delay_ms(n, None, 0.5).unwrap()).collect();
        assert_eq!(delays[..3], [5_000, 30_000, 120_000]);
        assert!(delays.iter().sum::<Millis>() > 24 * HOUR);
        assert_eq!(Schedule::STANDARD.delay_ms(11, None, 0.5), None);
    }

    #[test]
    fn jitter_stays_within_twenty_per_cent() {
        for chance in [0.0, 0.3, 1.0] {
            let delay = Schedule::STANDARD.delay_ms(1, None, chance).unwrap();
            assert!((4_000..=6_000).contains(&delay), "{delay}");
        }
    }

    #[test]
    fn the_other_sides_wish_is_honoured_up_to_twelve_hours() {
        let wished = |seconds| Schedule::STANDARD.delay_ms(1, Some(Duration::from_secs(seconds)), 0.5).unwrap();
        assert_eq!(wished(90), 90_000);
        assert_eq!(wished(1), 5_000);
        assert_eq!(wished(10 * 365 * 86_400), 12 * HOUR);
    }

    #[test]
    fn a_message_that_meets_leases_waits_longer_each_time() {
        let waits: Vec<_> = (0..7).map(|met| lease_wait_ms(met, 0.5)).collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
    }
}
