//! `pullpush pull`, run as people run it against the sample API: what it prints, what it tells, and how it ends.

use std::{collections::BTreeSet, fs, io::{BufRead as _, BufReader, Read as _}, path::Path, process::{Command, Stdio}};

use document::{Value, parse_str};
use testkit::{Api, ApiOptions, Running};

use crate::mapping::{Ended, run};

/// What is read here: two entities, one of which is mapped and says nothing of the quantity of every fourth record.
pub(crate) const DEFINITION: &str = r#"{
  "language": "1.0",
  "metadata": { "slug": "depot", "type": "source", "name": "Depot" },
  "config": {
    "base_url": { "type": "url", "description": "Where the depot is" },
    "key": { "type": "string", "secret": true, "description": "The key of the depot" },
    "region": { "type": "string", "optional": true }
  },
  "base_url": "{{ config.base_url }}/auth/header",
  "auth": { "type": "api_key", "in": "header", "name": "X-Api-Key", "value": "{{ config.key }}" },
  "entities": {
    "thing": {
      "read": {
        "request": { "url": "/cursor", "params": { "limit": 100 } },
        "records": { "path": "$.items", "primary_key": "$.id" },
        "pagination": { "type": "cursor", "from": "$.paging.next", "more": "$.paging.has_more", "inject": { "in": "query", "name": "after" } }
      }
    },
    "change": {
      "read": {
        "request": { "url": "/changes", "params": { "per_page": 20 } },
        "records": { "path": "$.data", "primary_key": "$.id" },
        "pagination": { "type": "page", "inject": { "page": { "in": "query", "name": "page" } } },
        "incremental": {
          "cursor": "$.updated_at", "start": "2026-01-01T00:00:00Z", "window": "P7D", "lookback": "PT0S", "order": "asc",
          "inject": { "start": { "in": "query", "name": "updated_from" }, "end": { "in": "query", "name": "updated_to" } }
        }
      }
    }
  },
  "eventMapping": { "externalId": "$.id", "eventType": "thing.updated", "occurredAt": "$.updated_at" },
  "canonical_map": { "thing": { "type": "stocklevel", "key": "$.id", "fields": { "sku": { "path": "$.id", "cast": "string" }, "quantity": "$.qty" } } }
}"#;
/// The present of every run.
const NOW: &str = "2026-01-31T09:00:00Z";

