//! The commands over records, run as people run them: what they print, what they tell, and how they end.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use document::{Value, parse_str};

use crate::root;

/// A mapping most tests here are content with.
const MAPPING: &str = r#"{
  "tables": { "kind": { "mode": "preload_all" } },
  "ops": [
    { "op": "filter", "where": "{{ record.qty != 0 }}", "on_absent": "keep" },
    { "op": "cast", "field": "qty", "to": "integer" },
    { "op": "each", "path": "$.lines[*]", "ops": [{ "op": "cast", "field": "price", "to": "decimal" }] },
    { "op": "lookup", "table": "kind", "key": "sku", "to": "kind", "on_miss": "skip" },
    { "op": "template", "to": "at", "value": "{{ now() }}" }
  ]
}"#;
const TABLE: &str = r#"{"A":"tee","7":{"is":"mug"}}"#;

/// How the program ended: exit code, standard output, standard error.
pub(crate) type Ended = (i32, String, String);

/// Runs the program in a folder that holds the mapping and its table.
#[track_caller]
pub(crate) fn run(folder: &Path, words: &[&str], input: impl AsRef<[u8]>) -> Ended {
    let mut program = Command::new(env!("CARGO_BIN_EXE_pullpush"));
    let mut child = program.args(words).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.as_ref().to_owned();
    // Whoever does not read its input does not take it.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("m.json"), MAPPING).unwrap();
    fs::write(folder.path().join("kind.json"), TABLE).unwrap();
    folder
}

/// Maps lines with the mapping of these tests, and further words.
#[track_caller]
fn mapped(words: &[&str], input: impl AsRef<[u8]>) -> Ended {
    let folder = folder();
    run(folder.path(), &[&["mapping", "run", "--mapping", "m.json", "--table", "kind=kind.json", "--now", "2026-11-21T12:00:00Z"], words].concat(), input)
}

#[test]
fn every_good_line_is_mapped_in_order_whatever_stands_around_it() {
    for (input, code, out, summary) in [
        ("", 0, "", "0 lines: 0 mapped, 0 filtered, 0 missed, 0 duplicate, 0 failed"),
        ("\r\n \n", 0, "", "0 lines: 0 mapped, 0 filtered, 0 missed, 0 duplicate, 0 failed"),
        ("\u{feff}{\"sku\":\"A\",\"qty\":\"2\"}", 0, "{\"sku\":\"A\",\"qty\":2,\"kind\":\"tee\",\"at\":\"2026-11-21T12:00:00Z\"}\n", "1 line: 1 mapped, 0 filtered, 0 missed, 0 duplicate, 0 failed"),
        (
            "{\"sku\":7}\r\n\r\n  {\"sku\":\"A\", \"n\":19.990}\n{\"sku\":\"B\"}\n{\"sku\":\"A\",\"qty\":0}\n",
            0,
            "{\"sku\":7,\"kind\":{\"is\":\"mug\"},\"at\":\"2026-11-21T12:00:00Z\"}\n{\"sku\":\"A\",\"n\":19.990,\"kind\":\"tee\",\"at\":\"2026-11-21T12:00:00Z\"}\n",
            "4 lines: 2 mapped, 1 filtered, 1 missed, 0 duplicate, 0 failed",
        ),
    ] {
        assert_eq!(mapped(&[], input), (code, out.to_owned(), format!("pullpush: {summary}\n")), "{input:?}");
    }
}

