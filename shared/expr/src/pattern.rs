//! Regular expressions: compiled once, small, and without backtracking.
//!
//! Called when an expression is read. A pattern is at most 256 characters, repeats at most 100 times by count, and compiles to a
//! bounded program; matching is linear in the text.

use regex::{Regex, RegexBuilder};

/// The most characters of a pattern.
pub(crate) const MOST_CHARS: usize = 256;

/// The largest counted repeat.
pub(crate) const MOST_REPEATS: u32 = 100;

/// The most bytes a pattern compiles to.
const MOST_SIZE: usize = 256 * 1024;

/// The pattern, compiled, or why it is refused.
///
/// # Errors
/// What is wrong, a lowercase fragment.
pub fn pattern(text: &str) -> Result<Regex, String> {
    if text.chars().count() > MOST_CHARS {
        return Err(format!("the pattern has more than {MOST_CHARS} characters"));
    }
    if repeats(text).any(|count| count > MOST_REPEATS) {
        return Err(format!("the pattern repeats more than {MOST_REPEATS} times"));
    }
    RegexBuilder::new(text).size_limit(MOST_SIZE).nest_limit(32).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "the pattern compiles to more than 256 KB".into(),
        regex::Error::Syntax(text) => reason(&text),
        _ => "the pattern cannot be read".into(),
    })
}

/// The last line of what the library says: the reason, without the drawing.
fn reason(text: &str) -> String {
    let last = text.lines().last().unwrap_or_default();
    let reason = last.strip_prefix("error: ").unwrap_or(last);
    format!("the pattern cannot be read: {}", reason.chars().take(120).collect::<String>())
}

/// The counts within `{…}`, escapes left out.
fn repeats(text: &str) -> impl Iterator<Item = u32> {
    let plain = text.replace("\\\\", "").replace("\\{", "");
    let counts: Vec<u32> = plain.split('{').skip(1).filter_map(|rest| rest.split_once('}')).flat_map(|(counts, _)| counts.split(',').map(|count| count.trim().to_owned()).collect::<Vec<_>>())
        .filter(|count| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit())).map(|count| count.parse().unwrap_or(u32::MAX)).collect();
    counts.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_patterns_are_small_enough() {
        for text in [r"^(\w+)\s+(\w+)$", r"[^\d,.-]", r"^cf_(.*)$", r"\b\d{4}-\d{2}-\d{2}\b", r"(?i)åäö", r"<[^>]+>", r"^[A-Z]{2}\d{1,12}$", r"[\p{L}\p{N}]+", r"^[\w.+-]+@[\w-]+\.[\w.-]+$"] {
            assert!(pattern(text).is_ok(), "{text}: {:?}", pattern(text));
        }
    }

    #[test]
    fn bombs_are_refused() {
        for text in [r"((((a{1,100}){1,100}){1,100}){1,100})", r"a{101}", r"a{ 1 , 5000 }", r"[\p{L}]{1,100}", "(", r"(a)\1", "(?=a)", &"a".repeat(257), &"(".repeat(200)] {
            assert!(pattern(text).is_err(), "{text}");
        }
    }
}
