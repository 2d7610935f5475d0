//! Paths and records made to cost: each is refused when it is read, or ends when its fuel is spent.

use document::{Fuel, Item, Limits, Parser, Path, Spent};
use fault::Fault;

/// So many arrays in each other.
fn nested(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

fn rows(count: usize, row: &str) -> String {
    format!("[{}]", vec![row; count].join(","))
}

/// The code the path is refused with, or how its evaluation ends.
fn ends(path: &str, document: &str) -> Result<usize, &'static str> {
    let path = Path::parse(path).map_err(|error| error.code())?;
    let mut parser = Parser::new(Limits { depth: 500, ..Limits::default() });
    let tape = parser.parse(document.as_bytes()).expect("the document is JSON");
    let found = path.query(tape.root(), &Fuel::default()).map(|found| found.len());
    let located = path.locate(tape.root(), &Fuel::default()).map(|found| found.len());
    // Telling the places costs more fuel.
    assert!(located.is_err() || located == found, "{}: {found:?} {located:?}", path.text());
    found.map_err(|spent| spent.code())
}

#[test]
fn what_is_made_to_multiply_is_refused_or_runs_out_of_fuel() {
    let (deep, wide) = (nested(120), rows(2_000, r#"{"a":1,"b":"x"}"#));
    let texts = rows(100, &format!("{{\"b\":\"{}\"}}", "aB1 ".repeat(1_000)));
    let long = format!("[{}\"{}\"]", "1,".repeat(50_000), "y".repeat(1_000_000));
    let members = format!("{{{}}}", (0..20_000).map(|at| format!("\"k{at}\":{at}")).collect::<Vec<_>>().join(","));
    let digits = rows(200, &"9".repeat(10_000));
    let both = format!("{{\"a\":{members},\"rows\":{}}}", rows(2_000, "1"));
    let escaped = "\\u0061".repeat(100_000);
    let escapes = format!("{{\"{escaped}\":\"{escaped}\",\"b\":{{\"{escaped}\":1}},\"t\":\"{escaped}\",\"rows\":{}}}", rows(2_000, "1"));
    let mut wrong = Vec::new();
    for (path, document, expected) in [
        ("$..*..*", &deep, Ok(7_021)), ("$..*..*..*", &deep, Err("path_too_costly")), ("$..*..*..*..*", &deep, Err("path_too_costly")), ("$..*..*.*.*", &wide, Ok(0)),
        ("$[*,*,*][*,*,*][*,*,*][*,*,*]", &nested(6), Ok(81)), ("$[*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*]", &deep, Err("fuel_spent")),
        ("$..[*,*,*,*,*,*,*,*]..[*,*,*,*,*,*,*,*]", &deep, Err("fuel_spent")),
        ("$[?count($..[?@.a>=0])>1]", &wide, Err("fuel_spent")), ("$[?count($..*)>1]", &wide, Err("fuel_spent")), ("$[?@..a]", &wide, Ok(2_000)), ("$..[?$..b]", &wide, Err("fuel_spent")),
        ("$[?@[?$..a == 1]]", &wide, Err("path_invalid")), ("$[?$[?@.b == 'y']]", &wide, Err("fuel_spent")), ("$[?$ == $]", &wide, Err("fuel_spent")), ("$[?@ == $[0]]", &wide, Ok(2_000)),
        ("$[?$[?$[?@.a]]]", &wide, Err("path_too_costly")), ("$[?$[-1] == 'x']", &long, Err("fuel_spent")), ("$[?length($[-1]) == 1]", &long, Err("fuel_spent")), ("$[?$[-1] >= $[-1]]", &long, Err("fuel_spent")),
        ("$[?$[::-1]]", &long, Err("fuel_spent")), ("$[?$[0] == @]", &digits, Ok(200)), ("$[?count($[?@ >= $[0]]) > 0]", &digits, Err("fuel_spent")),
        ("$.rows[?$.a.k19999 == 1]", &both, Err("fuel_spent")), ("$.rows[?$.a == $.a]", &both, Err("fuel_spent")), ("$.rows[?$.b.x]", &escapes, Ok(0)), ("$.rows[?count($.b.*) > 1]", &escapes, Err("fuel_spent")), ("$.rows[?$.t == 'x']", &escapes, Err("fuel_spent")), ("$.rows[?$.t < $.t]", &escapes, Err("fuel_spent")), ("$.rows[?length($.t) == 1]", &escapes, Err("fuel_spent")),
        ("$.rows[?search($.t, 'b')]", &escapes, Err("fuel_spent")), ("$.b[*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*]", &escapes, Err("fuel_spent")), ("$[?match(@.b, '[\\\\p{L}]{1,200}')]", &wide, Err("path_too_costly")),
        ("$[?match(@.b, '((((a{1,100}){1,100}){1,100}){1,100})')]", &wide, Err("path_too_costly")), ("$[?match(@.b, $[0].b)]", &wide, Err("path_too_costly")), ("$[?search(@.b, '(a|aa)+$')]", &wide, Ok(0)),
        ("$[?search(@.b, '(\\\\p{L}+[ 0-9]?){1,3}z$')]", &texts, Err("fuel_spent")), ("$[?search(@.b, '(\\\\p{L}+[ 0-9]?){1,5}z$')]", &texts, Err("path_too_costly")), ("$[?search($[-1], '[a-x]{50}[a-x]{50}')]", &long, Err("fuel_spent")), ("$[?search(@.b, '((a?){20}(B?){20}){12}c')]", &texts, Err("fuel_spent")), ("$[?search(@.b, '[A-Z]z')]", &texts, Ok(0)),
    ] {
        let end = ends(path, document);
        if end != expected {
            wrong.push(format!("{path}: {end:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_tree_deeper_than_any_document_ends_neither_the_stack_nor_the_run() {
    let mut tree = document::Value::Null;
    for _ in 0..50_000 {
        tree = document::Value::Array(vec![tree]);
    }
    let found = |path: &str, steps| Path::parse(path).unwrap().query(Item::Tree(&tree), &Fuel::new(steps)).map(|found| found.len());
    assert_eq!(found("$..[0]", 1_000_000), Ok(50_000));
    assert_eq!(found("$[?@ == $[0]]", 1_000_000), Ok(1));
    assert_eq!(found("$..*", 1_000), Err(Spent));
    assert!(Path::parse("$..[0]").unwrap().locate(Item::Tree(&tree), &Fuel::default()).is_err());
    // Taken apart from the outside: dropping it whole would recurse.
    while let document::Value::Array(mut inner) = tree {
        tree = inner.pop().unwrap_or(document::Value::Null);
    }
}
