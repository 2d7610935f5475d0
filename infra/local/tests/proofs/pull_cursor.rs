//! Where a pull begins and goes on: after it was interrupted, behind what was printed, and where the source itself says.

use std::{fs, process::{Command, Stdio}};

use document::{Value, parse_str};
use testkit::faults::{Fault, Rule};

use crate::pull::{DEFINITION, Desk, ids};

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_interrupted_goes_on_where_it_printed_and_nothing_is_lost_or_doubled() {
    let desk = Desk::new().await;
    for (entity, path) in [("thing", "/auth/header/cursor"), ("change", "/auth/header/changes")] {
        let (_, out, _) = desk.pull(&["--entity", entity]);
        desk.api.forget_calls();
        let (all, words) = (ids(&out), ["--entity", entity, "--cursor-file", "at"]);
        assert_eq!(desk.pull(&["--entity", entity]).0, 0);
        let requests = u32::try_from(desk.api.calls_to("GET", path)).unwrap();
        for first in 0..requests {
            drop(fs::remove_file(desk.path().join("at")));
            // The first run ends at one request, and the second at another.
            desk.api.faults().push(Rule::once("GET", path, Fault::status(400)).after(first));
            let (code, mut printed, told) = desk.pull(&words);
            assert!(code == 1 && told.contains(", then it failed\n") && told.contains("(destination_rejected)") && !told.contains("go on with"), "{entity} {first}: {told}");
            desk.api.faults().push(Rule::once("GET", path, Fault::status(400)).after(1));
            let (second, more, _) = desk.pull(&words);
            printed.push_str(&more);
            desk.api.faults().clear();
            // Where only one request was left, the second run is the last.
            if second == 1 {
                let (code, more, told) = desk.pull(&words);
                assert_eq!(code, 0, "{told}");
                printed.push_str(&more);
            }
            assert_eq!(ids(&printed), all, "{entity}, interrupted at request {first}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_of_the_cursor_is_kept_only_behind_what_was_printed() {
    let desk = Desk::new().await;
    let mut program = Command::new(env!("CARGO_BIN_EXE_pullpush"));
    program.args(["pull", "--definition", "depot.json", "--config", "config.json", "--entity", "thing", "--cursor-file", "at"]).current_dir(desk.path());
    let mut child = program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""), "who has gone is told nothing");
    assert!(!desk.path().join("at").exists(), "nobody got the page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_the_limit_cut_is_printed_again_and_who_asked_is_told() {
    let desk = Desk::new().await;
    let words = ["--entity", "thing", "--cursor-file", "at"];
    let pull = |limit: &str| desk.pull(&[&words[..], &["--limit", limit]].concat());
    for (limit, printed, said) in [
        ("1", 1..=1, "at: a cursor stands between pages, and the limit fell amid one: the next run prints the last record again; a limit of 100 or more gets past this page\n"),
        ("60", 1..=60, "at: a cursor stands between pages, and the limit fell amid one: the next run prints the last 60 records again; a limit of 100 or more gets past this page\n"),
        ("150", 1..=150, "at: a cursor stands between pages, and the limit fell amid one: the next run prints the last 50 records again\n"),
        ("100", 101..=200, " s\n"),
    ] {
        let (code, out, told) = pull(limit);
        assert_eq!((code, ids(&out)), (0, printed.collect()), "{limit}: {told}");
        assert!(told.ends_with(said), "{limit}: {told}");
    }
    assert_eq!(ids(&desk.pull(&words).1), (201..=250).collect::<Vec<_>>());
    // Where no file keeps it, the cursor that is told passes no record that was not printed either.
    let told = desk.pull(&["--entity", "thing", "--limit", "150"]).2;
    assert!(told.contains("go on with: --cursor '") && told.ends_with("the next run prints the last 50 records again\n"), "{told}");
    assert!(!desk.pull(&["--entity", "thing", "--limit", "50"]).2.contains("again"), "nothing goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_that_is_written_is_tried_before_anything_is_asked() {
    let desk = Desk::new().await;
    desk.write("orders.json", r#"{"orders":[]}"#);
    fs::create_dir(desk.path().join("folder")).unwrap();
    for (words, said) in [
        (&["--cursor-file", "no/such/file"][..], "pullpush: no/such/file cannot be written, and nothing was asked: No such file or directory (os error 2)\n    it is to keep where to go on: make the folder it is to stand in, or name a file where you may write\n"),
        (&["--cursor-file", "folder"], "pullpush: folder cannot be read: "),
        (&["--record", "no/such/file"], "pullpush: no/such/file cannot be written, and nothing was asked: No such file or directory"),
        (&["--record", "folder"], "pullpush: folder cannot be written, and nothing was asked: it is a folder\n    it is to hold the definition with the recorded test: name a file\n"),
        (&["--record", "orders.json"], "pullpush: orders.json is no definition, and nothing was asked\n    `--record` adds a test"),
        (&["--record", "at", "--cursor-file", "at"], "pullpush: `--record` and `--cursor-file` name one file, at, and the one would write over the other\n    give `--record` a file of its own\n"),
        (&["--record", "./config.json"], "pullpush: `--record` and `--config` name one file, ./config.json,"),
        (&["--cursor-file", "depot.json"], "pullpush: depot.json is a definition, and no cursor\n"),
        (&["--cursor-file", "config.json"], "pullpush: `--cursor-file` and `--config` name one file, config.json,"),
    ] {
        let (code, out, told) = desk.pull(&[&["--entity", "thing"], words].concat());
        assert!(code == 2 && out.is_empty() && told.starts_with(said), "{words:?}: {code} {told}");
    }
    assert!(desk.api.calls().is_empty(), "{:?}", desk.api.calls());
    assert!(!desk.path().join("at").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_file_of_another_definition_or_entity_is_refused_before_anything_is_asked() {
    let desk = Desk::new().await;
    assert_eq!(desk.pull(&["--entity", "thing", "--cursor-file", "at"]).0, 0);
    desk.api.forget_calls();
    let kept = desk.read("at");
    let (code, _, told) = desk.pull(&["--entity", "change", "--cursor-file", "at"]);
    assert!(code == 2 && told.starts_with("pullpush: at says where `thing` of `depot` goes on, and `change` of `depot` is read here\n    name another file, or remove this one to begin anew\n"), "{told}");
    desk.write("depot.json", &desk.read("depot.json").replace("\"slug\": \"depot\"", "\"slug\": \"store\""));
    let (code, _, told) = desk.pull(&["--entity", "thing", "--cursor-file", "at"]);
    assert!(code == 2 && told.contains("`thing` of `depot` goes on, and `thing` of `store` is read here"), "{told}");
    assert_eq!((desk.api.calls().len(), desk.read("at")), (0, kept));
    // A cursor or a time by itself, as a person writes it, is a beginning.
    desk.write("at", "YXQgMTAw\n");
    assert_eq!(ids(&desk.pull(&["--entity", "thing", "--cursor-file", "at"]).1), (101..=250).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_file_of_another_account_is_refused_and_a_new_key_of_the_same_is_not() {
    let desk = Desk::new().await;
    let words = ["--entity", "thing", "--cursor-file", "at"];
    assert_eq!(desk.pull(&words).0, 0);
    let (kept, config) = (desk.read("at"), desk.read("config.json"));
    desk.api.forget_calls();
    desk.write("config.json", &config.replace("\"base_url\":\"", "\"base_url\":\"http://127.0.0.1:9/"));
    let (code, out, told) = desk.pull(&words);
    assert!(code == 2 && out.is_empty() && told.starts_with("pullpush: at says where `thing` of `depot` goes on with other values than those of config.json\n    name another file, or remove this one to begin anew; where the same account is meant, remove `config` from it\n"), "{told}");
    assert_eq!((desk.api.calls().len(), desk.read("at")), (0, kept.clone()));
    // A secret may be replaced, and a file that does not say whose it is goes on.
    desk.write("config.json", &config.replace(testkit::Api::KEY, "another"));
    assert_eq!(desk.pull(&words).0, 1);
    desk.write("config.json", &config);
    let Value::Object(mut members) = parse_str(&kept).unwrap() else { panic!("{kept}") };
    members.retain(|(name, _)| name != "config");
    assert_eq!(members.len(), 3);
    desk.write("at", &Value::Object(members).to_string());
    assert_eq!(desk.pull(&words).0, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_source_itself_calls_a_cursor_or_a_time_is_a_beginning() {
    let desk = Desk::new().await;
    let (code, _, told) = desk.pull(&["--entity", "thing", "--cursor", "{\"part\":"]);
    assert!(code == 1 && told.ends_with("(argument_invalid)\n    begin with what an earlier pull of this entity told, or without `--cursor` and `--cursor-file` at the beginning\n"), "{told}");
    // `at 100`, as the sample API writes it.
    let (code, out, told) = desk.pull(&["--entity", "thing", "--cursor", "YXQgMTAw"]);
    assert_eq!((code, ids(&out)), (0, (101..=250).collect()), "{told}");
    let all = desk.pull(&["--entity", "change"]).1;
    let (code, out, told) = desk.pull(&["--entity", "change", "--cursor", "2026-01-20T00:00:00Z"]);
    let later = |line: &&str| parse_str(line).unwrap().get("updated_at").and_then(Value::as_str).and_then(|at| at.parse::<jiff::Timestamp>().ok()).unwrap() >= "2026-01-20T00:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let expected: Vec<&str> = all.lines().filter(later).collect();
    assert!(code == 0 && expected.len() > 20 && expected.len() < 200, "{told}");
    assert_eq!(out.lines().collect::<Vec<_>>(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_cursor_file_was_cut_off_and_is_no_beginning() {
    let desk = Desk::new().await;
    for text in ["", "\n", " \r\n", "\u{feff}"] {
        desk.write("at", text);
        let (code, out, told) = desk.pull(&["--entity", "thing", "--cursor-file", "at"]);
        assert!(code == 2 && out.is_empty() && told.starts_with("pullpush: at is empty: a cursor file that is there and holds nothing was cut off, and where to go on is lost\n    put back a copy of it, or remove it to begin anew\n"), "{text:?}: {told}");
        assert_eq!(desk.read("at"), text);
    }
    assert!(desk.api.calls().is_empty(), "{:?}", desk.api.calls());
    fs::remove_file(desk.path().join("at")).unwrap();
    assert_eq!(desk.pull(&["--entity", "thing", "--cursor-file", "at", "--limit", "100"]).0, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_could_not_be_mapped_and_that_the_cursor_passes_are_told_of_with_how_to_read_them_again() {
    let desk = Desk::new().await;
    // No record says its quantity here.
    desk.write("depot.json", &DEFINITION.replacen(r#""canonical_map": {"#, r#""canonical_map": { "change": { "type": "stocklevel", "key": "$.id", "fields": { "sku": { "path": "$.id", "cast": "string" }, "quantity": "$.no_such" } },"#, 1));
    let words = ["--entity", "change", "--canonical", "--cursor-file", "at"];
    let (code, out, told) = desk.pull(&words);
    let failed = told.lines().filter(|line| line.starts_with("record ")).count();
    let stands = |begin: &str| format!("{failed} records could not be mapped, and {begin} stands behind them: they come again only when the source changes them\n    to read them again once the mapping or the data is corrected: ");
    assert!(code == 1 && out.is_empty() && failed > 1 && told.ends_with(&format!("{}remove at\n", stands("at"))), "{told}");
    // Where the run began at a cursor, that one reads them again.
    let began = "2026-01-01T00:00:00Z";
    desk.write("at", began);
    let (_, _, told) = desk.pull(&words);
    assert!(told.ends_with(&format!("leave out `--cursor-file at` once, and begin where this run did, with --cursor '{began}'\n")), "{told}");
    let (_, _, told) = desk.pull(&[&words[..3], &["--cursor", began]].concat());
    assert!(told.ends_with(&format!(": begin where this run did, with --cursor '{began}'\n")), "{told}");
    let (_, _, told) = desk.pull(&words[..3]);
    assert!(told.ends_with(&format!("{}begin without a cursor, as this run did\n", stands("the cursor to go on with"))), "{told}");
    // A run that keeps no cursor passes nothing, and neither does a page that the limit cut.
    let (_, _, told) = desk.pull(&["--entity", "thing", "--canonical"]);
    assert!(told.contains(" failed in ") && !told.contains("stands behind"), "{told}");
}
