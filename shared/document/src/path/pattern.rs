//! Patterns of `match` and `search`: I-Regexp (RFC 9485), checked, compiled once and matched in linear time.
//!
//! Called by `function` while a path is read and by `judge` for every value. Where RFC 9485 leaves `^` and `$` open, they
//! stand for the start and the end of the text, as the compliance suite has them. Never compiles what is too large.

use regex::{Regex, RegexBuilder};

use super::iregexp::{Refusal, costly, translated};
use crate::{Fuel, Spent};

/// The most characters of a pattern.
const LONGEST: usize = 256;
/// Sizes a compiled pattern is tried at, and the bytes of text one step of fuel pays for at that size.
const SIZES: [(usize, usize); 3] = [(4 << 10, 16), (16 << 10, 4), (64 << 10, 1)];

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    regex: Regex,
    bytes_per_step: usize,
}

impl Pattern {
    /// Compiles a pattern for the whole of a text or for a part of it.
    pub(super) fn compile(text: &str, whole: bool) -> Result<Self, Refusal> {
        if text.chars().count() > LONGEST {
            return Err(costly("a pattern has at most 256 characters", "write a shorter one"));
        }
        let inner = translated(text)?;
        let regex = if whole { format!(r"\A(?:{inner})\z") } else { inner };
        let fits = |(size, bytes_per_step)| Some(Self { regex: RegexBuilder::new(&regex).size_limit(size).nest_limit(64).build().ok()?, bytes_per_step });
        SIZES.into_iter().find_map(fits).ok_or_else(|| costly("the pattern needs more than 64 KB", "use smaller repeats and fewer character categories"))
    }

    pub(super) fn fits(&self, text: &str, fuel: &Fuel) -> Result<bool, Spent> {
        fuel.spend(1 + text.len() / self.bytes_per_step)?;
        Ok(self.regex.is_match(text))
    }
}
