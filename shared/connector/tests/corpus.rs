//! Walks the corpus: what is accepted stays accepted, and every complaint is a snapshot.

use std::{fmt::Write as _, fs, path::Path};

use connector::Draft;

/// The findings of a definition as people read them.
fn told(text: &str) -> String {
    let report = Draft::parse(text).expect("the corpus is JSON").check();
    report.findings().iter().fold(String::new(), |mut out, finding| {
        let (line, column) = report.place(&finding.pointer);
        _ = writeln!(out, "{line}:{column} {} at {:?}: {} ({})", finding.code, finding.pointer, finding.message, finding.hint);
        out
    })
}

fn definitions(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found: Vec<_> = fs::read_dir(root)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), fs::read_to_string(&path).expect("a text")))
        .collect();
    found.sort();
    found
}

/// The examples that are definitions: all but mappings, which have operations.
fn examples() -> Vec<(String, String)> {
    let mut found = definitions("../../examples");
    found.retain(|(_, text)| document::parse_str(text).map_or(true, |example| example.get("ops").is_none()));
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert!(["backoffice", "shop"].iter().all(|name| names.contains(name)), "{names:?}");
    found
}

#[test]
fn what_is_right_is_accepted_without_a_word() {
    for (name, text) in definitions("corpus/accept").into_iter().chain(examples()) {
        assert_eq!(told(&text), "", "{name}");
        assert!(Draft::parse(&text).unwrap().check().into_connector().is_ok(), "{name}");
    }
}

#[test]
fn what_is_wrong_is_told_all_at_once_with_its_place() {
    for (name, text) in definitions("corpus/reject") {
        assert!(Draft::parse(&text).unwrap().check().into_connector().is_err(), "{name}");
        insta::assert_snapshot!(name, told(&text));
    }
}

#[test]
fn every_code_has_a_definition_that_provokes_it() {
    let told: String = definitions("corpus/reject").iter().map(|(_, text)| told(text)).collect();
    // `definition_invalid` sums findings up, and `definition_records` needs an answer.
    let elsewhere = ["definition_invalid", "definition_records"];
    for code in fault::CODES.iter().map(|code| code.name).filter(|name| name.starts_with("definition_") && !elsewhere.contains(name)).chain(["path_invalid"]) {
        assert!(told.contains(&format!(" {code} at ")), "{code}");
    }
}
