//! `FUNCTIONS.md` is made of the language as data: a test makes it anew, and fails where the file says otherwise.

use std::{env, fmt::Write, fs, path::Path};

use expr::{DEFAULT_FUEL, DEFAULT_OUTPUT, Empty, FORMATS, FUNCTIONS, Format, Function, Group, MOST_BYTES, MOST_DEPTH, MOST_DIGITS, OPERATORS, Param, Takes, Times};

const FILE: &str = "FUNCTIONS.md";
const BLESS: &str = "PULLPUSH_BLESS=1 cargo test -p expr reference";

/// What stands before the operators. What it states of operators and functions, their examples show.
const LANGUAGE: &str = r#"
An expression stands between `{{` and `}}`, in a definition or in a mapping. A text that is a single one keeps the type of its value; in
any other text the parts become text: booleans as `true` and `false`, numbers in plain digits, arrays and objects as JSON. A text with a
part that is absent or null is absent as a whole.

Values are null, true and false, exact numbers, texts, arrays and objects. Literals are `1`, `1.5`, `'x'`, `"x"`, `true`, `false`, `null`,
`[1, 2]` and `{a: 1}`. Absent is no value, what a name gives that names nothing: it is not null, and neither is zero.

Which names there are depends on the place; one that is not known there is refused when the text is checked, as is what no value can make right (`1 + 'x'`)."#;

/// The groups, in the order they are told.
const GROUPS: &[(Group, &str)] = &[(Group::Text, "Texts"), (Group::Number, "Numbers"), (Group::Logic, "What is there and what is not"), (Group::Date, "Instants, dates and durations"), (Group::List, "Lists and objects"), (Group::Codec, "Encodings and hashes")];

/// How each named form is written: an instant, and its form. A test writes it.
pub(crate) const WRITTEN: &[(&str, &str)] = &[
    ("iso8601", "2026-11-21T13:05:09Z"), ("rfc3339", "2026-11-21T13:05:09Z"), ("date", "2026-11-21"), ("rfc2822", "Sat, 21 Nov 2026 13:05:09 +0000"), ("epoch_s", "1795266309"), ("epoch_ms", "1795266309000"), ("epoch_us", "1795266309000000"), ("dotnet", "/Date(1795266309000)/"), ("%d/%m/%Y %H:%M:%S", "21/11/2026 13:05:09"), ("%Y-%m-%dT%H:%M:%S%z", "2026-11-21T13:05:09+0000"),
];

/// What becomes of absent and null; run like every example. A failure is told by its code.
const EMPTY: &[(&str, &str)] = &[
    ("{}.x + 1", "absent"), ("null + 1", "null"), ("{}.x ~ 'kr'", "absent"), ("-null", "null"), ("{}.x < 1", "absent"), ("{}.x in [1]", "absent"), ("null.name", "absent"), ("{}.x == null", "absent"), ("null == null", "true"), ("null ?? 0", "0"),
    ("{}.x and true", "expression_absent"), ("'a' if {}.x else 'b'", "expression_absent"), ("not null", "expression_type"), ("upper({}.x)", "absent"), ("upper(null)", "null"), ("[{}.x, null]", "[null]"), ("{a: {}.x, b: null}", "{\"b\":null}"),
];

/// What conditions make of what is absent; run like every example, as a condition.
const CONDITIONS: &[(&str, &str)] = &[
    ("{}.x != 'a'", "true"), ("{}.x == 'a'", "false"), ("{}.x == null", "true"), ("{}.x != null", "false"), ("{}.x in ['a']", "false"), ("{}.x not in ['a']", "true"), ("'a' not in {}.x", "true"), ("{}.x < 1", "absent"), ("not ({}.x == 'a')", "true"),
    ("{}.x and true", "expression_absent"), ("not ({}.x < 1)", "expression_absent"), ("{}.x ?? 'a' == 'a'", "true"), ("is_absent({}.x)", "true"), ("where([{a: 1}, {}], item.a != 1)", "[{}]"), ("{}.x ~ 'a' != 'a'", "true"), ("null < 1", "null"),
    ("{}.x == {}.y", "true"), ("'a' in {}.x", "false"), ("{}.x in 'abc'", "false"), ("null in [{}.x, null]", "true"), ("'a' in null", "expression_type"), ("1 < 2", "true"),
];

fn page() -> String {
    let mut out = format!("# Expressions\n\n<!-- made of the code: {BLESS} -->\n{LANGUAGE}\n");
    operators(&mut out);
    functions(&mut out);
    forms(&mut out);
    limits(&mut out);
    out
}

fn operators(out: &mut String) {
    out.push_str("\n## Operators\n\nThe loosest first; brackets group.\n\n| operator | does | examples |\n|---|---|---|\n");
    for operator in OPERATORS {
        _ = writeln!(out, "| `{}` | {} | {} |", cell(operator.form), cell(operator.doc), examples(operator.examples));
    }
    out.push_str("\n### What absent and null do\n\nThey pass through operators, paths and functions. Only `??`, `==`, `!=` and the functions that say so look at them; a condition is true or false and nothing else.\n\n| expression | gives |\n|---|---|\n");
    for (source, made) in EMPTY {
        _ = writeln!(out, "| `{}` | `{made}` |", cell(source));
    }
    out.push_str("\n### What absent does in a condition\n\nA condition of a definition (`filter`, `body` of `errors`, `absent` of a snapshot, `until` of `stop`) compares what is absent as null: a record without the member is not equal to a text. It still has no order, and is no boolean by itself. What comes out absent or null does not hold. Conditions of a mapping take what is absent as values do.\n\n| condition | gives |\n|---|---|\n");
    for (source, made) in CONDITIONS {
        _ = writeln!(out, "| `{}` | `{made}` |", cell(source));
    }
}