/// A system, and a folder with a definition of it and the values of a connection.
pub(crate) struct Desk {
    pub(crate) api: Running<Api>,
    folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let (api, folder) = (Api::start(ApiOptions::default()).await.unwrap(), tempfile::tempdir().unwrap());
        let desk = Self { api, folder };
        desk.write("depot.json", DEFINITION);
        desk.write("config.json", &format!(r#"{{"base_url":"{}","key":"{}"}}"#, desk.api.url(), Api::KEY));
        desk
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Pulls with the definition and the values of this desk, and further words.
    #[track_caller]
    pub(crate) fn pull(&self, words: &[&str]) -> Ended {
        run(self.path(), &[&["pull", "--definition", "depot.json", "--config", "config.json", "--now", NOW], words].concat(), "")
    }
}

/// The ids of records, one a line.
#[track_caller]
pub(crate) fn ids(out: &str) -> Vec<i64> {
    assert!(out.is_empty() || out.ends_with('\n'), "a line is whole");
    out.lines().map(|line| parse_str(line).unwrap_or_else(|error| panic!("{line}: {error}")).get("id").and_then(Value::plain).unwrap().parse().unwrap()).collect()
}

/// How many times each record of the system is among these: once.
#[track_caller]
fn whole(ids: &[i64], what: &str) {
    assert_eq!((ids.len(), ids.iter().copied().collect::<BTreeSet<_>>()), (250, (1..=250).collect()), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_printed_a_line_each_and_everything_else_is_told() {
    let desk = Desk::new().await;
    let (code, out, told) = desk.pull(&["--entity", "thing"]);
    assert_eq!(code, 0, "{told}");
    whole(&ids(&out), "thing");
    // Numbers are printed as the source wrote them.
    assert!(out.contains("12345678901234567.490"), "exact");
    assert!(told.starts_with("thing: 250 records on 3 pages in ") && told.ends_with(" s\n") && told.lines().count() == 1, "an entity without changes is read anew, so there is nothing to go on with: {told}");
    let (_, _, told) = desk.pull(&["--entity", "thing", "--limit", "100"]);
    assert!(told.contains("\ngo on with: --cursor '{"), "{told}");
    let (code, out, told) = desk.pull(&["--entity", "change"]);
    assert_eq!(code, 0);
    whole(&ids(&out), "change");
    let cursor = told.trim_end().split_once("go on with: --cursor '").and_then(|(_, rest)| rest.strip_suffix('\'')).unwrap_or_else(|| panic!("{told}"));
    let (code, out, _) = desk.pull(&["--entity", "change", "--cursor", cursor]);
    assert_eq!((code, out.as_str()), (0, ""), "what was read is behind the cursor");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_is_said_and_nobody_is_asked() {
    let desk = Desk::new().await;
    desk.write("wrong.json", r#"{"base_ulr":"http://127.0.0.1:1","regoin":"north","key":""}"#);
    desk.write("list.json", "[]");
    desk.write("nested.json", r#"{"key":{"of":"the depot"}}"#);
    desk.write("broken.json", "{\n  \"key\": nope\n}");
    for (words, said) in [
        (&["--definition", "depot.json"][..], "pullpush: which entity? `--entity` names one of: thing, change\n"),
        (&["--definition", "depot.json", "--entity", "thnig"], "pullpush: the definition reads no `thnig`; did you mean `thing`?\n    it reads: thing, change\n"),
        (&["--definition", "depot.json", "--entity", "zebra"], "pullpush: the definition reads no `zebra`\n    it reads: thing, change\n"),
        (&["--definition", "depot.json", "--entity", "change", "--canonical"], "pullpush: `change` has no `canonical_map`"),
        (&["--definition", "depot.json", "--entity", "thing"], "pullpush: the configuration: `base_url` lacks: Where the depot is; `key` lacks: The key of the depot\n    give the values as a JSON object in a file, with `--config FILE`\n"),
        (
            &["--definition", "depot.json", "--entity", "thing", "--config", "wrong.json"],
            "pullpush: wrong.json: `base_ulr` is no value of this definition; did you mean `base_url`?; `regoin` is no value of this definition; did you mean `region`?; `base_url` lacks: Where the depot is; `key` lacks: The key of the depot\n",
        ),
        (&["--definition", "depot.json", "--entity", "thing", "--config", "list.json"], "pullpush: list.json: an object of values is expected"),
        (&["--definition", "depot.json", "--entity", "thing", "--config", "nested.json"], "pullpush: nested.json: `key` is an object"),
        (&["--definition", "depot.json", "--entity", "thing", "--config", "broken.json"], "pullpush: broken.json:2:10: "),
        (&["--definition", "depot.json", "--entity", "thing", "--config", "none.json"], "pullpush: none.json cannot be read: "),
        (&["--definition", "none.json"], "pullpush: none.json cannot be read: "),
        (&[], "--definition <FILE>"),
        (&["--definition", "depot.json", "--limit", "0"], "invalid value '0'"),
        (&["--definition", "depot.json", "--now", "today"], "write it by RFC 3339"),
        (&["--definition", "depot.json", "--cursor", "a", "--cursor-file", "b"], "cannot be used with"),
    ] {
        let (code, out, told) = run(desk.path(), &[&["pull"], words].concat(), "");
        assert!(code == 2 && out.is_empty() && told.contains(said), "{words:?}: {code} {told}");
    }
    assert!(desk.api.calls().is_empty(), "{:?}", desk.api.calls());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_with_errors_asks_nobody_and_every_error_has_its_place() {
    let desk = Desk::new().await;
    desk.write("bad.json", &DEFINITION.replace("\"pagination\": { \"type\": \"cursor\"", "\"pagniation\": { \"type\": \"cursor\"").replace("config.key", "config.kee"));
    let (code, out, told) = run(desk.path(), &["pull", "--definition", "bad.json", "--config", "config.json", "--entity", "thing"], "");
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(desk.api.calls().is_empty());
    insta::assert_snapshot!(told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_ends_behind_as_many_records_as_were_asked_for() {
    let desk = Desk::new().await;
    for (limit, printed, pages) in [("1", 1, 2), ("99", 99, 2), ("100", 100, 2), ("101", 101, 3), ("250", 250, 3), ("999", 250, 3)] {
        desk.api.forget_calls();
        let (code, out, told) = desk.pull(&["--entity", "thing", "--limit", limit]);
        assert_eq!((code, ids(&out)), (0, (1..=printed).collect()), "{limit}: {told}");
        // The next page is on its way while this one is printed.
        assert_eq!(desk.api.calls_to("GET", "/auth/header/cursor"), pages, "{limit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_cannot_be_mapped_is_told_and_the_rest_goes_on() {
    let desk = Desk::new().await;
    let (code, out, told) = desk.pull(&["--entity", "thing", "--canonical"]);
    let keys: BTreeSet<i64> = out.lines().map(|line| parse_str(line).unwrap().get("key").and_then(Value::plain).unwrap().parse().unwrap()).collect();
    let failed: BTreeSet<i64> = told.lines().filter_map(|line| line.strip_prefix("record ")?.split_once(": canonical_invalid: ")?.0.parse().ok()).collect();
    assert_eq!((code, out.lines().count() + failed.len(), keys.union(&failed).count()), (1, 250, 250), "{told}");
    assert!(failed.contains(&1) && keys.contains(&3) && keys.contains(&4), "absent is no quantity, zero is one: {told}");
    assert!(out.lines().next().unwrap().starts_with(r#"{"canonicalType":"stocklevel","canonicalVersion":1,"key":"3","#), "{out}");
    let sum = format!("thing: {} records on 3 pages, {} failed in ", keys.len(), failed.len());
    assert!(told.contains(&sum), "{sum}: {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_ends_the_pull_without_a_word() {
    let desk = Desk::new().await;
    for (more, code) in [(&[][..], 0), (&["--canonical"], 1)] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_pullpush"));
        program.args(["pull", "--definition", "depot.json", "--config", "config.json", "--entity", "thing"]).args(more).current_dir(desk.path());
        let mut child = program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // As `head -n 1` does it.
        let mut line = String::new();
        let mut stdout = BufReader::with_capacity(16, child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        drop(stdout);
        let mut told = String::new();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert!(line.starts_with('{') && line.ends_with("}\n"), "{line}");
        assert_eq!((child.wait().unwrap().code(), told.contains("pullpush:"), told.contains("panicked")), (Some(code), false, false), "{told}");
    }
}
