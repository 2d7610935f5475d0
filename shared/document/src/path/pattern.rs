//! Patterns of `match` and `search`: I-Regexp (RFC 9485), checked, compiled once and matched in linear time.
//!
//! Called by `function` while a path is read and by `judge` for every value. Where RFC 9485 leaves `^` and `$` open, they
//! stand for the start and the end of the text, as the compliance suite has them. Never compiles what is too large.

use regex::{Regex, RegexBuilder};

use super::iregexp::{LARGEST, Refusal, Translated, costly, translated};
use crate::{Fuel, Spent};

/// The most characters of a pattern.
const LONGEST: usize = 256;
/// Bytes of a text, times the characters waited for at once, that one step of fuel pays for.
const MATCHED: usize = 16;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    regex: Regex,
    positions: usize,
}

impl Pattern {
    /// Compiles a pattern for the whole of a text or for a part of it.
    pub(super) fn compile(text: &str, whole: bool) -> Result<Self, Refusal> {
        if text.chars().count() > LONGEST {
            return Err(costly("a pattern has at most 256 characters", "write a shorter one"));
        }
        let Translated { text: inner, positions } = translated(text)?;
        let regex = if whole { format!(r"\A(?:{inner})\z") } else { inner };
        // By the crate's own count, which differs with what it is built with; ours has decided before.
        match RegexBuilder::new(&regex).size_limit(4 * LARGEST).build() {
            Ok(regex) => Ok(Self { regex, positions: positions.max(1) }),
            Err(_) => Err(costly("the pattern needs more than 64 KB", "use smaller repeats, and at most four categories of characters")),
        }
    }

    pub(super) fn fits(&self, text: &str, fuel: &Fuel) -> Result<bool, Spent> {
        fuel.spend(1 + text.len().saturating_mul(self.positions) / MATCHED)?;
        Ok(self.regex.is_match(text))
    }
}
