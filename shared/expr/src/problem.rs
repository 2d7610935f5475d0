//! What is wrong with an expression before it runs: one finding a place, with its column and a way out.
//!
//! Made by the parser and by the check of names; the checker of definitions puts the JSON Pointer before it.

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

/// The column of a byte, in characters from 1.
pub(crate) fn column(source: &str, offset: usize) -> usize {
    source.char_indices().take_while(|(at, _)| *at < offset).count() + 1
}

/// The problems in the order of their places, with their columns. A name or a function that does not exist is said once, wherever it stands.
pub(crate) fn settled(source: &str, mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.offset);
    let mut settled: Vec<Problem> = Vec::new();
    for mut problem in problems {
        let once = problem.code.starts_with("expression_unknown");
        if !settled.iter().any(|known| known.code == problem.code && known.message == problem.message && (once || known.offset == problem.offset)) {
            problem.column = column(source, problem.offset);
            settled.push(problem);
        }
    }
    settled
}

/// A hint that names the nearest of the known names, or else all of them.
pub(crate) fn one_of<'k>(name: &str, known: impl Iterator<Item = &'k str> + Clone) -> String {
    match nearest(name, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => match known.take(100).collect::<Vec<_>>() {
            names if names.is_empty() => "no names are offered here".into(),
            names => format!("one of: {}", names.join(", ")),
        },
    }
}

/// The nearest of the known names, if it is near at all.
pub(crate) fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let plain = |text: &str| text.chars().take(64).filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect::<Vec<_>>();
    let wanted = plain(name);
    let near = known.map(|known| (distance(&wanted, &plain(known)), known)).min_by_key(|(distance, _)| *distance);
    near.filter(|(distance, known)| *distance <= known.len().max(3) / 3).map(|(_, known)| known)
}

/// Edits from one to the other, a swap of neighbours counting as one.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut best = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_finds_its_name() {
        for (name, expected) in [("recrod", Some("record")), ("Config", Some("config")), ("zzz", None), ("curser", Some("cursor"))] {
            assert_eq!(nearest(name, ["record", "config", "cursor"].into_iter()), expected, "{name}");
        }
    }

    #[test]
    fn a_problem_is_said_once_and_columns_count_characters() {
        let places = |code| settled("åäö x x", [9, 7, 7].map(|offset| Problem::at(code, offset, "odd", "")).into()).iter().map(|problem| (problem.column, problem.offset)).collect::<Vec<_>>();
        assert_eq!(places("expression_unknown_name"), [(5, 7)]);
        assert_eq!(places("expression_syntax"), [(5, 7), (7, 9)]);
    }
}
