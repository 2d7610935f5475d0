//! Where a pull begins and goes on: after it was interrupted, behind what was printed, and where the source itself says.

use std::{fs, process::{Command, Stdio}};

use document::{Value, parse_str};
use testkit::faults::{Fault, Rule};

use crate::pull::{Desk, ids};

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
    // A page of which only a part was printed is read again.
    let (code, out, _) = desk.pull(&["--entity", "thing", "--cursor-file", "at", "--limit", "150"]);
    assert_eq!((code, ids(&out).len()), (0, 150));
    let (code, out, _) = desk.pull(&["--entity", "thing", "--cursor-file", "at"]);
    assert_eq!((code, ids(&out)), (0, (101..=250).collect()));
    // A file that cannot be written ends the run behind the page that was printed.
    let (code, out, told) = desk.pull(&["--entity", "thing", "--cursor-file", "no/such/folder"]);
    assert!(code == 1 && ids(&out).len() == 100 && told.contains("no/such/folder cannot be written: "), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_source_itself_calls_a_cursor_or_a_time_is_a_beginning() {
    let desk = Desk::new().await;
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
