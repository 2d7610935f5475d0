//! Regular expressions: compiled once, small, and without backtracking.
//!
//! Called when an expression is read. A pattern is at most 256 characters, repeats at most 100 times by count, and compiles to a
//! bounded program; matching is linear in the text. What a search costs is estimated from the pattern, so that fuel pays for it.

use regex::{Regex, RegexBuilder};

/// The most characters of a pattern.
const MOST_CHARS: usize = 256;

/// The largest counted repeat.
const MOST_REPEATS: usize = 100;

/// The most bytes a pattern compiles to: room for a few classes of letters of all scripts.
const MOST_SIZE: usize = 256 * 1024;

/// A pattern that is ready.
#[derive(Debug)]
pub struct Pattern {
    pub(crate) regex: Regex,
    /// Positions that may be looked at for one byte, roughly.
    weight: usize,
    /// Whether a search looks hardly further than the match it finds.
    local: bool,
}

impl Pattern {
    /// The pattern, compiled, or why it is refused.
    ///
    /// # Errors
    /// What is wrong, a lowercase fragment.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > MOST_CHARS {
            return Err(format!("the pattern has more than {MOST_CHARS} characters"));
        }
        let sketch = Sketch::of(text);
        if sketch.repeats > MOST_REPEATS {
            return Err(format!("the pattern repeats more than {MOST_REPEATS} times"));
        }
        let regex = RegexBuilder::new(text).size_limit(MOST_SIZE).nest_limit(32).build().map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the pattern compiles to more than 256 KB".into(),
            regex::Error::Syntax(text) => reason(&text),
            _ => "the pattern cannot be read".into(),
        })?;
        Ok(Self { regex, weight: sketch.weight.clamp(4, 4096), local: sketch.is_local() })
    }

    /// The compiled form.
    #[must_use]
    pub fn regex(&self) -> &Regex {
        &self.regex
    }

    /// The steps of one look at so many bytes.
    #[must_use]
    pub fn steps(&self, bytes: usize) -> usize {
        bytes.saturating_mul(self.weight) / 64
    }

    /// The steps of a further search in what is left: it may look at all of it and match little.
    pub(crate) fn steps_again(&self, left: usize) -> usize {
        1 + self.steps(if self.local { left.min(self.weight) } else { left })
    }
}

/// The last line of what the library says: the reason, without the drawing.
fn reason(text: &str) -> String {
    let last = text.lines().last().unwrap_or_default();
    let reason = last.strip_prefix("error: ").unwrap_or(last);
    format!("the pattern cannot be read: {}", reason.chars().take(120).collect::<String>())
}

/// What a pattern looks like, read without understanding all of it: where it is not understood, the worst is assumed.
#[derive(Debug, Default)]
struct Sketch {
    weight: usize,
    repeats: usize,
    /// Repeats without an end: of a single character or class at the end of an alternative.
    tails: usize,
    /// Of a negated class up to a character it leaves out, as in `<[^>]*>`.
    fences: usize,
    /// Of any other kind, or flags, which change what signs mean.
    others: usize,
    alternatives: usize,
}

/// What a quantifier may stand behind.
#[derive(Debug, Clone, Copy)]
enum Atom<'p> {
    Char,
    Negated(&'p str),
    Group,
}

impl Sketch {
    /// A tail only makes the match longer, and a single fence is where it ends: nothing beyond is looked at.
    fn is_local(&self) -> bool {
        self.others == 0 && (self.fences == 0 || self.fences == 1 && self.tails == 0 && self.alternatives == 0)
    }

    fn of(pattern: &str) -> Self {
        let mut sketch = Self::default();
        let (mut open, mut sum, mut last) = (Vec::new(), 0_usize, (Atom::Char, 0_usize));
        let mut at = 0;
        while let Some(char) = pattern[at..].chars().next() {
            let rest = &pattern[at..];
            let mut length = char.len_utf8();
            match char {
                '(' => {
                    sketch.others += usize::from(rest.starts_with("(?") && !["(?:", "(?P<", "(?<"].iter().any(|start| rest.starts_with(start)));
                    open.push(sum);
                    sum = 0;
                }
                ')' => {
                    last = (Atom::Group, sum);
                    sum = sum.saturating_add(open.pop().unwrap_or(0));
                }
                '|' => sketch.alternatives += 1,
                '*' | '+' | '?' | '{' => {
                    let (most, read) = quantifier(rest);
                    length = read;
                    sketch.repeats = sketch.repeats.max(most.unwrap_or(0));
                    sum = sum.saturating_add(last.1.saturating_mul(most.unwrap_or(2).max(1) - 1));
                    if most.is_none() {
                        sketch.endless(last.0, rest[read..].trim_start_matches('?'), open.is_empty());
                    }
                }
                _ => {
                    let (atom, weight, read) = atom(rest);
                    (length, last) = (read, (atom, weight));
                    sum = sum.saturating_add(weight);
                }
            }
            at += length;
        }
        sketch.weight = open.into_iter().fold(sum, usize::saturating_add);
        sketch
    }

