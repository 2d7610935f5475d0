//! Paths: names, indices and `[*]`, written from `$` in the words of RFC 9535.

use fault::{Disposition, Fault};

use crate::Value;

/// A text that is no path of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a path: {reason} at column {column}")]
pub struct PathError {
    /// What is wrong.
    pub reason: &'static str,
    /// Where, from 1.
    pub column: usize,
}

impl Fault for PathError {
    fn code(&self) -> &'static str {
        "path_invalid"
    }

    fn disposition(&self) -> Disposition {
        Disposition::Reject
    }
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A member of an object.
    Name(String),
    /// An element of an array; negative counts from the end.
    Index(i64),
    /// Every element of an array.
    Each,
}

/// A compiled path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    text: String,
    steps: Vec<Step>,
}

impl Path {
    /// Reads `$`, `$.name`, `$['name']`, `$[0]`, `$[-1]` and `$[*]`.
    ///
    /// # Errors
    /// What is wrong and at which column.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let fail = |reason, rest: &str| PathError { reason, column: text.len() - rest.len() + 1 };
        let mut rest = text.strip_prefix('$').ok_or_else(|| fail("it starts with `$`", text))?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = step(rest).map_err(|reason| fail(reason, rest))?;
            steps.push(step);
            rest = after;
        }
        Ok(Self { text: text.to_owned(), steps })
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the path names at most one value.
    #[must_use]
    pub fn is_singular(&self) -> bool {
        !self.steps.contains(&Step::Each)
    }

    /// The steps.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The first value the path names; for a singular path, the only one.
    #[must_use]
    pub fn one<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.all(value).first().copied()
    }

    /// Every value the path names, in order.
    #[must_use]
    pub fn all<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        let mut found = vec![value];
        for step in &self.steps {
            found = match step {
                Step::Name(name) => found.into_iter().filter_map(|value| value.get(name)).collect(),
                Step::Index(index) => found.into_iter().filter_map(|value| element(value, *index)).collect(),
                Step::Each => found.into_iter().flat_map(|value| value.items().unwrap_or_default()).collect(),
            };
        }
        found
    }
}

fn element(value: &Value, index: i64) -> Option<&Value> {
    let items = value.items()?;
    let at = if index < 0 { i64::try_from(items.len()).ok()? + index } else { index };
    items.get(usize::try_from(at).ok()?)
}

fn step(rest: &str) -> Result<(Step, &str), &'static str> {
    if let Some(rest) = rest.strip_prefix('.') {
        let end = rest.find(|char: char| !(char.is_alphanumeric() || char == '_' || char == '-')).unwrap_or(rest.len());
        if end == 0 {
            return Err("a name follows the dot");
        }
        return Ok((Step::Name(rest[..end].to_owned()), &rest[end..]));
    }
    let inner = rest.strip_prefix('[').ok_or("a dot or a bracket is expected")?;
    if let Some(after) = inner.strip_prefix("*]") {
        return Ok((Step::Each, after));
    }
    if let Some(quote) = inner.chars().next().filter(|char| matches!(char, '\'' | '"')) {
        let (name, after) = inner[1..].split_once(quote).ok_or("a quote is not closed")?;
        let after = after.strip_prefix(']').ok_or("a bracket is not closed")?;
        return Ok((Step::Name(name.to_owned()), after));
    }
    let (index, after) = inner.split_once(']').ok_or("a bracket is not closed")?;
    Ok((Step::Index(index.parse().map_err(|_| "an index is a whole number")?), after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_str;

    #[track_caller]
    fn found(path: &str, document: &str) -> String {
        let document = parse_str(document).unwrap();
        let found: Vec<_> = Path::parse(path).unwrap().all(&document).iter().map(ToString::to_string).collect();
        found.join(" ")
    }

    #[test]
    fn paths_find_what_is_there_and_nothing_else() {
        let document = r#"{"a":{"b c":[1,2,{"d":0}]},"n":null}"#;
        for (path, expected) in [
            ("$.a['b c'][0]", "1"), ("$.a['b c'][-1].d", "0"), ("$.a['b c'][*]", r#"1 2 {"d":0}"#), ("$.n", "null"), ("$.missing", ""), ("$.n.deeper", ""), ("$.a[0]", ""), ("$.a['b c'][9]", ""),
        ] {
            assert_eq!(found(path, document), expected, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused_with_its_column() {
        for (path, column) in [("a.b", 1), ("$.", 2), ("$..a", 2), ("$[", 2), ("$['a", 2), ("$[x]", 2), ("$ .a", 2)] {
            assert_eq!(Path::parse(path).unwrap_err().column, column, "{path}");
        }
    }
}
