//! How waits grow: constant or doubling, up to a longest, drawn so that those who fail together do not return together.

use std::time::Duration;

use connector::Backoff;

/// The wait before a try; `attempt` counts from 0, `chance` is drawn evenly.
pub(crate) fn pause(backoff: Backoff, attempt: u32, chance: u32) -> Duration {
    let grown = if backoff.constant { backoff.base_ms } else { backoff.base_ms.saturating_mul(1_i64 << attempt.min(32)) };
    let longest = u64::try_from(grown.min(backoff.max_ms)).unwrap_or(0);
    if !backoff.jitter {
        return Duration::from_millis(longest);
    }
    let drawn = u128::from(longest) * u128::from(chance) / u128::from(u32::MAX);
    Duration::from_millis(u64::try_from(drawn).unwrap_or(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_longest_and_are_drawn_below_it() {
        let usual = Backoff::default();
        for (backoff, attempt, chance, ms) in [
            (usual, 0, u32::MAX, 1_000), (usual, 3, u32::MAX, 8_000), (usual, 3, u32::MAX / 2, 3_999), (usual, 60, u32::MAX, 300_000), (usual, 5, 0, 0),
            (Backoff { constant: true, ..usual }, 7, u32::MAX, 1_000), (Backoff { jitter: false, ..usual }, 2, 0, 4_000),
        ] {
            assert_eq!(pause(backoff, attempt, chance).as_millis(), ms, "{backoff:?} {attempt} {chance}");
        }
    }
}
