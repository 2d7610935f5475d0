//! Expressions that would cost too much: refused when read, or ended by a limit. What they cost is bounded by the limit, not by luck.

use document::{Arena, Fuel, Limits, Parser};
use expr::{Cx, DEFAULT_FUEL, Expr, Template};

/// A record of a few hundred kilobytes: long texts, a list of 50,000, an object of 5,000.
fn record() -> String {
    let (numbers, members) = ((0..50_000).map(|n| n.to_string()).collect::<Vec<_>>(), (0..5_000).map(|n| format!("\"k{n}\":{n}")).collect::<Vec<_>>());
    format!(r#"{{"long":"{}","words":"{}","letters":"{}","numbers":[{}],"members":{{{}}}}}"#, "a".repeat(300_000), "ab ".repeat(20_000), "å1_".repeat(10_000), numbers.join(","), members.join(","))
}

/// The code a source ends with, or `fine`.
fn ended(source: &str, record: &str) -> String {
    let expression = match Expr::parse(source) {
        Ok(expression) => expression,
        Err(problems) => return problems[0].code.to_owned(),
    };
    let mut parser = Parser::new(Limits::default());
    let record = parser.parse(record.as_bytes()).unwrap();
    let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
    let cx = Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH);
    let code = expression.eval(&("record", record.root()), &cx).map_or_else(|failure| failure.code.to_owned(), |_| "fine".to_owned());
    assert!(arena.bytes() < 16 << 20, "{} bytes", arena.bytes());
    code
}

fn many(part: &str, with: &str, times: usize) -> String {
    vec![part; times].join(with)
}

#[test]
fn what_nests_or_repeats_too_much_is_refused_when_it_is_read() {
    for (source, code) in [
        (format!("{}1{}", "(".repeat(30_000), ")".repeat(30_000)), "expression_too_deep"), (format!("{}{}", "[".repeat(30_000), "]".repeat(30_000)), "expression_too_deep"), ("{a:".repeat(20_000), "expression_too_deep"),
        ("not ".repeat(15_000) + "true", "expression_too_deep"), ("- ".repeat(30_000) + "x", "expression_too_deep"), (format!("1{}", "|abs".repeat(15_000)), "expression_too_deep"), (format!("a{}", "[b]".repeat(20_000)), "expression_too_deep"),
        (format!("a{}", ".a".repeat(30_000)), "expression_too_deep"), ("f(".repeat(30_000), "expression_too_deep"), ("a[".repeat(30_000), "expression_too_deep"), ("1 if ".repeat(12_000), "expression_syntax"), ("a".repeat(70_000), "expression_too_long"),
        ("'".repeat(60_001), "expression_syntax"), (many("regex_match(a, '\\w')", " or ", 2_000), "expression_pattern"), ("regex_match(a, '((((a{1,100}){1,100}){1,100}){1,100})')".into(), "expression_pattern"),
        ("map(a, map(b, map(c, item)))".into(), "expression_too_deep"), (many("map(a, item)", ")", 3), "expression_syntax"),
    ] {
        assert_eq!(ended(&source, "{}"), code, "{}…", &source[..40.min(source.len())]);
    }
    assert_eq!(Template::parse(&"{{ f() }}{{ + }}".repeat(3_000)).unwrap_err().len(), 100);
    let texts = (0..1_500).map(|n| format!("{{{{ regex_match(a, '\\w{n}') }}}}")).collect::<String>();
    assert_eq!(Template::parse(&texts).unwrap_err()[0].code, "expression_pattern");
}

