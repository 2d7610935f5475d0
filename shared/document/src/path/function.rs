//! Reads calls of the five functions of RFC 9535: how many arguments each takes, of which type, and what it gives.
//!
//! Called by `filter`, behind the name and its parenthesis. Patterns are compiled here, once.

use super::{
    ast::{Expr, Literal, Operand, Query},
    filter::{self, Term},
    pattern::Pattern,
    scan::{Read, Scan},
};
use crate::authored::nearest;

/// The functions, with what one writes.
const KNOWN: [(&str, usize, &str); 5] = [
    ("length", 1, "write it as `length(@.a)`"),
    ("count", 1, "write it as `count(@.a[*])`"),
    ("value", 1, "write it as `value(@..a)`"),
    ("match", 2, "write it as `match(@.a, 'pattern')`"),
    ("search", 2, "write it as `search(@.a, 'pattern')`"),
];
/// The most patterns of a path.
const PATTERNS: usize = 8;

/// The call of a function whose name stands at `at`.
pub(super) fn call(scan: &mut Scan<'_>, at: usize, name: &str) -> Read<Term> {
    let Some((_, takes, hint)) = KNOWN.into_iter().find(|(known, ..)| *known == name) else {
        return scan.wrong(at, "no such function", unknown(name));
    };
    let mut arguments = arguments(scan, at)?;
    if arguments.len() != takes {
        return scan.wrong(at, format!("the function takes {takes} argument{}, not {}", if takes == 1 { "" } else { "s" }, arguments.len()), hint);
    }
    let (place, first) = arguments.remove(0);
    match name {
        "length" => Ok(Term::Value(Operand::Length(Box::new(filter::comparable(scan, place, first)?)))),
        "count" => nodes(scan, place, first, hint).map(|query| Term::Value(Operand::Count(query))),
        "value" => nodes(scan, place, first, hint).map(|query| Term::Value(Operand::Value(query))),
        _ => {
            let subject = filter::comparable(scan, place, first)?;
            let (place, second) = arguments.remove(0);
            Ok(Term::Holds(Expr::Fits(subject, pattern(scan, place, second, name == "match")?)))
        }
    }
}

fn unknown(name: &str) -> String {
    // The words of other dialects for the same.
    let near = match name {
        "len" | "size" => "length",
        "regex" | "matches" | "test" | "like" => "match",
        "contains" | "find" => "search",
        "first" => "value",
        _ => nearest(name, KNOWN.map(|(known, ..)| known)).unwrap_or_default(),
    };
    let list = "known are `length`, `count`, `value`, `match` and `search`";
    if near.is_empty() { list.to_owned() } else { format!("did you mean `{near}`? {list}") }
}

/// The arguments with their places, up to the closing parenthesis.
fn arguments(scan: &mut Scan<'_>, at: usize) -> Read<Vec<(usize, Term)>> {
    let mut arguments = Vec::new();
    scan.blanks();
    if scan.take(")") {
        return Ok(arguments);
    }
    loop {
        let place = scan.at;
        if matches!(scan.peek(), Some('(' | '!')) {
            return scan.wrong(place, "a function takes a value or a path, not a condition", "write the path or the value itself");
        }
        arguments.push((place, filter::term(scan)?));
        scan.blanks();
        if scan.take(")") {
            return Ok(arguments);
        }
        if scan.peek().is_none() {
            return scan.wrong(at, "a parenthesis is not closed", "end it with `)`");
        }
        if !scan.take(",") {
            return scan.wrong(scan.at, "a function takes a value or a path, not a condition", "a comma or `)` is expected here");
        }
        scan.blanks();
    }
}

fn nodes(scan: &Scan<'_>, at: usize, term: Term, hint: &'static str) -> Read<Query> {
    match term {
        Term::Query(query) => Ok(query),
        Term::Literal(_) | Term::Holds(_) | Term::Value(_) => scan.wrong(at, "the function takes a path", hint),
    }
}

/// The pattern of `match` or `search`. By RFC 9535 one that is no text never fits.
fn pattern(scan: &mut Scan<'_>, at: usize, term: Term, whole: bool) -> Read<Option<Pattern>> {
    scan.patterns += 1;
    if scan.patterns > PATTERNS {
        return scan.costly(at, format!("a path has at most {PATTERNS} patterns"), "join them with `|`");
    }
    match term {
        Term::Literal(Literal::Text(text)) => match Pattern::compile(&text, whole) {
            Ok(pattern) => Ok(Some(pattern)),
            Err(refusal) if refusal.costly => scan.costly(at, refusal.reason, refusal.hint),
            Err(refusal) => scan.wrong(at, refusal.reason, refusal.hint),
        },
        Term::Literal(_) => Ok(None),
        Term::Holds(_) => scan.wrong(at, "the function says whether something holds, and is no pattern", "write the pattern in quotes"),
        Term::Query(_) | Term::Value(_) => scan.costly(at, "a pattern is written out in the path, not taken from the record", "write the pattern in quotes"),
    }
}
