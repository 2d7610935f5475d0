//! The public suites for JSON and `JSONPath`, from the folder named by `PULLPUSH_CORPORA`; without it, says so and passes.
//!
//! They are not ours to keep here. Expected there: `jsonpath-compliance-test-suite/cts.json` and
//! `JSONTestSuite/test_parsing/*.json`. What we refuse on purpose is listed with its code, everything else has to agree.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use document::{Fuel, Item, Limits, Parser, Path, Value, parse};
use fault::Fault;

fn suite(name: &str) -> Option<PathBuf> {
    let Some(root) = env::var_os("PULLPUSH_CORPORA") else {
        println!("skipped: PULLPUSH_CORPORA names no folder with {name}");
        return None;
    };
    let path = PathBuf::from(root).join(name);
    assert!(path.exists(), "PULLPUSH_CORPORA has no {name}");
    Some(path)
}

/// What our limits refuse, by code.
type Refused = BTreeMap<&'static str, Vec<String>>;

fn told(suite: &str, agreed: usize, refused: &Refused) {
    println!("{suite}: {agreed} agree, {} refused", refused.values().map(Vec::len).sum::<usize>());
    for (code, names) in refused {
        println!("  {code}: {}", names.join("; "));
    }
}

/// What the case expects: one result or one of several, as parallel lists of values and normalised paths.
fn expected(case: &Value) -> Vec<(&Value, Option<&Value>)> {
    match (case.get("result"), case.get("results").and_then(Value::items)) {
        (Some(result), _) => vec![(result, case.get("result_paths"))],
        (None, results) => {
            let paths = case.get("results_paths").and_then(Value::items).unwrap_or_default();
            results.unwrap_or_default().iter().enumerate().map(|(at, result)| (result, paths.get(at))).collect()
        }
    }
}

#[test]
fn paths_find_what_the_compliance_suite_expects() {
    let Some(path) = suite("jsonpath-compliance-test-suite/cts.json") else { return };
    let suite = parse(&fs::read(path).unwrap(), &Limits::default()).unwrap();
    let (mut agreed, mut refused, mut wrong) = (0, Refused::new(), Vec::new());
    for case in suite.get("tests").and_then(Value::items).unwrap() {
        let (name, selector) = (case.get("name").and_then(Value::as_str).unwrap(), case.get("selector").and_then(Value::as_str).unwrap());
        let invalid = case.get("invalid_selector").is_some();
        let path = match Path::parse(selector) {
            Ok(path) => path,
            Err(error) if error.code() == "path_too_costly" => {
                refused.entry(error.code()).or_default().push(format!("{name} ({})", error.reason));
                continue;
            }
            Err(_) if invalid => {
                agreed += 1;
                continue;
            }
            Err(error) => {
                wrong.push(format!("{name}: {selector}: {error}"));
                continue;
            }
        };
        if invalid {
            wrong.push(format!("{name}: {selector} is taken"));
            continue;
        }
        let document = case.get("document").unwrap();
        let found = path.locate(Item::Tree(document), &Fuel::default()).unwrap();
        let values = Value::Array(found.iter().map(|(_, item)| item.to_value()).collect());
        let places = Value::Array(found.iter().map(|(location, _)| Value::String(location.to_string())).collect());
        let parsed = document.to_string();
        let mut parser = Parser::new(Limits::default());
        let tape = parser.parse(parsed.as_bytes()).unwrap();
        let again = path.query(tape.root(), &Fuel::default()).unwrap();
        let same = again.len() == found.len() && again.iter().zip(&found).all(|(left, (_, right))| left == right);
        if same && expected(case).iter().any(|(result, paths)| **result == values && paths.is_none_or(|paths| *paths == places)) {
            agreed += 1;
        } else {
            wrong.push(format!("{name}: {selector}: {values} at {places}"));
        }
    }
    told("JSONPath", agreed, &refused);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(agreed > 400 && refused.values().flatten().all(|name| name.contains("a pattern is written out")), "{agreed}: {refused:?}");
}

#[test]
fn json_is_taken_and_refused_as_the_parsing_suite_expects() {
    let Some(folder) = suite("JSONTestSuite/test_parsing") else { return };
    let (mut agreed, mut refused, mut wrong) = (0, Refused::new(), Vec::new());
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&path).unwrap();
        let mut parser = Parser::new(Limits::default());
        let read = parser.parse(&bytes).map(|doc| doc.root().to_value()).map_err(|error| error.code());
        assert_eq!(read.is_ok(), parse(&bytes, &Limits::default()).is_ok(), "{name}");
        match (name.chars().next(), read) {
            (Some('y'), Ok(_)) | (Some('n'), Err(_)) | (Some('i'), Ok(_)) => agreed += 1,
            (Some('i'), Err(code)) => refused.entry(code).or_default().push(name),
            (Some('y'), Err(code @ ("json_duplicate_key" | "json_too_deep"))) => refused.entry(code).or_default().push(name),
            (_, read) => wrong.push(format!("{name}: {:?}", read.err())),
        }
    }
    told("JSON", agreed, &refused);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(agreed > 200, "{agreed}");
}