#[test]
fn what_costs_too_much_ends_at_a_limit() {
    let record = record();
    for (source, code) in [
        (many("1", " + ", 15_000), "fuel_spent"), ("map(record.numbers, map(record.numbers, item))".into(), "fuel_spent"), ("sum(record.numbers)".into(), "fuel_spent"), ("sort(record.numbers)".into(), "fuel_spent"),
        ("uniq(record.numbers)".into(), "fuel_spent"), ("reverse(record.numbers)".into(), "fuel_spent"), ("max(record.numbers)".into(), "fuel_spent"), ("join(record.numbers, ',')".into(), "fuel_spent"),
        ("split(record.long, 'a')".into(), "fuel_spent"), ("sort(split(record.words, ' '))".into(), "fuel_spent"), (many("50000 in record.numbers", " or ", 2_000), "fuel_spent"), ("flatten([record.numbers], 9)".into(), "fuel_spent"),
        (many("keys(record.members)", " == ", 2), "fuel_spent"), (format!("[{}]", many("keys(record.members)", ", ", 2_000)), "fuel_spent"), (format!("[{}]", many("record == record", ", ", 3_000)), "fuel_spent"), (format!("[{}]", many("record.members == record.members", ", ", 1_500)), "fuel_spent"),
        (many("record.long", " ~ ", 4_000), "expression_output"), ("replace(replace(record.long, 'a', 'aaaaaaaaaaaaaaaa'), 'a', 'aaaaaaaaaaaaaaaa')".into(), "expression_output"), (format!("json([{}])", many("record.long", ",", 4_000)), "expression_output"), (format!("json([{}])", many("record", ",", 6_000)), "fuel_spent"),
        (many("pad('x', 100000)", " ~ ", 1_000), "expression_output"), (format!("[{}]", many("upper(record.words)", ", ", 2_000)), "expression_output"), (format!("[{}]", many("base64(record.words)", ", ", 2_000)), "expression_output"),
        (many("sha256(record.long)", " ~ ", 1_000), "fuel_spent"), (many("regex_match(record.long, '(a*)*b')", " or ", 9), "fuel_spent"),
        ("regex_replace(record.words, '.*[^A-Zab ]|[A-Zab]', 'x')".into(), "fuel_spent"), (r"regex_replace(record.letters, '.*[^\w]\b|\w', 'x')".into(), "fuel_spent"), (r"regex_replace(record.letters, '', 'x')".into(), "fuel_spent"),
        (many("9999999999", " * ", 5_000), "expression_number"), (format!("[{}]", many("parse_json(json(record.members))", ", ", 1_000)), "fuel_spent"), (format!("[{}]", many("record.numbers[-1]", ", ", 3_000)), "fuel_spent"),
        (format!("[{}]", many("record.members.z", ", ", 3_500)), "fuel_spent"), (format!("map(slice(record.numbers, 0, 3000), {})", "record.members.z"), "fuel_spent"),
        (format!("map([{}], item.z)", many("record.members", ", ", 3_500)), "fuel_spent"), ("map(slice(record.numbers, 0, 2000), record.members[text(item)])".into(), "fuel_spent"), ("regex_replace(slice(record.words, 0, 6000), '.*[^A-Zab ]|[A-Zab]', 'x')".into(), "fuel_spent"), (format!("[{}]", many("json(record.long)", ", ", 4)), "expression_output"),
        (format!("merge({})", many("record.members", ", ", 4_000)), "fuel_spent"), (format!("[{}]", many("length(record.long)", ", ", 3_000)), "fuel_spent"),
    ] {
        assert_eq!(ended(&source, &record), code, "{}…", &source[..60.min(source.len())]);
    }
}

#[test]
fn what_is_merely_large_is_done() {
    let record = record();
    for source in ["length(record.long)", "lower(record.words)", r"length(regex_replace(slice(record.words, 0, 6000), '\s+', ' '))", "length(record.numbers)", "record.numbers[-1]", "length(keys(record.members))", "length(join(split(slice(record.words, 0, 9000), ' '), ';'))"] {
        assert_eq!(ended(source, &record), "fine", "{source}");
    }
}

#[test]
fn a_template_makes_no_more_text_than_one_expression_may() {
    let (text, record) = ("{{ record.long }}".repeat(3_000), record());
    let template = Template::parse(&text).unwrap();
    let mut parser = Parser::new(Limits::default());
    let record = parser.parse(record.as_bytes()).unwrap();
    let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
    let failure = template.text(&("record", record.root()), &Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH)).unwrap_err();
    assert_eq!(failure.code, "expression_output");
}
