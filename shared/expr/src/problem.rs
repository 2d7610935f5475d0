//! What is wrong with an expression before it runs: one finding a place, with its column and a way out.
//!
//! Made by the parser and by the check of names; the checker of definitions puts the JSON Pointer before it.

use document::authored::nearest;

/// One thing wrong with the text of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The registered code.
    pub code: &'static str,
    /// Where, in characters from 1, of the whole text.
    pub column: usize,
    /// Where, in bytes from 0, of the whole text.
    pub offset: usize,
    /// What is wrong, a lowercase fragment.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl Problem {
    pub(crate) fn at(code: &'static str, offset: usize, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, column: 0, offset, message: message.into(), hint: hint.into() }
    }
}

/// The most problems told of one text: who has so many corrects some and asks again.
pub(crate) const MOST_PROBLEMS: usize = 100;

/// The column of a byte, in characters from 1.
pub(crate) fn column(source: &str, offset: usize) -> usize {
    source.char_indices().take_while(|(at, _)| *at < offset).count() + 1
}

/// The problems in the order of their places, with their columns. A name or a function that does not exist is said once, wherever it stands.
pub(crate) fn settled(source: &str, mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.offset);
    let mut settled: Vec<Problem> = Vec::new();
    for mut problem in problems {
        if settled.len() == MOST_PROBLEMS {
            break;
        }
        let once = problem.code.starts_with("expression_unknown");
        if !settled.iter().any(|known| known.code == problem.code && known.message == problem.message && (once || known.offset == problem.offset)) {
            problem.column = column(source, problem.offset);
            settled.push(problem);
        }
    }
    settled
}

/// At most forty characters of a name as written.
pub(crate) fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}

/// A hint that names the nearest of the known names, or else all of them.
pub(crate) fn one_of<'k>(name: &str, known: impl Iterator<Item = &'k str> + Clone) -> String {
    match nearest(&shortened(name), known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => match known.take(100).collect::<Vec<_>>() {
            names if names.is_empty() => "no names are offered here".into(),
            names => format!("one of: {}", names.join(", ")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_said_once_and_columns_count_characters() {
        let places = |code| settled("åäö x x", [9, 7, 7].map(|offset| Problem::at(code, offset, "odd", "")).into()).iter().map(|problem| (problem.column, problem.offset)).collect::<Vec<_>>();
        assert_eq!(places("expression_unknown_name"), [(5, 7)]);
        assert_eq!(places("expression_syntax"), [(5, 7), (7, 9)]);
    }
}