#[test]
fn two_records_never_share_an_id_and_a_second_run_gives_the_same() {
    let folder = folder();
    fs::write(folder.path().join("id.json"), r#"[{"op":"template","to":"id","value":"{{ uuid() }}"},{"op":"template","to":"run","value":"{{ run.id }}"}]"#).unwrap();
    let (_, out, _) = run(folder.path(), &["mapping", "run", "--mapping", "id.json"], "{}\n\n{}\n");
    let made: Vec<_> = out.lines().map(|line| parse_str(line).unwrap()).map(|made| ["id", "run"].map(|key| made.get(key).and_then(Value::plain).unwrap())).collect();
    assert!(made.len() == 2 && made[0][0] != made[1][0] && made[0][1] == "line-1" && made[1][1] == "line-3", "{out}");
    assert_eq!(run(folder.path(), &["mapping", "run", "--mapping", "id.json"], "{}\n\n{}\n").1, out);
}

#[test]
fn a_bad_line_is_told_with_its_number_and_the_rest_is_mapped() {
    let input = b"{\"sku\":\"A\"}\n\n{\"sku\":\n{\"sku\":\"A\",\"qty\":\"many\"}\n\"\xff\"\n{\"sku\":\"A\",\"lines\":[{\"price\":\"1\"},{\"price\":\"free\",\"token\":\"t0ps3cret\"}]}\n{\"a\":1,\"a\":2}\n{\"sku\":7}\n";
    let (code, out, told) = mapped(&[], input);
    assert_eq!((code, out.lines().count()), (1, 2), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn a_line_longer_than_a_record_may_be_is_one_failure() {
    let mut input = vec![b' '; 1];
    input.extend(b"{\"sku\":\"".iter().chain(vec![b'x'; 33 << 20].iter()).chain(b"\"}\n{\"sku\":\"A\"}\n".iter()));
    let (code, out, told) = mapped(&[], input);
    assert_eq!((code, out.lines().count()), (1, 1));
    assert!(told.starts_with("line 1: json_too_large: ") && told.ends_with("pullpush: 2 lines: 1 mapped, 0 filtered, 0 missed, 0 duplicate, 1 failed\n"), "{told}");
}

#[test]
fn a_record_comes_out_before_the_next_goes_in() {
    let folder = folder();
    let mut program = Command::new(env!("CARGO_BIN_EXE_pullpush"));
    program.args(["mapping", "run", "--mapping", "m.json", "--table", "kind=kind.json"]).current_dir(folder.path());
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    for sku in ["A", "7", "A"] {
        writeln!(stdin, "{{\"sku\":\"{sku}\"}}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.starts_with(&format!("{{\"sku\":\"{sku}\",\"kind\":")), "{line}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_goes_ends_the_work_without_a_word() {
    let folder = folder();
    for (bad, code) in [("", 0), ("nope\n", 1)] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_pullpush"));
        program.args(["mapping", "run", "--mapping", "m.json", "--table", "kind=kind.json"]).current_dir(folder.path());
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().unwrap();
        // Far more than any pipe holds: the program has to notice.
        drop(stdin.write_all(bad.as_bytes()));
        while stdin.write_all(b"{\"sku\":\"A\"}\n").is_ok() {}
        drop(stdin);
        let mut told = String::new();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert_eq!((child.wait().unwrap().code(), told.contains("panicked"), told.contains("pullpush:")), (Some(code), false, false), "{told}");
    }
}

#[test]
fn a_trace_tells_what_every_operation_changed_and_leaves_the_output_alone() {
    let input = "{\"sku\":\"A\",\"qty\":\"2\",\"lines\":[{\"price\":\"1.50\"}]}\n{\"qty\":0}\n{\"sku\":\"B\"}\n{\"qty\":\"many\"}\n[\n";
    let plain = mapped(&[], input);
    let (code, out, told) = mapped(&["--trace"], input);
    assert_eq!((code, &out), (plain.0, &plain.1));
    insta::assert_snapshot!(told);
    let (code, out, told) = mapped(&["--trace=json"], input);
    assert_eq!((code, &out), (plain.0, &plain.1));
    assert!(told.lines().all(|line| parse_str(line).is_ok()), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn a_mapping_with_errors_runs_over_nothing_and_every_error_has_its_place() {
    let folder = folder();
    fs::write(folder.path().join("bad.json"), "{\n  \"ops\": [\n    { \"op\": \"cast\", \"feild\": \"qty\", \"to\": \"string\" },\n    { \"op\": \"cast\", \"field\": \"qty\", \"to\": \"integr\" }\n  ]\n}").unwrap();
    let input = "{\"qty\":1}\n";
    let (code, out, told) = run(folder.path(), &["mapping", "run", "--mapping", "bad.json"], input);
    assert_eq!((code, out.as_str()), (1, ""));
    insta::assert_snapshot!(told);
    let (code, out, summary) = run(folder.path(), &["mapping", "check", "bad.json", "m.json"], "");
    assert_eq!((code, summary.as_str()), (1, "pullpush: 1 of 2 mappings cannot be used\n"));
    let (found, _) = told.split_once("pullpush: ").unwrap();
    assert_eq!(out, format!("{found}bad.json: cannot be used\nm.json: can be used\n"));
    let (code, out, _) = run(folder.path(), &["mapping", "check", "--json", "bad.json"], "");
    let files = parse_str(&out).unwrap();
    let finding = files.items().and_then(|files| files[0].get("findings")?.items()?.first()).unwrap();
    let shown = ["code", "pointer", "line"].map(|key| finding.get(key).and_then(Value::plain).unwrap());
    assert_eq!((code, shown), (1, ["mapping_unknown_key", "/ops/0/feild", "3"].map(str::to_owned)));
    assert_eq!(run(folder.path(), &["mapping", "check", "m.json"], ""), (0, "m.json: can be used\n".to_owned(), String::new()));
}

#[test]
fn wrong_usage_is_said_and_ends_with_two() {
    let folder = folder();
    fs::write(folder.path().join("list.json"), "[]").unwrap();
    for (words, said) in [
        (&["run"][..], "--mapping <FILE>"),
        (&["run", "--mapping", "none.json"], "pullpush: none.json cannot be read: "),
        (&["run", "--mapping", "m.json"], "pullpush: the mapping looks things up in tables it does not hold: kind; give each as --table kind=FILE, and nothing was run"),
        (&["run", "--mapping", "m.json", "--table", "kind=none.json"], "pullpush: --table kind: none.json cannot be read: "),
        (&["run", "--mapping", "m.json", "--table", "kind=list.json"], "pullpush: --table kind: list.json: a table is one object of keys and values"),
        (&["run", "--mapping", "m.json", "--table", "knid=kind.json"], "pullpush: --table knid: the mapping declares no table `knid`; did you mean `kind`?"),
        (&["run", "--mapping", "m.json", "--table", "kind=kind.json", "--table", "kind=kind.json"], "pullpush: --table kind is given twice"),
        (&["run", "--mapping", "m.json", "--table", "kind"], "write it as NAME=FILE"),
        (&["run", "--mapping", "m.json", "--now", "today"], "write it by RFC 3339 with its offset"),
        (&["run", "--mapping", "m.json", "--trace=xml"], "possible values: text, json"),
        (&["check"], "<FILE>..."),
        (&["check", "none.json"], "pullpush: none.json cannot be read: "),
        (&["walk"], "unrecognized subcommand 'walk'"),
    ] {
        let (code, out, told) = run(folder.path(), &[&["mapping"], words].concat(), "{}\n");
        assert!(code == 2 && out.is_empty() && told.contains(said), "{words:?}: {code} {told}");
    }
    for (words, said) in [
        (&["--type", "ordre"][..], "no canonical type is called `ordre`; did you mean `order`? there are "),
        (&["--type", "order", "--version", "99"], "version 99 of order is newer than any known here"),
        (&["--version", "1"], "--type <TYPE>"),
        (&["--type", "order", "--version", "one"], "invalid value 'one'"),
    ] {
        let (code, out, told) = run(folder.path(), &[&["canonical", "validate"], words].concat(), "{}\n");
        assert!(code == 2 && out.is_empty() && told.contains(said), "{words:?}: {code} {told}");
    }
}

#[test]
fn records_are_judged_line_by_line_and_every_violation_is_told() {
    let folder = folder();
    let lines = [
        r#"{"orderId":"1","currency":"SEK","totalAmount":1.50}"#, r#"{"totalAmount":"1,50","lineItems":[{"quantity":1},{"quantity":"2"}]}"#, "{", "",
        r#"{"orderId":"2","custmer":{"name":"Ada"}}"#, "[]",
    ];
    let (code, out, told) = run(folder.path(), &["canonical", "validate", "--type", "order"], lines.join("\n"));
    assert_eq!((code, told.as_str()), (1, "pullpush: 5 lines: 2 valid, 3 invalid, 1 warning\n"));
    insta::assert_snapshot!(out);
    let (code, json, again) = run(folder.path(), &["canonical", "validate", "--type", "order", "--version", "1", "--json"], lines.join("\r\n"));
    assert_eq!((code, again), (1, told));
    assert_eq!(json.lines().count(), out.lines().count() / 2);
    let first = parse_str(json.lines().next().unwrap()).unwrap();
    let shown = ["line", "severity", "code", "pointer"].map(|key| first.get(key).and_then(Value::plain).unwrap());
    assert_eq!(shown, ["2", "error", "canonical_invalid", "/orderId"].map(str::to_owned), "{json}");
    assert_eq!(run(folder.path(), &["canonical", "validate", "--type", "order"], lines[0]), (0, String::new(), "pullpush: 1 line: 1 valid, 0 invalid, 0 warnings\n".to_owned()));
}

#[test]
fn without_a_type_every_line_says_its_own() {
    let folder = folder();
    let lines = [
        r#"{"canonicalType":"order","canonicalVersion":1,"fields":{"orderId":"1"},"extensions":{}}"#, r#"{"canonicalType":"stocklevel","canonicalVersion":1,"fields":{"sku":"TEE"}}"#,
        r#"{"canonicalType":"order","canonicalVersion":9,"fields":{}}"#, r#"{"canonicalType":"ordre","canonicalVersion":1,"fields":{}}"#, r#"{"canonicalType":"order","fields":{}}"#,
        r#"{"canonicalType":"order","canonicalVersion":1}"#, r#"{"orderId":"1"}"#, "7",
    ];
    let (code, out, told) = run(folder.path(), &["canonical", "validate"], lines.join("\n"));
    assert_eq!((code, told.as_str()), (1, "pullpush: 8 lines: 1 valid, 7 invalid, 0 warnings\n"));
    insta::assert_snapshot!(out);
}

#[test]
fn every_example_order_that_is_mapped_is_a_canonical_order() {
    let orders = fs::read_to_string(root().join("examples/orders.jsonl")).unwrap();
    let (code, out, told) = run(&root(), &["mapping", "run", "--mapping", "examples/order.json"], &orders);
    assert!(code == 1 && told.ends_with("pullpush: 9 lines: 6 mapped, 1 filtered, 0 missed, 0 duplicate, 2 failed\n"), "{told}");
    assert_eq!(run(&root(), &["canonical", "validate", "--type", "order"], &out), (0, String::new(), "pullpush: 6 lines: 6 valid, 0 invalid, 0 warnings\n".to_owned()));
    assert!(out.contains(r#""externalId":"9007199254740993""#) && out.contains(r#""totalAmount":1299"#), "exact: {out}");
}
