//! The corpus of every operation: `corpus/<operation>/*.json`, cases and what becomes of them, and what the reader refuses.
//!
//! A file has `op` or `ops`, perhaps `tables`, and `cases`; or `refused`, a list of operations and the findings they get. A
//! case has `in`, and `out`, `dropped`, `wanting` or `error`, of which only the parts that are said are compared.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

use std::{collections::BTreeSet, fs, path::Path};

use document::{Item, Limits, Value, parse_str};
use fault::Fault;
use mapping::{Draft, Dropped, Error, OPERATIONS, Outcome, Run, Runner};

/// The files of the operations, by operation.
fn files() -> Vec<(String, String, Value)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let list = |path: &Path| {
        let mut paths: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let of_operations = |path: &Path| OPERATIONS.iter().any(|entry| entry.name == name(path));
    let paths = list(&corpus).into_iter().filter(|path| of_operations(path)).flat_map(|folder| list(&folder).into_iter().map(move |path| (name(&folder), path)));
    paths.map(|(operation, path)| {
        let text = fs::read_to_string(&path).unwrap();
        let file = format!("{operation}/{}", name(&path));
        let value = parse_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        (operation, file, value)
    }).collect()
}

/// The mapping of a file: bare operations where there are no tables.
fn mapping_of(file: &Value) -> String {
    let ops = match (file.get("ops"), file.get("op")) {
        (Some(ops), None) => ops.to_string(),
        (None, Some(op)) => format!("[{op}]"),
        _ => panic!("a file has either `op` or `ops`"),
    };
    match file.get("tables") {
        Some(tables) => format!(r#"{{"tables":{tables},"ops":{ops}}}"#),
        None => format!(r#"{{"ops":{ops}}}"#),
    }
}

/// What a case says of the result that differs from it; the only function here that knows how a record is run.
fn difference(runner: &mut Runner<'_>, case: &Value) -> Option<String> {
    let mut out = Vec::new();
    let run = Run { id: "run_1", ..Run::at("2026-11-21T12:00:00Z".parse().unwrap()) };
    let result = runner.run(case.get("in").expect("a case has `in`").to_string().as_bytes(), &run, &mut out);
    let object = |key: &str, value: Value| Value::Object(vec![(key.to_owned(), value)]);
    let made = match result {
        Ok(Outcome::Mapped) => object("out", document::parse(&out, &Limits::default()).unwrap()),
        Ok(Outcome::Dropped(dropped)) => object("dropped", Value::from(match dropped {
            Dropped::Filtered => "filtered",
            Dropped::Missed => "missed",
            Dropped::Duplicate => "duplicate",
        })),
        Ok(Outcome::Wanting(keys)) => object("wanting", Value::Array(keys.iter().map(|(table, key)| Value::Array(vec![table.as_str().into(), key.as_str().into()])).collect())),
        Err(Error::Document(error)) => object("error", object("code", error.code().into())),
        Err(Error::Failure(failure)) => {
            let all = [("code", failure.code), ("op", &failure.op), ("path", &failure.path), ("pointer", &failure.pointer), ("message", &failure.message), ("excerpt", failure.excerpt.as_deref().unwrap_or("none"))];
            let said = |key: &str| case.get("error").is_none_or(|error| error.get(key).is_some());
            object("error", Value::Object(all.into_iter().filter(|(key, _)| said(key)).map(|(key, value)| (key.to_owned(), value.into())).collect()))
        }
    };
    assert!(out.is_empty() || made.get("out").is_some(), "nothing is written unless the record is mapped");
    let said: Vec<_> = case.entries().unwrap_or_default().iter().filter(|(key, _)| key != "in" && key != "why").collect();
    let [(key, expected)] = said.as_slice() else { panic!("a case says one thing of its result: {case}") };
    let same = match (made.get(key), *key == "error") {
        (Some(made), true) => Item::from(made) == Item::from(expected),
        (made, _) => made.map(Value::to_string) == Some(expected.to_string()),
    };
    (!same).then(|| format!("{} gave {made}, not {key} {expected}", case.get("in").unwrap_or(&Value::Null)))
}

#[test]
fn every_case_of_the_corpus_ends_as_it_says() {
    let mut wrong = Vec::new();
    let mut cases = 0;
    for (_, name, file) in files() {
        let Some(list) = file.get("cases") else { continue };
        let report = Draft::parse(&mapping_of(&file)).unwrap().check();
        let mapping = report.into_checked().unwrap_or_else(|report| panic!("{name}: {:?}", report.findings()));
        // Twice with one runner: what a record leaves behind must not be seen by the next.
        let mut runner = Runner::new(&mapping, Limits::default());
        for case in list.items().unwrap().iter().chain(list.items().unwrap().iter().filter(|_| !name.starts_with("dedupe/"))) {
            cases += 1;
            wrong.extend(difference(&mut runner, case).map(|difference| format!("{name}: {difference}")));
        }
    }
    assert!(wrong.is_empty(), "{} of {cases} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_refused_gets_every_finding_at_its_place() {
    let mut wrong = Vec::new();
    for (_, name, file) in files() {
        for refused in file.get("refused").and_then(Value::items).unwrap_or_default() {
            let report = Draft::parse(&mapping_of(refused)).unwrap().check();
            let found: Vec<String> = report.findings().iter().map(|finding| format!("{} {}", finding.code, finding.pointer)).collect();
            let expected: Vec<String> = refused.get("findings").and_then(Value::items).unwrap().iter().map(|finding| finding.as_str().unwrap().to_owned()).collect();
            let lacking = report.findings().iter().any(|finding| finding.hint.is_empty() || finding.message.is_empty());
            if found != expected || lacking {
                wrong.push(format!("{name}: {refused} gave {:?}", report.findings()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operation_has_cases_and_every_case_an_operation() {
    let files = files();
    let with_cases: BTreeSet<&str> = files.iter().filter(|(_, _, file)| file.get("cases").and_then(Value::items).is_some_and(|cases| cases.len() > 3)).map(|(operation, ..)| operation.as_str()).collect();
    for entry in OPERATIONS {
        assert!(with_cases.contains(entry.name), "corpus/{} has no file with cases", entry.name);
    }
    for (operation, name, file) in &files {
        let about = mapping_of(if file.get("cases").is_some() { file } else { &file.get("refused").and_then(Value::items).unwrap()[0] });
        assert!(about.contains(&format!(r#""op":"{operation}""#)), "{name} is in the wrong folder");
    }
}
