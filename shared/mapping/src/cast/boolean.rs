//! Truth values as other systems write them: a closed list, and nothing else.

use document::{Item, number_eq};

const TRUE: &[&str] = &["true", "yes", "y", "t", "on", "1"];
const FALSE: &[&str] = &["false", "no", "n", "f", "off", "0"];

/// The words that are read, true ones first; case does not matter.
pub(super) fn cast(item: Item<'_>) -> Option<bool> {
    if let Some(truth) = item.bool() {
        return Some(truth);
    }
    if let Some(number) = item.number() {
        return if number_eq(number, "1") { Some(true) } else { number_eq(number, "0").then_some(false) };
    }
    let text = super::trimmed(item)?;
    let among = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(&text));
    if among(TRUE) { Some(true) } else { among(FALSE).then_some(false) }
}
