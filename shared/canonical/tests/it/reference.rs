//! `TYPES.md` is made of the schemas and the tables of statuses: a test makes it anew, and fails where the file says otherwise.
//!
//! The documents it shows are the examples of the schemas; another test has each judged.

use std::{env, fmt::Write, fs, path::Path};

use canonical::{KINDS, Kind, Order, STATUSES};
use document::{Value, parse_str};

const FILE: &str = "TYPES.md";
const BLESS: &str = "PULLPUSH_BLESS=1 cargo test -p canonical reference";

/// What every decimal number is; told once, above.
const DIGITS: &str = " with at most 15 digits before and 9 after the point";

const MODEL: &str = "
What systems say to one another. Every type has a schema of its own file and version, `schemas/TYPE/VERSION.json`.

- Every field but a required one and a currency may be null, and null says as little as silence. No field has a default: what is not
  known is not stated, and never zero.
- Numbers are exact decimals with at most 15 digits before and 9 after the point; a number in a text is a text. An amount stands beside
  its currency.
- Instants have their offset; a date without a time has `On` in its name. Units are in the names: `weightGrams`, `lengthMm`, `ratePercent`.
- A field the model does not know is taken as it is, with a warning (`canonical_unknown_field`); what it has none for belongs into `extensions`.
";

fn page() -> String {
    let mut out = format!("# The canonical types\n\n<!-- made of the code: {BLESS} -->\n{MODEL}\n| type | key | order | needs |\n|---|---|---|---|\n");
    for kind in KINDS.iter() {
        let needs: Vec<_> = kind.required.iter().map(|name| format!("`{name}`")).collect();
        _ = writeln!(out, "| [{0}](#{0}) | `{1}` | {2} | {3} |", kind.name, kind.key, order(kind.order), needs.join(", "));
    }
    out.push_str("\nOf a type whose order is `latest` only the newest state matters, and overtakes; of one whose order is `strict` every change arrives, one after the other. A flow may say otherwise.\n");
    for kind in KINDS.iter() {
        _ = writeln!(out, "\n## {}", kind.name);
        (1..=kind.version).rev().for_each(|version| type_at(&mut out, Kind::at(kind.name, version).unwrap()));
        statuses(&mut out, kind.name);
    }
    versions(&mut out);
    out
}

fn order(order: Order) -> &'static str {
    match order {
        Order::Latest => "`latest`",
        Order::Strict => "`strict`",
    }
}

fn type_at(out: &mut String, kind: &Kind) {
    let schema = kind.schema;
    _ = write!(out, "\n**{}, version {}.** {}\n\n", schema.title, schema.version, schema.description);
    let parts: Vec<_> = schema.key_parts.iter().map(|part| format!("`{part}`")).collect();
    _ = writeln!(out, "Key: `{}`; a definition may make it of {}. Order: {}.", kind.key, parts.join(" and "), order(kind.order));
    if let Some(breaking) = &schema.breaking {
        _ = writeln!(out, "\nNot compatible with the version before: {breaking}");
    }
    out.push_str("\n| field | is | meaning |\n|---|---|---|\n");
    for entry in schema.outline() {
        let needs: String = entry.needs.iter().map(|name| format!(", with `{name}`")).collect();
        _ = writeln!(out, "| `{}` | {}{}{needs} | {}. {} |", entry.path, if entry.required { "required: " } else { "" }, cell(&entry.form.replace(DIGITS, "")), entry.title, cell(&entry.description));
    }
    for example in &schema.examples {
        _ = writeln!(out, "\n```json\n{}\n```", shown(example, 0));
    }
}

/// A value with its members on lines of their own, where it is long.
fn shown(value: &Value, depth: usize) -> String {
    let (text, indent) = (value.to_string(), "  ".repeat(depth));
    let around = |open: char, inner: Vec<String>, close: char| format!("{open}\n{indent}  {}\n{indent}{close}", inner.join(&format!(",\n{indent}  ")));
    match (value.items(), value.entries()) {
        _ if text.len() + 2 * depth < 140 => text,
        (Some(items), _) => around('[', items.iter().map(|item| shown(item, depth + 1)).collect(), ']'),
        (_, Some(entries)) => around('{', entries.iter().map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), shown(value, depth + 1))).collect(), '}'),
        _ => text,
    }
}

fn statuses(out: &mut String, kind: &str) {
    let tables: Vec<_> = STATUSES.iter().filter(|table| table.kind == kind).collect();
    if tables.is_empty() {
        return;
    }
    out.push_str("\nWhat platforms call it:\n\n| table | of | words |\n|---|---|---|\n");
    for table in tables {
        let words: Vec<_> = table.words.iter().map(|(word, meant)| format!("`{}` → `{meant}`", cell(word))).collect();
        _ = writeln!(out, "| `{}.{}` | `{}` | {} |", table.platform, table.field, cell(&table.source), words.join(", "));
    }
}

fn versions(out: &mut String) {
    out.push_str("\n## Versions\n\nAn event carries the version it was made for and is judged by that one. A newer version takes the place of the one before only if whatever was right stays right and means the same; else it says in `breaking` what its readers have to do. A test holds every pair to this, and the rule to these cases.\n");
    for (file, title) in [("accept", "Allowed"), ("reject", "Refused (`canonical_incompatible`)")] {
        let cases = parse_str(&fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("corpus/compatible/{file}.json"))).unwrap()).unwrap();
        let names: Vec<_> = cases.get("cases").and_then(Value::items).unwrap().iter().map(|case| case.get("name").and_then(Value::as_str).unwrap()).collect();
        _ = writeln!(out, "\n{title}: {}.", names.join("; "));
    }
}

/// A text in a cell: a bar would end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[test]
fn the_reference_of_the_canonical_types_is_what_the_code_says() {
    let (path, page) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE), page());
    if env::var_os("PULLPUSH_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    let differs = page.lines().zip(stands.lines().chain([""].into_iter().cycle())).find(|(made, stands)| made != stands);
    assert!(stands == page, "{FILE} is stale, make it anew with `{BLESS}`: {differs:?}");
}

#[test]
fn what_is_shown_on_several_lines_is_the_same_document() {
    for example in KINDS.iter().flat_map(|kind| &kind.schema.examples) {
        assert_eq!(parse_str(&shown(example, 0)).unwrap().to_string(), example.to_string());
    }
}
