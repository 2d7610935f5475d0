//! What is refused and what fails, told in full: `corpus/reject/CODE.json` are texts that are no mapping, with every finding at
//! once; `corpus/fail/CODE.json` mappings with records they cannot map. Each code has a file, and what is said is a snapshot.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use document::{Limits, Value, parse_str};
use fault::Fault;
use mapping::{Draft, Error, Run, Runner};

/// Codes of reading expressions and paths, and of JSON, that a mapping can get.
const OF_OTHERS: &[&str] = &[
    "path_invalid", "path_too_costly", "expression_syntax", "expression_unknown_name", "expression_unknown_function", "expression_arguments", "expression_argument", "expression_pattern", "expression_too_deep", "expression_type", "json_invalid", "json_duplicate_key",
    "json_too_deep",
];
/// Codes of records that no operation of ours says by itself.
const OF_OTHERS_FAILING: &[&str] = &["fuel_spent", "expression_type", "expression_number", "expression_absent", "expression_date", "expression_form", "expression_output", "json_invalid", "json_duplicate_key"];
/// Too large for a file; made by the test below, and by those of `seen` and `written`.
const TOO_LARGE: &[&str] = &["mapping_too_many", "mapping_output_too_large"];

fn files(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(folder);
    let mut found: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())).collect();
    found.sort();
    found
}

/// Everything said of a text that may be a mapping, as people read it.
fn findings(text: &str) -> String {
    let draft = match Draft::parse(text) {
        Ok(draft) => draft,
        Err(error) => return format!("{}:{} {}: {}\n", error.line, error.column, error.code(), error.message),
    };
    let report = draft.check();
    let told = report.findings().iter().fold(String::new(), |mut out, finding| {
        assert!(!finding.hint.is_empty() && !finding.message.is_empty() && fault::documented(finding.code).is_some(), "{finding:?}");
        let (line, column) = report.place(&finding.pointer);
        _ = writeln!(out, "{line}:{column} {} at {}: {} ({})", finding.code, finding.pointer, finding.message, finding.hint);
        out
    });
    assert_eq!(report.is_valid(), report.findings().iter().all(|finding| finding.severity == fault::Severity::Warning));
    told
}

/// What is said of each record a mapping cannot map.
fn failures(text: &str) -> String {
    let file = parse_str(text).unwrap();
    let list = |key: &str| file.get(key).and_then(Value::items).unwrap_or_default();
    let mapping = Draft::of(file.get("mapping").unwrap()).check().into_checked().unwrap_or_else(|report| panic!("{:?}", report.findings()));
    let secrets: Vec<_> = list("secrets").iter().map(|secret| secret.as_str().unwrap()).collect();
    let run = Run { secrets: &secrets, ..Run::at("2026-11-21T12:00:00Z".parse().unwrap()) };
    let mut runner = Runner::new(&mapping, Limits::default());
    let records = list("records").iter().map(Value::to_string).chain(list("texts").iter().map(|text| text.as_str().unwrap().to_owned()));
    records.fold(String::new(), |mut out, record| {
        let mut made = Vec::new();
        match runner.run(record.as_bytes(), &run, &mut made).unwrap_err() {
            Error::Document(error) => _ = writeln!(out, "{} at {}:{}: {}", error.code(), error.line, error.column, error.message),
            Error::Failure(failure) => {
                _ = writeln!(out, "{} of {} {}, path {}, at {:?}: {}; {}", failure.code, failure.name, failure.op, failure.path, failure.pointer, failure.message, failure.excerpt.as_deref().unwrap_or("no excerpt"));
            }
        }
        assert!(made.is_empty(), "nothing is written of a record that fails");
        out
    })
}

/// The registered codes that the sources say behind one of these words.
fn said(before: &[&str]) -> BTreeSet<&'static str> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut sources = String::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { sources += &fs::read_to_string(&path).unwrap() }
        }
    }
    fault::CODES.iter().map(|code| code.name).filter(|code| before.iter().any(|before| sources.contains(&format!("{before}\"{code}\"")))).collect()
}

#[test]
fn everything_wrong_with_a_mapping_is_told_at_once_with_its_place() {
    for (code, text) in files("reject") {
        let told = findings(&text);
        assert!(told.contains(&format!(" {code}")), "{code}: {told}");
        insta::assert_snapshot!(format!("reject-{code}"), told);
    }
}

#[test]
fn a_record_that_cannot_be_mapped_is_told_with_operation_place_and_no_secret() {
    for (code, text) in files("fail") {
        let told = failures(&text);
        assert!(told.lines().any(|line| line.starts_with(&format!("{code} "))), "{code}: {told}");
        insta::assert_snapshot!(format!("fail-{code}"), told);
    }
}

#[test]
fn every_code_a_mapping_or_a_record_can_get_has_a_file_that_provokes_it() {
    for (folder, before, others) in [("reject", &["error(", "warning(", "warn(", "unknown_key: ", "missing_key: ", "wrong_type: ", "unknown_value: "][..], OF_OTHERS), ("fail", &["fail("], OF_OTHERS_FAILING)] {
        let expected: BTreeSet<_> = said(before).into_iter().chain(others.iter().copied()).filter(|code| !TOO_LARGE.contains(code)).map(str::to_owned).collect();
        assert_eq!(files(folder).into_iter().map(|(code, _)| code).collect::<BTreeSet<_>>(), expected, "{folder}");
    }
}

#[test]
fn a_text_too_large_to_be_a_mapping_is_refused_and_so_are_too_many_operations() {
    let many = |count: usize| format!("[{}]", vec![r#"{"op":"drop_empty"}"#; count].join(",\n"));
    assert_eq!(findings(&many(2000)), "");
    assert_eq!(findings(&many(2500)), "2001:1 mapping_too_large at /2000: more than 2000 operations (split the mapping)\n");
    assert!(findings(&format!("[{}1]", "1,".repeat(120_000))).contains("json_too_large"));
    assert!(findings(&format!("[{}]", " ".repeat(2 << 20))).contains("json_too_large"));
    assert!(findings(&format!(r#"[{{"op":"template","to":"a","value":"{{{{ record.a }}}}{}"}}]"#, "x".repeat(70_000))).contains(" expression_too_long at /0/value"));
}
