//! The version of a key: one string compare decides which value is newer.

use std::fmt;

use crate::Millis;

/// A fixed-width sortable text: epoch (2 digits), source time in ms (13), tie (16).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(String);

impl Version {
    /// How far a source's clock may be ahead of the door's before it is not believed.
    pub const FUTURE_TOLERANCE_MS: Millis = 5 * 60 * 1000;

    /// The version of a change: its source time, or the time it was accepted where the source names none or one in
    /// the future; ties are broken by the source's sequence, else by the time of acceptance.
    #[must_use]
    pub fn of(epoch: u8, source_ms: Option<Millis>, sequence: Option<u64>, accepted_ms: Millis) -> Self {
        let believed = source_ms.filter(|ms| (0..=accepted_ms.saturating_add(Self::FUTURE_TOLERANCE_MS)).contains(ms));
        let time = believed.unwrap_or(accepted_ms).clamp(0, 9_999_999_999_999);
        let tie = sequence.unwrap_or_else(|| u64::try_from(accepted_ms).unwrap_or(0)).min(9_999_999_999_999_999);
        Self(format!("{:02}{time:013}{tie:016}", epoch.min(99)))
    }

    /// Takes a text that was a version.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        (text.len() == 31 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the source named the time, or it is that of acceptance.
    #[must_use]
    pub fn has_source_time(&self) -> bool {
        self.0[2..15].trim_start_matches('0') != self.0[15..].trim_start_matches('0')
    }

    /// Whether the source's times are equal, so that only the tie tells which is newer.
    #[must_use]
    pub fn ties(&self, other: &Self) -> bool {
        self.0[..15] == other.0[..15]
    }

    /// The source time, in ms.
    #[must_use]
    pub fn time_ms(&self) -> Millis {
        self.0[2..15].parse().unwrap_or(0)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_769_850_100_000;

    #[test]
    fn newer_source_times_sort_after_older_ones_and_epochs_above_all() {
        let at = |epoch, ms| Version::of(epoch, Some(ms), None, NOW);
        assert!(at(0, NOW - 1) < at(0, NOW));
        assert!(at(0, NOW) < at(1, NOW - 1_000_000));
        assert!(Version::of(0, Some(NOW), Some(1), NOW) < Version::of(0, Some(NOW), Some(2), NOW));
    }

    #[test]
    fn versions_of_one_source_time_tie_and_those_without_one_say_so() {
        let (first, second) = (Version::of(0, Some(NOW - 5), None, NOW), Version::of(0, Some(NOW - 5), None, NOW + 1));
        assert!(first.ties(&second) && first < second && first.has_source_time());
        assert!(!Version::of(0, None, None, NOW).has_source_time());
        assert!(!Version::of(0, None, None, NOW).ties(&Version::of(0, None, None, NOW + 1)));
    }

    #[test]
    fn a_source_time_in_the_future_counts_as_the_time_of_acceptance() {
        assert_eq!(Version::of(0, Some(NOW + 86_400_000), None, NOW), Version::of(0, None, None, NOW));
        assert_eq!(Version::of(0, Some(NOW + 299_000), None, NOW).time_ms(), NOW + 299_000);
    }
}
