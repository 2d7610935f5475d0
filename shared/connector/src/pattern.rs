//! The patterns configuration values may be held to: a small, linear part of regular expressions.
//!
//! `^` and `$` are implied; literals, `\.`, classes such as `[a-z0-9-]`, and `+ * ? {n} {n,m}` after one of these.

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Item>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    ranges: Vec<(char, char)>,
    least: usize,
    most: usize,
}

const MANY: usize = 1024;

impl Pattern {
    /// Reads a pattern; `None` when it uses more than this language has.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('^').unwrap_or(text);
        let mut rest = text.strip_suffix('$').unwrap_or(text);
        let mut items = Vec::new();
        while !rest.is_empty() {
            let (ranges, after) = one(rest)?;
            let ((least, most), after) = times(after)?;
            items.push(Item { ranges, least, most });
            rest = after;
        }
        (!items.is_empty()).then_some(Self(items))
    }

    /// Whether the whole text fits.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().take(MANY + 1).collect();
        let mut starts = vec![0];
        for item in &self.0 {
            let mut next: Vec<usize> = starts.iter().flat_map(|start| item.ends(&chars, *start)).collect();
            next.sort_unstable();
            next.dedup();
            starts = next;
        }
        chars.len() <= MANY && starts.contains(&chars.len())
    }
}

impl Item {
    fn ends(&self, chars: &[char], start: usize) -> impl Iterator<Item = usize> {
        let fits = |char: &&char| self.ranges.iter().any(|(low, high)| (low..=high).contains(char));
        let length = chars[start..].iter().take(self.most).take_while(fits).count();
        (self.least..=length).map(move |taken| start + taken)
    }
}

fn one(rest: &str) -> Option<(Vec<(char, char)>, &str)> {
    let first = rest.chars().next()?;
    let after = &rest[first.len_utf8()..];
    match first {
        '[' => {
            let (inner, after) = after.split_once(']')?;
            Some((class(inner)?, after))
        }
        '\\' => {
            let literal = after.chars().next().filter(|char| !char.is_alphanumeric())?;
            Some((vec![(literal, literal)], &after[literal.len_utf8()..]))
        }
        '(' | ')' | '|' | '.' | '*' | '+' | '?' | '{' | '}' | '^' | '$' | ']' => None,
        literal => Some((vec![(literal, literal)], after)),
    }
}

fn class(inner: &str) -> Option<Vec<(char, char)>> {
    let chars: Vec<char> = inner.chars().collect();
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(low) = chars.get(at).copied() {
        if matches!(low, '\\' | '^' | '[') {
            return None;
        }
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(high)) if *high >= low => {
                ranges.push((low, *high));
                at += 3;
            }
            _ => {
                ranges.push((low, low));
                at += 1;
            }
        }
    }
    (!ranges.is_empty()).then_some(ranges)
}

fn times(rest: &str) -> Option<((usize, usize), &str)> {
    Some(match rest.chars().next() {
        Some('+') => ((1, MANY), &rest[1..]),
        Some('*') => ((0, MANY), &rest[1..]),
        Some('?') => ((0, 1), &rest[1..]),
        Some('{') => {
            let (inner, after) = rest[1..].split_once('}')?;
            let (least, most) = inner.split_once(',').unwrap_or((inner, inner));
            let least: usize = least.parse().ok()?;
            let most = if most.is_empty() { MANY } else { most.parse().ok()? };
            (least <= most && most <= MANY).then_some(((least, most), after))?
        }
        _ => ((1, 1), rest),
    })
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn values_fit_wholly_or_not_at_all() {
        for (pattern, text, fits) in [
            ("^[a-z0-9-]+$", "my-shop1", true), ("^[a-z0-9-]+$", "my.shop", false), ("[a-z0-9-]+", "a/b", false), ("^[a-z]+$", "", false),
            ("^[a-z]+\\.example$", "a.example", true), ("^[a-z]+\\.example$", "aXexample", false), ("^[a-z]{2,3}$", "ab", true), ("^[a-z]{2,3}$", "abcd", false), ("^a?b*c$", "c", true), ("^[ab]*b$", "abab", true),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap().fits(text), fits, "{pattern} {text}");
        }
        for pattern in ["", "(a|b)", ".*", "[^a]", "a{2", "\\d+"] {
            assert!(Pattern::parse(pattern).is_none(), "{pattern}");
        }
    }
}
