//! The commands over definitions, run as people run them: what they explain, which recorded tests pass, and the schema. Nobody
//! is asked.

use std::fs;

use serde_json::Value;

use crate::{mapping::run, root};

/// A definition with one test that passes and one that does not.
const DEFINITION: &str = r#"{
  "metadata": { "slug": "depot", "type": "source", "name": "Depot" },
  "config": { "key": { "type": "string", "secret": true } },
  "base_url": "https://depot.example.com",
  "auth": { "type": "api_key", "in": "header", "name": "X-Api-Key", "value": "{{ config.key }}" },
  "entities": { "thing": { "read": { "request": { "url": "/things" }, "records": { "path": "$.data" } } } },
  "eventMapping": { "externalId": "$.id", "eventType": "thing.updated" },
  "tests": [
    { "name": "one", "entity": "thing", "exchanges": [{ "request": { "url": "/things" }, "response": { "body": { "data": [{ "id": 1 }] } } }], "expect": { "records": 1 } },
    { "name": "two", "entity": "thing", "exchanges": [{ "request": { "url": "/thing" }, "response": { "body": { "data": [] } } }], "expect": { "requests": 2 } }
  ]
}"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("depot.json"), DEFINITION).unwrap();
    let mut good: Value = serde_json::from_str(DEFINITION).unwrap();
    good["tests"].as_array_mut().unwrap().truncate(1);
    fs::write(folder.path().join("good.json"), format!("\u{feff}{good}")).unwrap();
    good["tests"].as_array_mut().unwrap().clear();
    fs::write(folder.path().join("untested.json"), good.to_string()).unwrap();
    fs::write(folder.path().join("bad.json"), DEFINITION.replace("\"entity\": \"thing\"", "\"entity\": \"thnig\"")).unwrap();
    folder
}

#[test]
fn a_definition_is_explained_for_people_and_for_programs() {
    let folder = folder();
    let (code, out, told) = run(folder.path(), &["definition", "explain", "depot.json"], "");
    assert_eq!((code, told.as_str()), (0, ""));
    insta::assert_snapshot!(out);
    let (code, json, told) = run(folder.path(), &["definition", "explain", "--json", "depot.json"], "");
    let explained: Value = serde_json::from_str(&json).unwrap();
    assert!(code == 0 && told.is_empty() && explained.is_object(), "{told}");
    for what in ["depot.example.com", "thing", "/things"] {
        assert!(out.contains(what) && json.contains(what), "{what}");
    }
    // Several are told apart: by an empty line for people, a line each for programs.
    let (_, both, _) = run(folder.path(), &["definition", "explain", "depot.json", "good.json"], "");
    assert_eq!(both, format!("{out}\n{out}"));
    let (_, both, _) = run(folder.path(), &["definition", "explain", "--json", "depot.json", "good.json"], "");
    assert_eq!(both, json.repeat(2));
}

#[test]
fn recorded_tests_are_played_and_what_fails_is_told() {
    let folder = folder();
    assert_eq!(run(folder.path(), &["definition", "test", "good.json"], ""), (0, "good.json: passed one (1 record, 1 request)\n".to_owned(), String::new()));
    assert_eq!(run(folder.path(), &["definition", "test", "untested.json"], ""), (0, "untested.json: no tests; `pullpush pull --record FILE` makes one of a run\n".to_owned(), String::new()));
    let (code, out, told) = run(folder.path(), &["definition", "test", "depot.json", "good.json"], "");
    assert_eq!((code, told.as_str()), (1, "pullpush: 1 of 3 tests failed\n"));
    insta::assert_snapshot!(out);
    let (code, json, again) = run(folder.path(), &["definition", "test", "--json", "depot.json", "good.json"], "");
    let tests: Value = serde_json::from_str(&json).unwrap();
    let shown: Vec<_> = tests.as_array().unwrap().iter().map(|test| format!("{} {} {} {}", test["file"], test["test"], test["passed"], test["problems"].as_array().unwrap().len())).collect();
    assert_eq!((code, again), (1, told));
    assert!(shown[0] == r#""depot.json" "one" true 0"# && shown[1].starts_with(r#""depot.json" "two" false "#) && shown[2] == r#""good.json" "one" true 0"#, "{json}");
}

#[test]
fn a_definition_that_cannot_be_used_is_neither_explained_nor_tested() {
    let folder = folder();
    for command in ["explain", "test"] {
        let (code, out, told) = run(folder.path(), &["definition", command, "bad.json"], "");
        assert!(code == 1 && out.is_empty() && told.starts_with("bad.json:9:22: error ") && told.contains("did you mean `thing`?") && told.ends_with("pullpush: bad.json cannot be used, and nothing was asked\n"), "{command}: {code} {out} {told}");
        for (words, said) in [(&["none.json"][..], "pullpush: none.json cannot be read: "), (&[], "<FILE>..."), (&["--jsno", "depot.json"], "unexpected argument '--jsno'")] {
            let (code, out, told) = run(folder.path(), &[&["definition", command], words].concat(), "");
            assert!(code == 2 && out.is_empty() && told.contains(said), "{command} {words:?}: {code} {told}");
        }
    }
}

#[test]
fn the_schema_of_definitions_is_the_one_in_the_repository() {
    let (code, out, told) = run(&root(), &["definition", "schema"], "");
    let schema: Value = serde_json::from_str(&out).unwrap();
    let kept: Value = serde_json::from_str(&fs::read_to_string(root().join("shared/connector/definition.schema.json")).unwrap()).unwrap();
    assert_eq!((code, told.as_str()), (0, ""));
    assert_eq!(schema, kept);
}
