//! What the types of both ends have to say of a mapping: every finding with its place, and silence where nothing is known.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

use std::{fs, path::Path};

use document::{Value, parse_str};
use fault::Severity;
use mapping::{Draft, Ends, OPERATIONS};

/// What a check finds: weight, code, place and message.
fn found(document: &str) -> Vec<String> {
    let report = Draft::parse(document).unwrap().check_between(&Ends::unknown());
    assert!(report.findings().iter().all(|finding| !finding.hint.is_empty()), "{:?}", report.findings());
    let weight = |severity| if severity == Severity::Error { "error" } else { "warning" };
    report.findings().iter().map(|finding| format!("{} {} {}: {}", weight(finding.severity), finding.code, finding.pointer, finding.message)).collect()
}

#[test]
fn every_mapping_of_the_corpus_is_told_exactly_what_it_says() {
    let mut paths: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/types")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut wrong = Vec::new();
    for path in paths {
        for (at, case) in parse_str(&fs::read_to_string(&path).unwrap()).unwrap().items().unwrap().iter().enumerate() {
            let part = |key: &str, absent: &str| case.get(key).map_or_else(|| absent.to_owned(), Value::to_string);
            let ends: Vec<String> = ["from", "to"].iter().filter_map(|key| Some(format!("\"{key}\":{}", case.get(key)?))).collect();
            let found = found(&format!(r#"{{"mapping":{{{}}},"tables":{},"ops":{}}}"#, ends.join(","), part("tables", "{}"), part("ops", "[]")));
            let expected: Vec<&str> = case.get("findings").and_then(Value::items).unwrap().iter().map(|finding| finding.as_str().unwrap()).collect();
            if found != expected {
                wrong.push(format!("{} {at}: {}\n{}", path.file_stem().unwrap().display(), part("ops", ""), found.iter().map(|found| format!("    {found:?},\n")).collect::<String>()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_worked_examples_are_told_nothing_where_nothing_is_known_of_their_ends() {
    for entry in OPERATIONS {
        for example in entry.examples {
            let found = found(&format!(r#"{{"tables":{},"ops":[{}]}}"#, entry.tables.unwrap_or("{}"), example.op));
            assert!(found.is_empty(), "{}: {found:?}", example.op);
        }
    }
}
