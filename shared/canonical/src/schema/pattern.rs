//! The patterns schemas use: classes of ASCII characters, each so many times, from the first character to the last.
//!
//! It reads the part of the regular expressions of ECMA-262 that codes of countries and currencies need, `^[A-Z]{3}$`.
//! Whatever else a schema writes is refused when it is read, so that nothing here can run away.

/// A compiled pattern: for each character the ranges it may be in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    text: String,
    places: Vec<Vec<(u8, u8)>>,
}

/// More characters than this are no code.
const LONGEST: usize = 64;

impl Pattern {
    /// Reads a pattern, if it is one of this kind.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('^')?.strip_suffix('$')?;
        let mut places = Vec::new();
        while !rest.is_empty() {
            let (ranges, after) = class(rest)?;
            let (count, after) = match after.strip_prefix('{') {
                Some(after) => after.split_once('}').and_then(|(count, after)| Some((count.parse().ok()?, after)))?,
                None => (1, after),
            };
            (count <= LONGEST && places.len() <= LONGEST).then_some(())?;
            places.extend(std::iter::repeat_n(ranges, count));
            rest = after;
        }
        Some(Self { text: text.to_owned(), places })
    }

    /// The pattern as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether a text is one of those meant.
    pub(crate) fn admits(&self, text: &str) -> bool {
        text.len() == self.places.len() && text.bytes().zip(&self.places).all(|(byte, ranges)| ranges.iter().any(|(from, to)| (from..=to).contains(&&byte)))
    }
}

/// The first class, and what follows it.
fn class(text: &str) -> Option<(Vec<(u8, u8)>, &str)> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric();
    let Some(inner) = text.strip_prefix('[') else {
        let byte = text.bytes().next().filter(plain)?;
        return Some((vec![(byte, byte)], &text[1..]));
    };
    let (inner, after) = inner.split_once(']')?;
    let mut bytes = inner.as_bytes();
    let mut ranges = Vec::new();
    while let [from, rest @ ..] = bytes {
        let (to, rest) = if let [b'-', to, rest @ ..] = rest { (to, rest) } else { (from, rest) };
        (plain(from) && plain(to) && from <= to).then(|| ranges.push((*from, *to)))?;
        bytes = rest;
    }
    (!ranges.is_empty()).then_some((ranges, after))
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_code_is_exactly_its_characters() {
        let cases = [("^[A-Z]{3}$", "SEK", true), ("^[A-Z]{3}$", "sek", false), ("^[A-Z]{3}$", "SEKK", false), ("^[A-Z]{3}$", "SE", false), ("^[A-Z]{3}$", "SÅ", false), ("^a[0-9x]{2}$", "a4x", true), ("^$", "", true)];
        for (pattern, text, expected) in cases {
            assert_eq!(Pattern::read(pattern).unwrap().admits(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn what_could_run_away_is_no_pattern() {
        for text in ["", "A", "^A", "^A+$", "^.$", "^[A-Z]*$", "^[^A]$", "^[Z-A]$", "^[]$", "^[A-Z$", "^[A-Z]{x}$", "^[A-Z]{3$", "^[A-Z]{65}$", "^A{60}A{60}A{60}$", "^(A|B)$", "^å$", "^[a-å]$", "^\\d$"] {
            assert_eq!(Pattern::read(text), None, "{text}");
        }
    }
}
