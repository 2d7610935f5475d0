//! Reads what stands behind a `?`: comparisons, existence, `&&`, `||`, `!` and parentheses, each of the right type.
//!
//! Called by `read`; functions are read by `function`. Nothing ill-typed leaves here, so that evaluation never meets it.

use super::{
    ast::{Compare, Expr, Literal, Operand, Query},
    function, read,
    scan::{Read, Scan},
};

/// What stands on one side of an operator or alone.
#[derive(Debug)]
pub(super) enum Term {
    Literal(Literal),
    Query(Query),
    /// A function that answers whether something holds.
    Holds(Expr),
    /// A function that answers with a value.
    Value(Operand),
}

/// A whole logical expression.
pub(super) fn any(scan: &mut Scan<'_>) -> Read<Expr> {
    let mut alternatives = vec![all(scan)?];
    while then(scan, "||") {
        scan.blanks();
        alternatives.push(all(scan)?);
    }
    Ok(if alternatives.len() == 1 { alternatives.remove(0) } else { Expr::Any(alternatives) })
}

fn all(scan: &mut Scan<'_>) -> Read<Expr> {
    let mut conditions = vec![basic(scan)?];
    while then(scan, "&&") {
        scan.blanks();
        conditions.push(basic(scan)?);
    }
    Ok(if conditions.len() == 1 { conditions.remove(0) } else { Expr::All(conditions) })
}

/// An operator, past blanks; where there is none, nothing is taken.
fn then(scan: &mut Scan<'_>, operator: &str) -> bool {
    let before = scan.at;
    scan.blanks();
    let there = scan.take(operator);
    scan.at = if there { scan.at } else { before };
    there
}

fn basic(scan: &mut Scan<'_>) -> Read<Expr> {
    let at = scan.at;
    if scan.take("!") {
        scan.blanks();
        let inner = if scan.take("(") {
            parenthesis(scan, at)?
        } else {
            let start = scan.at;
            let term = term(scan)?;
            alone(scan, start, term)?
        };
        return match compare(scan) {
            Some(_) => scan.wrong(at, "`!` stands before a path, a function or a parenthesis", "write it as `!(@.a == 1)`, or with `!=`"),
            None => Ok(Expr::Not(Box::new(inner))),
        };
    }
    if scan.take("(") {
        return parenthesis(scan, at);
    }
    let left = term(scan)?;
    let before = scan.at;
    let Some(operator) = compare(scan) else {
        scan.at = before;
        return alone(scan, at, left);
    };
    scan.blanks();
    let start = scan.at;
    let right = term(scan)?;
    Ok(Expr::Compare(comparable(scan, at, left)?, operator, comparable(scan, start, right)?))
}

fn parenthesis(scan: &mut Scan<'_>, open: usize) -> Read<Expr> {
    scan.blanks();
    let inner = scan.deeper(any)?;
    scan.blanks();
    if scan.take(")") { Ok(inner) } else { scan.wrong(if scan.peek().is_none() { open } else { scan.at }, "a parenthesis is not closed", "end it with `)`") }
}

/// A comparison operator, past blanks.
fn compare(scan: &mut Scan<'_>) -> Option<Compare> {
    use Compare::{Equal, Less, LessOrEqual, More, MoreOrEqual, Unequal};
    [("==", Equal), ("!=", Unequal), ("<=", LessOrEqual), (">=", MoreOrEqual), ("<", Less), (">", More)].into_iter().find_map(|(text, operator)| then(scan, text).then_some(operator))
}

/// What stands alone has to hold or not: a path, or a function that answers so.
fn alone(scan: &Scan<'_>, at: usize, term: Term) -> Read<Expr> {
    match term {
        Term::Query(query) => Ok(Expr::Exists(query)),
        Term::Holds(expr) => Ok(expr),
        Term::Literal(_) => scan.wrong(at, "a literal alone says nothing", "compare it, as in `@.a == 1`"),
        Term::Value(_) => scan.wrong(at, "the function gives a value, and nothing compares it", "compare it, as in `length(@.a) > 1`"),
    }
}

/// What is compared is one value at most.
pub(super) fn comparable(scan: &Scan<'_>, at: usize, term: Term) -> Read<Operand> {
    match term {
        Term::Literal(literal) => Ok(Operand::Literal(literal)),
        Term::Query(query) if query.is_singular() => Ok(Operand::At(query)),
        Term::Query(_) => scan.wrong(at, "one value is needed, and this path may name many", "name one by names and indices, or take `value(…)` or `count(…)` of it"),
        Term::Value(operand) => Ok(operand),
        Term::Holds(_) => scan.wrong(at, "the function says whether something holds, and is no value", "write it alone, without a comparison"),
    }
}

/// What was probably meant by the text a filter cannot go on with.
pub(super) fn slip(rest: &str) -> &'static str {
    const SLIPS: [(&str, &str); 12] = [
        ("=~", "write it as `match(@.a, 'pattern')`"), ("==", "compare two at a time and join with `&&`"), ("=", "write it as `==`"), ("<>", "write it as `!=`"), ("<", "compare two at a time and join with `&&`"),
        (">", "compare two at a time and join with `&&`"), ("&", "write it as `&&`"), ("|", "write it as `||`"), ("and ", "write it as `&&`"), ("or ", "write it as `||`"),
        ("in ", "write it as `@.a == 1 || @.a == 2`"), ("!", "compare two at a time and join with `&&`"),
    ];
    SLIPS.into_iter().find(|(slip, _)| rest.starts_with(slip)).map_or("join conditions with `&&` or `||`", |(_, hint)| hint)
}

/// A literal, a path or a function.
pub(super) fn term(scan: &mut Scan<'_>) -> Read<Term> {
    let at = scan.at;
    match scan.peek() {
        Some('@' | '$') => {
            let current = scan.next() == Some('@');
            scan.deeper(|scan| read::segments(scan, current)).map(Term::Query)
        }
        Some('\'' | '"') => Ok(Term::Literal(Literal::Text(scan.string()?.into()))),
        Some('-' | '0'..='9') => Ok(Term::Literal(Literal::Number(scan.number()?.into()))),
        Some('a'..='z' | 'A'..='Z') => {
            let word = scan.run(|char| char.is_ascii_alphanumeric() || char == '_');
            match word {
                _ if scan.take("(") => scan.deeper(|scan| function::call(scan, at, word)),
                "true" => Ok(Term::Literal(Literal::Bool(true))),
                "false" => Ok(Term::Literal(Literal::Bool(false))),
                "null" => Ok(Term::Literal(Literal::Null)),
                _ => scan.wrong(at, "no such word", "a text stands in quotes, a name behind `@.`; words are `true`, `false` and `null`, in small letters"),
            }
        }
        Some('!') => scan.wrong(at, "`!` stands before a path, a function or a parenthesis", "write it once, as in `!@.a` or `!(@.a == 1)`"),
        _ => scan.wrong(at, "a path, a value or a function is expected", "write it as `@.a`, `'text'`, `1` or `length(@.a)`"),
    }
}