    fn endless(&mut self, atom: Atom<'_>, behind: &str, outside: bool) {
        let next = behind.chars().next();
        match (atom, next) {
            (Atom::Char | Atom::Negated(_), None | Some('|')) if outside => self.tails += 1,
            (Atom::Negated(without), Some(next)) if outside && without.contains(next) && !"\\()[]{}*+?|^$.".contains(next) => self.fences += 1,
            _ => self.others += 1,
        }
    }
}

/// One character, escape or class: what it is, what it weighs, and its length.
fn atom(rest: &str) -> (Atom<'_>, usize, usize) {
    if let Some(escaped) = rest.strip_prefix('\\') {
        let Some(sign) = escaped.chars().next() else { return (Atom::Char, 1, 1) };
        let named = if matches!(sign, 'p' | 'P') && escaped[1..].starts_with('{') { escaped.find('}').unwrap_or(0) } else { 0 };
        return (Atom::Char, if "wWdDsSbBpP".contains(sign) { 4 } else { 1 }, 1 + named + sign.len_utf8());
    }
    if !rest.starts_with('[') {
        return (Atom::Char, if rest.starts_with('.') { 2 } else { 1 }, rest.chars().next().map_or(1, char::len_utf8));
    }
    let (mut depth, mut escaped) = (0_usize, false);
    let first = if rest.starts_with("[^]") { 3 } else if rest.starts_with("[]") { 2 } else { 1 };
    for (at, char) in rest.char_indices().skip_while(|(at, _)| *at < first && *at > 0) {
        match char {
            _ if std::mem::take(&mut escaped) => {}
            '\\' => escaped = true,
            '[' => depth += 1,
            ']' if at >= first => {
                depth -= 1;
                if depth == 0 {
                    let inner = &rest[1..at];
                    let plain = inner.starts_with('^') && !inner.contains(['\\', '[', '&', '~']) && !inner.contains("--");
                    return (if plain { Atom::Negated(&inner[1..]) } else { Atom::Char }, if inner.contains('\\') { 6 } else { 2 }, at + 1);
                }
            }
            _ => {}
        }
    }
    (Atom::Char, 2, rest.len())
}

/// The most repeats of a quantifier, `None` without an end; and its length.
fn quantifier(rest: &str) -> (Option<usize>, usize) {
    let Some(counts) = rest.strip_prefix('{') else { return (if rest.starts_with('?') { Some(1) } else { None }, 1) };
    let Some((counts, _)) = counts.split_once('}') else { return (Some(1), 1) };
    let read = |count: &str| count.trim().parse::<usize>().ok();
    let most = match counts.split_once(',') {
        Some((least, most)) if most.trim().is_empty() => read(least).filter(|least| *least > MOST_REPEATS),
        Some((least, most)) => Some(read(least).unwrap_or(usize::MAX).max(read(most).unwrap_or(usize::MAX))),
        None => Some(read(counts).unwrap_or(usize::MAX)),
    };
    (most, counts.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_patterns_are_small_enough() {
        for text in [r"^(\w+)\s+(\w+)$", r"[^\d,.-]", r"^cf_(.*)$", r"\b\d{4}-\d{2}-\d{2}\b", r"(?i)åäö", r"<[^>]+>", r"^[A-Z]{2}\d{1,12}$", r"[\p{L}\p{N}]+", r"^[\w.+-]+@[\w-]+\.[\w.-]+$", "a{2,}", "[]a]+", "[^]]x"] {
            assert!(Pattern::parse(text).is_ok(), "{text}: {:?}", Pattern::parse(text));
        }
    }

    #[test]
    fn bombs_are_refused() {
        for text in [
            r"((((a{1,100}){1,100}){1,100}){1,100})", r"a{101}", r"a{ 1 , 5000 }", r"a{5000,}", r"a{99999999999999999999999}", r"[\p{L}]{1,100}", "(", r"(a)\1", "(?=a)", &"a".repeat(257), &"(".repeat(200), "[", "a{", r"\", "[^", "0{}(L)",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_pattern_is_local_only_when_nothing_beyond_its_match_is_looked_at() {
        for (text, local) in [
            (r"\s+", true), ("<[^>]+>", true), (r"[^\d,]", true), (r"(\d{2})-(\d{2})", true), ("a|b+|c*", true), ("^0+", true), (r"\r?\n", true), ("ab{2,}", true),
            (".*[^A-Z]|[A-Z]", false), ("<[^>]+>|x", false), (r"(a+)b", false), (r"\w+\b", false), ("<[^>]+>[^<]*<", false), ("(?i)a+", false), (r"[^\d]+d", false), ("[^a]+(a)?", false), ("(<[^>]+>)?", false),
        ] {
            assert_eq!(Sketch::of(text).is_local(), local, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_pattern_or_refused(text in r"[a-z\\\[\](){}*+?|^$.,0-9wpåL-]{0,40}") {
            let _ = Pattern::parse(&text);
        }
    }
}
