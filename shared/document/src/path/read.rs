//! Reads a path: `$`, then segments of selectors, by the grammar of RFC 9535 and within our limits.
//!
//! Called by [`Path::parse`](super::Path::parse); what stands behind a `?` is read by `filter`.

use super::{
    ast::{Query, Segment, Selector},
    filter,
    scan::{Read, Scan},
};
use crate::Step;

/// The most bytes of a path.
const LONGEST: usize = 4096;
/// The most descendant segments of a path, those of its filters included.
const DESCENTS: usize = 2;
/// How deep filters may stand in each other.
const FILTERS: usize = 2;

/// The whole text as a path.
pub(super) fn path(text: &str) -> Read<Query> {
    let mut scan = Scan::new(text);
    if text.len() > LONGEST {
        return scan.costly(LONGEST, format!("a path has at most {LONGEST} bytes"), "write it shorter");
    }
    if !scan.take("$") {
        let hint = if text.trim_start().starts_with('$') { "take the blanks away" } else { "write it as `$.name`" };
        return scan.wrong(0, "a path starts with `$`", hint);
    }
    let query = segments(&mut scan, false)?;
    match scan.rest() {
        "" => Ok(query),
        rest if rest.trim_start().is_empty() => scan.wrong(scan.at, "blanks stand behind the path", "take them away"),
        rest if rest.starts_with('-') => scan.wrong(scan.at, "a dot or a bracket is expected", "a name with a dash stands in brackets: `['name-with-dash']`"),
        _ => scan.wrong(scan.at, "a dot or a bracket is expected", "write it as `.name`, `['a name']`, `[0]` or `[*]`"),
    }
}

/// What follows `$` or `@`; stops where no segment starts.
pub(super) fn segments(scan: &mut Scan<'_>, current: bool) -> Read<Query> {
    let mut query = Query { current, steps: Vec::new(), rest: Vec::new() };
    loop {
        let before = scan.at;
        scan.blanks();
        let at = scan.at;
        let segment = if scan.take("..") {
            scan.descents += 1;
            if scan.descents > DESCENTS {
                return scan.costly(at, format!("a path has at most {DESCENTS} descendant segments"), "name the way down with names and `[*]`");
            }
            Segment { descend: true, selectors: descendant(scan)? }
        } else if scan.take(".") {
            Segment { descend: false, selectors: vec![named(scan, at)?] }
        } else if scan.take("[") {
            Segment { descend: false, selectors: bracket(scan, at)? }
        } else {
            scan.at = before;
            return Ok(query);
        };
        query.push(segment);
    }
}

fn descendant(scan: &mut Scan<'_>) -> Read<Vec<Selector>> {
    let at = scan.at;
    if scan.take("[") { bracket(scan, at) } else { Ok(vec![named(scan, at)?]) }
}

/// A name or `*` behind a dot that stands at `dot`.
fn named(scan: &mut Scan<'_>, dot: usize) -> Read<Selector> {
    if scan.take("*") {
        return Ok(Selector::Step(Step::Each));
    }
    if scan.peek().is_some_and(|char| char.is_ascii_digit()) {
        return scan.wrong(scan.at, "a name behind a dot does not start with a digit", "an element is `[0]`, a name `['0']`");
    }
    let name = scan.run(|char| char.is_ascii_alphanumeric() || char == '_' || !char.is_ascii());
    if name.is_empty() {
        let hint = if scan.peek() == Some('[') { "take the dot away" } else { "write it as `.name`, or `['a name']` for other characters" };
        return scan.wrong(dot, "a name follows the dot", hint);
    }
    Ok(Selector::Step(Step::Name(name.to_owned())))
}

/// The selectors of a bracket that was opened at `open`.
fn bracket(scan: &mut Scan<'_>, open: usize) -> Read<Vec<Selector>> {
    let mut selectors = Vec::new();
    loop {
        scan.blanks();
        selectors.push(selector(scan)?);
        scan.blanks();
        if scan.take("]") {
            return Ok(selectors);
        }
        if scan.peek().is_none() {
            return scan.wrong(open, "a bracket is not closed", "end it with `]`");
        }
        if !scan.take(",") {
            let filtered = matches!(selectors.last(), Some(Selector::Filter(_)));
            return scan.wrong(scan.at, "a comma or `]` is expected", if filtered { filter::slip(scan.rest()) } else { "write several as `[0, 'name', 2:4]`" });
        }
    }
}

fn selector(scan: &mut Scan<'_>) -> Read<Selector> {
    let at = scan.at;
    match scan.peek() {
        Some('*') => {
            scan.take("*");
            Ok(Selector::Step(Step::Each))
        }
        Some('\'' | '"') => Ok(Selector::Step(Step::Name(scan.string()?))),
        Some('-' | '0'..='9' | ':') => index_or_slice(scan),
        Some('?') if scan.filters == FILTERS => scan.costly(at, format!("filters stand in each other at most {FILTERS} deep"), "filter by fewer levels"),
        Some('?') => {
            scan.take("?");
            scan.blanks();
            scan.filters += 1;
            let filter = scan.deeper(filter::any)?;
            scan.filters -= 1;
            Ok(Selector::Filter(filter))
        }
        Some('+') => scan.wrong(at, "an index is a whole number", "write it without the plus"),
        Some('(') => scan.wrong(at, "scripts are not known", "filter with `?`, as in `[?@.a == 1]`"),
        Some(char) if char.is_alphabetic() || char == '_' => scan.wrong(at, "a name in a bracket stands in quotes", "write it as `['name']`"),
        Some(_) | None => scan.wrong(at, "a selector is expected", "write a name in quotes, an index, a slice, `*` or a filter"),
    }
}

fn index_or_slice(scan: &mut Scan<'_>) -> Read<Selector> {
    let start = scan.integer()?;
    let behind = scan.at;
    scan.blanks();
    if !scan.take(":") {
        scan.at = behind;
        return match start {
            Some(index) => Ok(Selector::Step(Step::Index(index))),
            None => scan.wrong(behind, "an index is a whole number", "write it as `[0]`"),
        };
    }
    scan.blanks();
    let end = scan.integer()?;
    let behind = scan.at;
    scan.blanks();
    if !scan.take(":") {
        scan.at = behind;
        return Ok(Selector::Slice { start, end, step: 1 });
    }
    scan.blanks();
    Ok(Selector::Slice { start, end, step: scan.integer()?.unwrap_or(1) })
}
