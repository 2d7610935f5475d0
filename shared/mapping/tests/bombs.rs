//! Mappings and records made to cost: each is refused when it is read, ends at a limit, or takes time linear in the record.
//!
//! What an end costs is bounded by the limit, not by luck; `cargo test --release -p mapping --test bombs -- --nocapture` tells how
//! long each took.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

use std::time::Instant;

use document::{Limits, parse};
use fault::Fault;
use mapping::{Draft, Outcome, Run, Runner};

/// Bytes of what is made, or the code with which it ends.
type End = Result<usize, &'static str>;

/// A bomb: what it is called, the mapping, the record, and how it ends.
struct Bomb(&'static str, String, String, Expected);

enum Expected {
    /// With this code.
    Code(&'static str),
    /// With a record of at most so many bytes.
    Within(usize),
}

use Expected::{Code, Within};

fn ends(mapping: &str, record: &str) -> End {
    let report = Draft::parse(mapping).map_err(|error| error.code())?.check();
    let mapping = report.into_checked().map_err(|report| report.findings()[0].code)?;
    let mut out = Vec::new();
    match Runner::new(&mapping, Limits::default()).run(record.as_bytes(), &Run::at("2026-11-21T12:00:00Z".parse().unwrap()), &mut out) {
        Ok(Outcome::Mapped) => {
            let limits = Limits { bytes: usize::MAX, depth: usize::MAX, nodes: usize::MAX };
            assert!(parse(&out, &limits).is_ok());
            Ok(out.len())
        }
        Ok(outcome) => panic!("{outcome:?}"),
        Err(error) => Err(error.code()),
    }
}

fn holds(bombs: &[Bomb]) {
    let mut wrong = Vec::new();
    for Bomb(name, mapping, record, expected) in bombs {
        let begin = Instant::now();
        let end = ends(mapping, record);
        println!("{:>9.3} ms  {} B, {} B  {name}: {end:?}", begin.elapsed().as_secs_f64() * 1e3, mapping.len(), record.len());
        match (expected, end) {
            (Code(code), Err(end)) if *code == end => {}
            (Within(most), Ok(bytes)) if bytes <= *most => {}
            _ => wrong.push(format!("{name}: {end:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn ops(op: &str, times: usize) -> String {
    format!("[{}]", vec![op; times].join(","))
}

fn each(levels: usize, inner: &str) -> String {
    (0..levels).fold(inner.to_owned(), |inner, _| format!(r#"{{"op":"each","path":"$[*]","ops":[{inner}]}}"#))
}

/// An array of so many.
fn rows(count: usize, row: &str) -> String {
    format!("[{}]", vec![row; count].join(","))
}

/// Arrays of `width` in each other.
fn tree(width: usize, levels: usize) -> String {
    (0..levels).fold("1".to_owned(), |inner, _| rows(width, &inner))
}

fn wide(members: usize, key: impl Fn(usize) -> String) -> String {
    format!("{{{}}}", (0..members).map(|at| format!(r#""{}":{at}"#, key(at))).collect::<Vec<_>>().join(","))
}

#[test]
fn paths_and_expressions_made_to_cost_are_refused_or_end_by_fuel() {
    let expand = |path: &str| format!(r#"[{{"op":"expand","field":"orders","expand":["{path}"]}}]"#);
    let template = |text: &str| format!(r#"[{{"op":"template","to":"x","value":"{text}"}}]"#);
    let nested = format!(r#"{{"orders":[{}{}]}}"#, "[".repeat(60), "]".repeat(60));
    let small = format!(r#"{{"orders":[{{"rows":{}}}]}}"#, rows(2_000, r#"{"a":1,"b":"x"}"#));
    let numbers = format!(r#"{{"n":{}}}"#, rows(300, "1"));
    let doubled = "{{ record.t ~ record.t ~ record.t ~ record.t }}";
    holds(&[
        Bomb("two descents over what nests", expand("$..*..*"), nested.clone(), Within(128 << 10)),
        Bomb("three descents", expand("$..*..*..*"), nested.clone(), Code("path_too_costly")),
        Bomb("four descents", expand("$..*..*..*..*"), nested, Code("path_too_costly")),
        Bomb("a count of everything for every row", expand("$.rows[?count($..[?@.a>=0])>1]"), small.clone(), Code("fuel_spent")),
        Bomb("a large category repeated", expand(r"$.rows[?match(@.b,'[\\\\p{L}]{1,100}')]"), small.clone(), Code("path_too_costly")),
        Bomb("counts multiplied", expand("$.rows[?match(@.b,'((((a{1,100}){1,100}){1,100}){1,100})')]"), small.clone(), Code("path_too_costly")),
        Bomb("a pattern from the record", expand("$.rows[?match(@.b,$.rows[0].b)]"), small, Code("path_too_costly")),
        Bomb("lists over lists over lists", template("{{ map(record.n, map(record.n, sum(record.n))) }}"), numbers.clone(), Code("fuel_spent")),
        Bomb("lists in lists a third time", template("{{ map(record.n, map(record.n, map(record.n, item))) }}"), numbers, Code("expression_too_deep")),
        Bomb("a pattern that would backtrack", template("{{ regex_match(record.t, '(a*)*b') }}"), format!(r#"{{"t":"{}"}}"#, "a".repeat(1 << 20)), Within(2 << 20)),
        Bomb("a text that doubles in one expression", template(doubled), format!(r#"{{"t":"{}"}}"#, "x".repeat(400_000)), Code("expression_output")),
        Bomb("a text of expressions beyond its limit", template(&"{{ record.t }}".repeat(5_000)), r#"{"t":1}"#.into(), Code("expression_too_long")),
        Bomb("brackets", template(&format!("{{{{ {}1{} }}}}", "(".repeat(30_000), ")".repeat(30_000))), "{}".into(), Code("expression_too_deep")),
        Bomb("padding", template(&format!("{{{{ {} }}}}", vec!["pad('x', 100000)"; 1_000].join(" ~ "))), "{}".into(), Code("expression_output")),
    ]);
}

#[test]
fn a_wide_record_costs_the_same_with_space_in_it_and_is_not_looked_through_for_nothing() {
    let compact = wide(40_000, |at| format!("k{at}"));
    let spaced = compact.replace(',', ", ").replace(':', ": ");
    let touch = r#"[{"op":"set","field":"z","value":2}]"#;
    let names: Vec<_> = (0..4_000).map(|at| format!("record.k{at}")).collect();
    let ask = format!(r#"[{{"op":"set","field":"z","value":2}},{{"op":"template","to":"all","value":"{{{{ [{}] }}}}"}}]"#, names.join(","));
    let tall = "a".repeat(1 << 20);
    holds(&[
        Bomb("a wide record, touched", touch.into(), compact.clone(), Within(2 << 20)),
        Bomb("a wide record with space in it, touched", touch.into(), spaced, Within(2 << 20)),
        Bomb("thousands of names of a wide record", ask, compact, Code("fuel_spent")),
        Bomb("a pattern of many states over a long text", r#"[{"op":"template","to":"m","value":"{{ regex_match(record.s, '(.*a){1,50}b$') }}"}]"#.into(), format!(r#"{{"s":"{tall}"}}"#), Code("fuel_spent")),
        Bomb("the same over a long key", r#"[{"op":"rename","keys":{"match":"(.*a){1,50}b$","to":"x"}}]"#.into(), format!(r#"{{"{tall}":1}}"#), Code("fuel_spent")),
    ]);
}

#[test]
fn what_doubles_from_operation_to_operation_ends_by_fuel() {
    let pair = r#"{"op":"map","to":"pair.left","from":"all"},{"op":"map","to":"pair.right","from":"all"},{"op":"map","to":"all","from":"pair"}"#;
    let text = r#"{"op":"template","to":"t","value":"{{ record.t ~ record.t }}"}"#;
    let json = r#"{"op":"flatten","field":"a","arrays":"json"},{"op":"template","to":"a","value":"{{ [record.a, record.a] }}"}"#;
    let quotes = r#"{"op":"template","to":"t","value":"{{ json(record.t) }}"}"#;
    holds(&[
        Bomb("a value mapped into two places, again and again", ops(pair, 60), r#"{"all":1}"#.into(), Code("fuel_spent")),
        Bomb("the same of a large value", ops(pair, 60), format!(r#"{{"all":{}}}"#, rows(20_000, "1")), Code("fuel_spent")),
        Bomb("a text joined to itself", ops(text, 60), r#"{"t":"x"}"#.into(), Code("expression_output")),
        Bomb("a list that holds itself twice", ops(r#"{"op":"template","to":"a","value":"{{ [record.a, record.a] }}"}"#, 60), r#"{"a":1}"#.into(), Code("fuel_spent")),
        Bomb("the same, flattened to text between", ops(json, 60), r#"{"a":{"b":[1,1]}}"#.into(), Code("fuel_spent")),
        Bomb("JSON in JSON in JSON: every quote doubles", ops(quotes, 60), r#"{"t":"\""}"#.into(), Code("expression_output")),
        Bomb("a record that is put into itself", ops(r#"{"op":"map","to":"a","from":"$"},{"op":"map","to":"b","from":"$"}"#, 60), r#"{"x":1}"#.into(), Code("fuel_spent")),
        Bomb("a hash again and again", ops(r#"{"op":"hash","field":"t","algorithm":"sha512"}"#, 2_000), r#"{"t":"x"}"#.into(), Within(200)),
    ]);
}

#[test]
fn what_multiplies_elements_ends_by_fuel_or_stays_linear() {
    let lines = |count: usize, line: &str| format!(r#"{{"lines":{}}}"#, rows(count, line));
    let inside = |op: &str| format!(r#"[{{"op":"each","path":"$.lines[*]","ops":[{op}]}}]"#);
    let large = rows(50_000, "1");
    let product = r#"[{"op":"expand","field":"a","expand":["$.b[*]"],"keep":{"all":"$"}}]"#;
    holds(&[
        Bomb("eight levels of `each` over what nests", format!("[{}]", each(8, r#"{"op":"cast","field":"$","to":"string"}"#)), tree(5, 8), Within(4 << 20)),
        Bomb("nine levels", format!("[{}]", each(9, r#"{"op":"drop_empty"}"#)), tree(2, 9), Code("mapping_too_large")),
        Bomb("the whole record for every element", inside(r#"{"op":"template","to":"all","value":"{{ record }}"}"#), lines(3_000, "{}"), Code("fuel_spent")),
        Bomb("a sum over the record for every element", inside(r#"{"op":"template","to":"n","value":"{{ length(where(record.lines, item.a == 1)) }}"}"#), lines(3_000, r#"{"a":1}"#), Code("fuel_spent")),
        Bomb("a large constant for every element", inside(&format!(r#"{{"op":"set","field":"a","value":{large}}}"#)), lines(50_000, "{}"), Code("fuel_spent")),
        Bomb("a large default for every element", inside(&format!(r#"{{"op":"default","field":"a","value":{large}}}"#)), lines(50_000, "{}"), Code("fuel_spent")),
        Bomb("a large answer of a table for every element", format!(r#"{{"tables":{{"t":{{"values":{{"1":{large}}}}}}},"ops":{}}}"#, inside(r#"{"op":"lookup","table":"t","key":"k","to":"v"}"#)), lines(50_000, r#"{"k":1}"#), Code("fuel_spent")),
        Bomb("a large value of `map` for every element", inside(&format!(r#"{{"op":"map","to":"v","from":"k","map":{{"1":{large}}}}}"#)), lines(50_000, r#"{"k":1}"#), Code("fuel_spent")),
        Bomb("a long text for every element", inside(&format!(r#"{{"op":"template","to":"v","value":"{}"}}"#, "x".repeat(60_000))), lines(50_000, "{}"), Code("mapping_output_too_large")),
        Bomb("everything kept beside everything", product.into(), format!(r#"{{"a":{}}}"#, rows(300, &format!(r#"{{"b":{}}}"#, rows(300, "{}")))), Code("fuel_spent")),
        Bomb("a JSON text for every element", inside(r#"{"op":"cast","field":"j","to":"json"}"#), lines(1_000, &format!(r#"{{"j":"{}"}}"#, rows(500, "1"))), Within(4 << 20)),
        Bomb("a JSON text that nests", r#"[{"op":"cast","field":"j","to":"json"}]"#.into(), format!(r#"{{"j":"{}"}}"#, "[".repeat(100_000)), Code("mapping_cast")),
        Bomb("columns and rows", r#"[{"op":"zip","columns":"c","rows":"r","to":"r"}]"#.into(), format!(r#"{{"c":{},"r":{}}}"#, format_args!("[{}]", (0..300).map(|n| format!("\"column {n}\"")).collect::<Vec<_>>().join(",")), rows(300, &rows(300, "1"))), Within(8 << 20)),
        Bomb("groups of one", r#"[{"op":"group","field":"lines","by":"a"}]"#.into(), format!(r#"{{"lines":[{}]}}"#, (0..30_000).map(|n| format!(r#"{{"a":{n}}}"#)).collect::<Vec<_>>().join(",")), Within(4 << 20)),
        Bomb("elements that are all the same", r#"[{"op":"dedupe","by":"a","field":"lines"}]"#.into(), lines(50_000, r#"{"a":"x"}"#), Within(100)),
    ]);
}

#[test]
fn names_made_to_multiply_end_by_fuel_or_stay_linear() {
    let rename = |pattern: &str, to: &str| format!(r#"[{{"op":"rename","keys":{{"match":"{pattern}","to":"{to}"}}}}]"#);
    let long = wide(2_000, |at| format!("{at}{}", "k".repeat(500)));
    let case = r#"{"op":"keys","case":"snake","deep":true}"#;
    let longer = r#"{"op":"keys","replace":{"from":"k","to":"kk"},"on_conflict":"keep"}"#;
    holds(&[
        Bomb("every key into a place of its own", rename("^(.*)_(.*)$", "$1.$2"), wide(30_000, |at| format!("{at}_x")), Within(4 << 20)),
        Bomb("every key below one, each looked for", rename("^(.*)_(.*)$", "all.$1.$2"), wide(30_000, |at| format!("{at}_x")), Code("fuel_spent")),
        Bomb("every key written many times", rename("^(.*)$", &"$1".repeat(400)), long.clone(), Code("fuel_spent")),
        Bomb("a pattern that would backtrack", rename("^(k*)*x$", "y"), long.clone(), Within(4 << 20)),
        Bomb("a pattern that is too large", rename("((((k{1,100}){1,100}){1,100}){1,100})", "y"), long.clone(), Code("mapping_pattern")),
        Bomb("keys that double", ops(longer, 60), long.clone(), Code("fuel_spent")),
        Bomb("keys in another case, two thousand times", ops(case, 2_000), wide(2_000, |at| format!("some{at}Key")), Code("fuel_spent")),
        Bomb("names that flow together", r#"[{"op":"keys","case":"lower","on_conflict":"replace"}]"#.into(), wide(30_000, |at| format!("{}{}", if at % 2 == 0 { "K" } else { "k" }, at / 2)), Within(1 << 20)),
        Bomb("a record put deeper and deeper", ops(r#"{"op":"rename","from":"$","to":"a.a.a.a.a.a.a.a"}"#, 2_000), r#"{"x":1}"#.into(), Code("mapping_too_deep")),
        Bomb("a list in a list, again and again", ops(r#"{"op":"template","to":"a","value":"{{ [[[[[[[[record.a]]]]]]]] }}"}"#, 2_000), r#"{"a":1}"#.into(), Code("mapping_too_deep")),
        Bomb("entries of entries", ops(r#"{"op":"template","to":"a","value":"{{ record.a | entries | entries }}"}"#, 2_000), r#"{"a":{"b":1}}"#.into(), Code("expression_type")),
        Bomb("elements put deeper and deeper", format!("[{}]", each(4, &vec![r#"{"op":"rename","from":"$","to":"a.a.a.a.a.a.a.a"}"#; 400].join(","))), tree(2, 6), Code("mapping_too_deep")),
        Bomb("elements of a large array put deeper and deeper", ops(r#"{"op":"each","path":"$.a[*]","ops":[{"op":"rename","from":"$","to":"b.b.b.b"}]}"#, 300), format!(r#"{{"a":{}}}"#, rows(5_000, "{}")), Code("fuel_spent")),
        Bomb("flattened again and again", ops(r#"{"op":"flatten","field":"$","on_conflict":"keep"},{"op":"rename","from":"$","to":"a.a.a.a"}"#, 200), wide(5_000, |at| format!("k{at}")), Code("fuel_spent")),
    ]);
}

#[test]
fn mappings_larger_than_any_are_refused_and_the_largest_run() {
    let constant = format!(r#"[{{"op":"set","field":"a","value":{}}}]"#, rows(120_000, "1"));
    holds(&[
        Bomb("two thousand operations", ops(r#"{"op":"cast","field":"a.b","to":"integer"}"#, 2_000), wide(2_000, |at| format!("k{at}")), Within(64 << 10)),
        Bomb("one more", ops(r#"{"op":"drop_empty"}"#, 2_001), "{}".into(), Code("mapping_too_large")),
        Bomb("two thousand in nested `each`", format!("[{}]", each(8, &vec![r#"{"op":"drop_empty"}"#; 2_000].join(","))), "[]".into(), Code("mapping_too_large")),
        Bomb("more values than a mapping has", constant, "{}".into(), Code("json_too_large")),
        Bomb("more bytes than a mapping has", format!("[{}]", " ".repeat(2 << 20)), "{}".into(), Code("json_too_large")),
        Bomb("two thousand patterns", format!("[{}]", (0..2_000).map(|n| format!(r#"{{"op":"rename","keys":{{"match":"^cf{n}_(.*)$","to":"$1"}}}}"#)).collect::<Vec<_>>().join(",")), r#"{"a":1}"#.into(), Within(100)),
        Bomb("two thousand sweeps over a wide record", ops(r#"{"op":"drop_empty","deep":true}"#, 2_000), wide(10_000, |at| format!("k{at}")), Code("fuel_spent")),
        Bomb("two thousand filters over a long text", ops(r#"{"op":"filter","where":"{{ regex_match(record.t, '^a*$') }}"}"#, 2_000), format!(r#"{{"t":"{}"}}"#, "a".repeat(100_000)), Code("fuel_spent")),
    ]);
}

#[test]
fn a_run_remembers_only_so_many_records() {
    let mapping = Draft::parse(r#"[{"op":"dedupe","by":"$"}]"#).unwrap().check().into_checked().unwrap();
    let (mut runner, run) = (Runner::new(&mapping, Limits::default()), Run::at("2026-11-21T12:00:00Z".parse().unwrap()));
    let mut map = |id: u32| runner.run(id.to_string().as_bytes(), &run, &mut Vec::new()).map_err(|error| error.code());
    assert!((0..100_000).all(|id| map(id) == Ok(Outcome::Mapped)));
    assert_eq!((map(7), map(100_000)), (Ok(Outcome::Dropped(mapping::Dropped::Duplicate)), Err("mapping_too_many")));
}
