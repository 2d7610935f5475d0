//! `pullpush canonical validate`: records of standard input against the canonical model, one a line.
//!
//! Says everything that is wrong with each, with its pointer, what was expected and what was found. It changes nothing, and
//! a line that is wrong hides none of the next.

use document::{Item, Limits, Parser, Sort, authored::nearest};
use canonical::{KINDS, Kind};
use fault::{Fault as _, Finding, Severity, documented};
use serde_json::json;

use crate::{
    Failure, findings,
    lines::{self, Ended},
    say,
};

/// How many lines ended how.
#[derive(Default)]
struct Counts {
    lines: u64,
    invalid: u64,
    warnings: usize,
}

/// Validates standard input: fields of a type, or envelopes that name theirs.
pub(crate) fn run(canonical_type: Option<&str>, version: Option<u32>, as_json: bool) -> Result<(), Failure> {
    let kind = canonical_type.map(|name| kind(name, version)).transpose()?;
    let mut counts = Counts::default();
    let ended = all(kind, as_json, &mut counts);
    let Counts { lines, invalid, warnings } = counts;
    let sum = format!("{lines} {}: {} valid, {invalid} invalid, {warnings} {}", if lines == 1 { "line" } else { "lines" }, lines - invalid, if warnings == 1 { "warning" } else { "warnings" });
    match (ended, invalid) {
        (Ok(()), 0) => {
            say::tell!("pullpush: {sum}");
            Ok(())
        }
        (Ok(()), _) => Err(Failure::Failed(sum)),
        (Err(Ended::Gone), 0) => Ok(()),
        (Err(Ended::Gone), _) => Err(Failure::Told),
        (Err(Ended::Failed(failure)), _) => Err(failure),
    }
}

/// The type and version that were asked for.
fn kind(name: &str, version: Option<u32>) -> Result<&'static Kind, Failure> {
    let Some(newest) = Kind::of(name) else {
        return Err(Failure::Usage(format!("no canonical type is called `{name}`; {}", known(name))));
    };
    match version {
        None => Ok(newest),
        Some(version) => Kind::at(name, version).map_err(|finding| Failure::Usage(format!("{}: {}", finding.message, finding.hint))),
    }
}

/// Which types there are, the one that may be meant first.
fn known(name: &str) -> String {
    let names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
    let near = nearest(name, names.iter().copied()).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    format!("{near}there are {}", names.join(", "))
}

fn all(kind: Option<&'static Kind>, as_json: bool, counts: &mut Counts) -> Result<(), Ended> {
    let (mut input, mut output) = (lines::input(), lines::output());
    let mut parser = Parser::new(Limits::default());
    while let Some((number, line)) = input.next()? {
        let findings = match parser.parse(line) {
            Ok(doc) => judged(kind, doc.root()),
            Err(error) => {
                let hint = documented(error.code()).map_or("", |code| code.remedy);
                vec![Finding::error(error.code(), "", format!("{} (column {})", error.message, error.column), hint)]
            }
        };
        counts.lines += 1;
        counts.invalid += u64::from(findings.iter().any(|finding| finding.severity == Severity::Error));
        counts.warnings += findings.iter().filter(|finding| finding.severity == Severity::Warning).count();
        for finding in &findings {
            output.write(told(number, finding, as_json).as_bytes())?;
        }
        if !findings.is_empty() || input.waits() {
            output.flush()?;
        }
    }
    output.flush()
}

/// Everything there is to say of a record: what is wrong, then what is doubtful.
fn judged(kind: Option<&'static Kind>, record: Item<'_>) -> Vec<Finding> {
    let (kind, fields, below) = match kind {
        Some(kind) => (kind, record, ""),
        None => match envelope(record) {
            Ok((kind, fields)) => (kind, fields, "/fields"),
            Err(finding) => return vec![finding],
        },
    };
    let findings = kind.check_item(fields).into_iter().chain(kind.lint(fields));
    findings.map(|finding| Finding { pointer: format!("{below}{}", finding.pointer), ..finding }).collect()
}

/// The type a record names itself, and its fields.
fn envelope(record: Item<'_>) -> Result<(&'static Kind, Item<'_>), Finding> {
    let hint = "write `{\"canonicalType\":\"order\",\"canonicalVersion\":1,\"fields\":{…}}`, or name the type of all lines with `--type`";
    let wrong = |pointer: &str, expected: &str, item: Option<Item<'_>>| Finding::error("canonical_invalid", pointer, format!("{expected} is expected, {} was found", findings::sort(item.map(Item::sort))), hint);
    if record.sort() != Sort::Object {
        return Err(wrong("", "an object", Some(record)));
    }
    let (name, version, fields) = (record.get("canonicalType"), record.get("canonicalVersion"), record.get("fields"));
    let text = name.and_then(Item::text).ok_or_else(|| wrong("/canonicalType", "the name of a type", name))?;
    let number = version.and_then(Item::number).and_then(|number| number.parse().ok()).ok_or_else(|| wrong("/canonicalVersion", "a whole number", version))?;
    let kind = Kind::at(&text, number).map_err(|finding| match Kind::of(&text) {
        Some(_) => finding,
        None => Finding { pointer: "/canonicalType".into(), hint: known(&text.chars().take(64).collect::<String>()), ..finding },
    })?;
    let fields = fields.ok_or_else(|| wrong("/fields", "an object", None))?;
    Ok((kind, fields))
}

/// A finding of a line, for people or as a line of JSON.
fn told(number: u64, finding: &Finding, as_json: bool) -> String {
    let Finding { code, severity, pointer, message, hint } = finding;
    let severity = if *severity == Severity::Error { "error" } else { "warning" };
    if as_json {
        return format!("{}\n", json!({ "line": number, "code": code, "severity": severity, "pointer": pointer, "message": message, "hint": hint }));
    }
    let pointer = if pointer.is_empty() { "the record" } else { pointer };
    format!("line {number}: {severity} {code}: {message} ({pointer})\n    {hint}\n")
}
