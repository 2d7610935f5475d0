//! The mistakes people and programs make with definitions: each is told by what, where and what to do.

use std::fs;

use crate::pull::Desk;
use crate::mapping::run;

const RIGHT: &str = r#"{"metadata":{"slug":"a","type":"source"},"config":{"key":{"type":"string","secret":true}},"base_url":"https://api.example.com",
 "auth":{"type":"bearer","token":"{{ config.key }}"},"entities":{"order":{"read":{"request":{"url":"/orders"},"records":{"path":"$.data"}}}}}"#;

/// What is told of a definition that is checked: the first finding with its hint.
#[track_caller]
fn told(bytes: impl AsRef<[u8]>) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), bytes).unwrap();
    let (code, out, told) = run(folder.path(), &["definition", "check", "a.json"], "");
    assert_ne!(code, 0, "{out}");
    let all = format!("{out}{told}");
    let lines: Vec<&str> = all.lines().take(2).map(str::trim).collect();
    lines.join(" | ")
}

#[test]
fn a_mistake_in_a_definition_is_told_by_what_where_and_what_to_do() {
    for (from, to, said) in [
        (r#""records""#, r#""recrods""#, "a.json:2:111: error definition_unknown_key: `recrods` is not a key here (/entities/order/read/recrods) | did you mean `records`?"),
        (r#""url":"/orders""#, r#""url":"/orders","lookback":"P1D""#, "a.json:2:110: error definition_unknown_key: `lookback` is not a key here (/entities/order/read/request/lookback) | `lookback` is a key of `read.incremental`; known here: "),
        (r#""/orders""#, "5", "a.json:2:94: error definition_wrong_type: a string is expected, not number (/entities/order/read/request/url) | write a string"),
        (r#""entities":{"order""#, r#""entities":{},"x":{"order""#, "a.json:2:68: error definition_unknown_key: `x` is not a key here (/x)"),
        ("$.data", "data", "error path_invalid: not a path: a path starts with `$` at column 1 (/entities/order/read/records/path) | write it as `$.name`"),
        ("config.key }}", "config.key | uper }}", "a.json:2:26: error expression_unknown_function: there is no function `uper` at column 17 of the text (/auth/token) | did you mean `upper`?"),
        ("config.key }}", "config.key }", "a.json:2:26: error expression_syntax: `{{` is not closed at column 1 of the text (/auth/token) | end the expression with `}}`"),
        ("config.key }}", "config.kee }}", "a.json:2:26: error expression_unknown_name: there is no name `config.kee` here at column 4 of the text (/auth/token) | did you mean `key`?"),
        ("{{ config.key }}", "sk_live_51H8xyz", "a.json:2:26: error definition_secret: a secret stands in the definition (/auth/token) | declare it under `config`"),
        ("https:", "http:", "a.json:1:91: error definition_url: the address is not absolute https (/base_url) | write `https://host/…`"),
        (r#""base_url""#, r#""baseUrl""#, "a.json:1:91: error definition_unknown_key: `baseUrl` is not a key here (/baseUrl) | did you mean `base_url`?"),
        (r#""metadata":"#, "// a shop\n\"metadata\":", "a.json:1:2: error json_invalid: a key in quotes is expected (the document) | JSON has no comments"),
        (r#""source"}"#, r#""source",}"#, "a.json:1:41: error json_invalid: a key in quotes is expected (the document) | remove the comma before it"),
        (r#""slug":"a""#, r#""slug":"a","slug":"b""#, "a.json:1:25: error json_duplicate_key: a key stands twice (the document) | keep one of the two"),
    ] {
        assert!(RIGHT.contains(from), "{from}");
        let told = told(RIGHT.replace(from, to));
        assert!(told.contains(said), "{to}: {told}");
    }
}

#[test]
fn a_file_that_is_no_definition_is_told_by_what_it_is() {
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(RIGHT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (bytes, said) in [
        (Vec::new(), "a.json:1:1: error json_invalid: a value is expected (the document) | it is empty: write one JSON document"),
        (b"metadata:\n  slug: a\n".to_vec(), "| this looks like YAML or another format"),
        (utf16.clone(), "pullpush: a.json cannot be read: it is in UTF-16 | save it in UTF-8"),
        (utf16[2..].to_vec(), "| it seems to be in UTF-16: save it in UTF-8"),
        (b"{\n\"a\": \"caf\xe9\"}".to_vec(), "pullpush: a.json cannot be read: it is not in UTF-8 (line 2, byte 12) | save it in UTF-8"),
        (RIGHT.as_bytes()[..RIGHT.len() - 1].to_vec(), "| the text ends before the document does"),
        (format!("{RIGHT}\n{RIGHT}").into_bytes(), "a.json:3:1: error json_invalid: more text after the value (the document) | one document stands in one text"),
        (format!("```json\n{RIGHT}\n```\n").into_bytes(), "| remove the marks of code around the document"),
    ] {
        let told = told(&bytes);
        assert!(told.contains(said), "{said}: {told}");
    }
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    fs::write(folder.path().join("depot.json"), RIGHT).unwrap();
    fs::write(folder.path().join("m.json"), r#"{"ops":[]}"#).unwrap();
    for (words, said) in [
        (&["definition", "check", "folder"][..], "pullpush: folder cannot be read: it is a folder\n    name a file in it\n"),
        (&["definition", "explain", "depto.json"], "pullpush: depto.json cannot be read: there is no such file\n    did you mean `depot.json`?\n"),
        (&["pull", "--definition", "none/depot.json"], "pullpush: none/depot.json cannot be read: there is no such file\n    there is no folder none either"),
        (&["pull", "--definition", "depot.json", "--canonical", "--entity", "order"], "pullpush: `order` has no `canonical_map`, so nothing of it is canonical\n    leave out `--canonical`, or add `order` under `canonical_map`\n"),
        (&["definition", "check", "m.json"], "m.json: cannot be used\n    this looks like a mapping: `pullpush mapping check` checks those\n"),
        (&["mapping", "check", "depot.json"], "depot.json: cannot be used\n    this looks like a definition: `pullpush definition check` checks those\n"),
        (&["check", "depot.json"], "pullpush: `check depot.json` is no command and no tool; did you mean `definition check` or `mapping check`?\n"),
        (&["definitions", "check", "depot.json"], "; did you mean `definition`?\n"),
    ] {
        let (code, out, told) = run(folder.path(), words, "");
        assert!(code != 0 && format!("{out}{told}").contains(said), "{words:?}: {out}{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn why_the_other_system_refused_is_told_and_so_is_a_record_that_tells_no_time() {
    let desk = Desk::new().await;
    let definition = desk.read("depot.json");
    desk.write("config.json", &format!(r#"{{"base_url":"{}","key":"the-wrong-key"}}"#, desk.api.url()));
    let (code, _, told) = desk.pull(&["--entity", "thing"]);
    assert!(code == 1 && told.contains("GET 127.0.0.1/auth/header/cursor was answered 401: {") && !told.contains("the-wrong-key"), "{told}");

    let desk = Desk::new().await;
    // Asked in windows, the source itself says since when.
    let definition = definition.replace(r#""window": "P7D", "#, "").replace(r#", "end": { "in": "query", "name": "updated_to" }"#, "");
    desk.write("depot.json", &definition.replace(r#""cursor": "$.updated_at""#, r#""cursor": "$.updatedAt""#));
    let (code, _, told) = desk.pull(&["--entity", "change"]);
    assert!(code == 0 && told.contains("no record told when it changed: there is nothing to read at `incremental.cursor`, which is `$.updatedAt`,"), "{told}");
    desk.write("depot.json", &definition.replace(r#""cursor": "$.updated_at""#, r#""cursor": "$.id""#));
    let (code, _, told) = desk.pull(&["--entity", "change"]);
    assert!(code == 0 && told.contains("no record told when it changed: at `incremental.cursor`, which is `$.id`, stands a number of 1 digit, which none of its `formats` reads,"), "{told}");
    desk.write("depot.json", &definition);
    assert!(!desk.pull(&["--entity", "change"]).2.contains("no record told"));
}
