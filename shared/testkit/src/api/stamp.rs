//! How this system writes an instant.

use super::Misbehaviour;
use super::misbehaviour::Words;
use crate::moment;

/// Minutes the system's other clock is ahead.
const AHEAD: i64 = 120;

/// Which clock the system shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// UTC.
    Utc,
    /// A clock ahead of it, with its offset.
    Ahead,
    /// The same clock, without its offset.
    Unsaid,
}

impl Zone {
    /// The clock a request is answered by.
    pub(crate) fn of(words: &Words) -> Self {
        if words.has(Misbehaviour::NoZone) {
            Self::Unsaid
        } else if words.has(Misbehaviour::OtherZone) {
            Self::Ahead
        } else {
            Self::Utc
        }
    }

    /// Minutes it is ahead of UTC.
    pub(crate) fn minutes(self) -> i64 {
        if self == Self::Utc { 0 } else { AHEAD }
    }

    /// RFC 3339, or what is left of it without a zone.
    pub(crate) fn iso(self, ms: i64) -> String {
        let text = moment::rfc3339(ms, self.minutes());
        match self {
            Self::Utc => text.replace("+00:00", "Z"),
            Self::Ahead => text,
            Self::Unsaid => text.get(..19).unwrap_or_default().to_owned(),
        }
    }

    /// Reads a time in RFC 3339; without a zone it is this clock's.
    pub(crate) fn read_iso(self, text: &str) -> Option<i64> {
        let ms = canonical::parse_time(text)?;
        let time = text.trim().get(10..).unwrap_or_default();
        let zoned = time.contains(['Z', 'z', '+', '-']);
        if zoned { Some(ms) } else { ms.checked_sub(self.minutes() * 60_000) }
    }
}