fn functions(out: &mut String) {
    let all = |group: Group| FUNCTIONS.iter().filter(move |function| function.group == group);
    _ = write!(out, "\n## Functions\n\nThere are {}. An argument that is absent makes the call absent and one that is null makes it null, unless the function *looks at what has no value*.\n", FUNCTIONS.len());
    for (group, title) in GROUPS {
        _ = write!(out, "\n### {title}\n\n| function | does | examples |\n|---|---|---|\n");
        for function in all(*group) {
            let sees = if function.empty == Empty::Sees { " *Looks at what has no value.*" } else { "" };
            _ = writeln!(out, "| `{}`{} | {}{sees} | {} |", cell(&function.signature()), params(function), cell(function.doc), examples(function.examples));
        }
    }
}

/// What the parameters take, where their names do not say it.
fn params(function: &Function) -> String {
    let said: Vec<String> = function.params.iter().filter(|param| param.takes != Takes::Any).map(|Param { name, takes, times }| {
        format!("{name}{}: {}", if *times == Times::Maybe { "?" } else { "" }, taken(*takes))
    }).collect();
    if said.is_empty() { String::new() } else { format!("<br>{}", said.join("; ")) }
}

fn taken(takes: Takes) -> String {
    match takes {
        Takes::Any => "any value".into(),
        Takes::Text => "text".into(),
        Takes::Number => "number".into(),
        Takes::Integer => "whole number".into(),
        Takes::List => "list".into(),
        Takes::Pattern => "pattern, a constant".into(),
        Takes::Word(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Takes::Zone => "time zone".into(),
        Takes::Format => "format".into(),
        Takes::FormatOrZone => "format, the last perhaps a time zone".into(),
        Takes::Duration => "duration".into(),
        Takes::Each => "path, or expression of `item`".into(),
    }
}

fn examples(examples: &[(&str, &str)]) -> String {
    examples.iter().map(|(source, made)| format!("`{}` → `{}`", cell(source), cell(made))).collect::<Vec<_>>().join("<br>")
}

fn forms(out: &mut String) {
    out.push_str("\n## Formats and time zones\n\nA format is one of the named ones, or has directives of `strftime`. A time zone is a name of the tz database, `Europe/Stockholm`, or an offset, `+02:00`. A duration is ISO 8601: `PT15M`, `P90D`, `P1M2DT3H`.\n\n| format | writes |\n|---|---|\n");
    for (format, text) in WRITTEN {
        _ = writeln!(out, "| `{format}` | `{text}` |");
    }
}

fn limits(out: &mut String) {
    _ = write!(out, "
## Limits

| what | at most | beyond |
|---|---|---|
| a text with expressions | {} KiB | `expression_too_long` |
| brackets in each other | {MOST_DEPTH} | `expression_too_deep` |
| `map`, `where` and the like in each other | 2 | `expression_too_deep` |
| a pattern | 256 characters, repeats of 100; 16 patterns in a text | `expression_pattern` |
| digits of a decimal number that is calculated with | {MOST_DIGITS} | `expression_number` |
| steps of one evaluation, unless its caller says otherwise | {DEFAULT_FUEL} | `fuel_spent` |
| text made by one evaluation, unless its caller says otherwise | {} KiB | `expression_output` |

A pattern is a regular expression without look-around and back-references: the time it takes is linear in the text.
", MOST_BYTES / 1024, DEFAULT_OUTPUT / 1024);
}

/// A text in a cell: a bar would end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[test]
fn the_reference_of_the_expressions_is_what_the_code_says() {
    let (path, page) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE), page());
    if env::var_os("PULLPUSH_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    let differs = page.lines().zip(stands.lines().chain([""].into_iter().cycle())).find(|(made, stands)| made != stands);
    assert!(stands == page, "{FILE} is stale, make it anew with `{BLESS}`: {differs:?}");
}

#[test]
fn every_group_and_every_named_format_is_told() {
    assert_eq!(GROUPS.iter().map(|(group, _)| FUNCTIONS.iter().filter(|function| function.group == *group).count()).sum::<usize>(), FUNCTIONS.len());
    for name in FORMATS {
        assert!(WRITTEN.iter().any(|(format, _)| format == name), "{name}");
    }
}

#[test]
fn every_format_writes_and_reads_what_is_told_of_it() {
    let (instant, day, utc): (jiff::Timestamp, jiff::Timestamp, _) = ("2026-11-21T13:05:09Z".parse().unwrap(), "2026-11-21T00:00:00Z".parse().unwrap(), jiff::tz::TimeZone::UTC);
    for (format, text) in WRITTEN {
        let form = Format::parse(format).unwrap();
        assert_eq!((form.read(text, &utc), super::examples::shown(&format!("format_date('{instant}', '{format}')"))), (Some(if *format == "date" { day } else { instant }), format!("\"{text}\"")), "{format}");
    }
}

#[test]
fn absent_and_null_do_what_is_told_of_them() {
    for (source, expected) in EMPTY {
        let made = super::examples::shown(source);
        assert!(made == *expected || made.starts_with(&format!("{expected}:")), "{source} gave {made}");
    }
}

#[test]
fn a_condition_compares_what_is_absent_as_null() {
    for (source, expected) in CONDITIONS {
        let made = super::examples::asked(source);
        assert!(made == *expected || made.starts_with(&format!("{expected}:")), "{source} gave {made}");
    }
}
