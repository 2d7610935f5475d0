//! `pullpush pull --snapshot`: the current state of a canonical type, what may be concluded from it, and how it ends.

use document::{Value, parse_str};
use testkit::faults::{Fault, Rule};

use crate::{mapping::run, pull::Desk};

/// A desk whose definition scans its things; `scan` is what the snapshot says beside its entity.
async fn scanning(scan: &str) -> Desk {
    let desk = Desk::new().await;
    let definition = desk.read("depot.json");
    let (before, _) = definition.rsplit_once('}').unwrap();
    desk.write("depot.json", &format!(r#"{before}, "snapshot": {{ "stocklevel": {{ "entity": "thing"{scan} }} }} }}"#));
    desk
}

/// The keys of items, one a line.
#[track_caller]
fn keys(out: &str) -> Vec<String> {
    assert!(out.is_empty() || out.ends_with('\n'), "a line is whole");
    out.lines().map(|line| parse_str(line).unwrap_or_else(|error| panic!("{line}: {error}")).get("key").and_then(Value::plain).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_current_state_is_printed_an_item_a_line_and_what_follows_from_it_is_told() {
    let desk = scanning(r#", "complete": true"#).await;
    let (code, all, told) = desk.pull(&["--snapshot"]);
    let items = keys(&all);
    assert!(code == 0 && items.len() > 100 && items.len() < 250 && !items.contains(&"1".to_owned()), "absent is no quantity: {told}");
    assert!(all.starts_with(r#"{"canonicalType":"stocklevel","key":"3","occurredAt":"2026-01-01T07:13:07Z","fields":{"sku":"3","quantity":0}}"#), "zero is one: {all}");
    assert!(told.starts_with(&format!("stocklevel: {} items on 5 pages in ", items.len())) && told.ends_with("\nthe snapshot is complete: a key that none of its records has is not there\n"), "{told}");
    // Its cursors count, so that each of three pages but the last is looked at again.
    let left_out = 250 - items.len();
    assert!(told.contains(&format!("\nleft out: {left_out} records, 0 of them by a rule of the definition; they are there, and what they say is not known: neither zero nor gone\n  1: `quantity` is not there, or null\n")) && told.contains(&format!("\n  and {} more\n", left_out - 10)), "{told}");
    for (words, printed, said) in [
        // By its type, or by an entity that is mapped to it.
        (&["stocklevel"][..], items.clone(), "the snapshot is complete: "), (&["thing"], items.clone(), "the snapshot is complete: "),
        (&["--only-keys", "4,3,1,3"], vec!["3".to_owned(), "4".to_owned()], "2 of 3 keys asked for; the others are not there, unless they are left out\n"),
        (&["--limit", "2"], vec!["3".to_owned(), "4".to_owned()], "the limit ended the snapshot: nothing follows from what is not among its items\n"),
        (&["--limit", "999"], items.clone(), "the snapshot is complete: "),
    ] {
        let (code, out, told) = desk.pull(&[&["--snapshot"], words].concat());
        assert_eq!((code, keys(&out)), (0, printed), "{words:?}: {told}");
        assert!(told.contains(said), "{words:?}: {told}");
    }
    let desk = scanning("").await;
    let (_, out, told) = desk.pull(&["--snapshot"]);
    assert!(out == all && told.ends_with("the definition does not say that the snapshot is `complete`: nothing follows from what is not among its items\n"), "{told}");
    let (_, _, told) = desk.pull(&["--snapshot", "--only-keys", "3"]);
    assert!(told.ends_with("1 of 1 key asked for; of others nothing is known: the definition does not say that the snapshot is `complete`\n"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_scope_go_into_the_requests_of_a_snapshot() {
    let desk = scanning(r#", "request": { "url": "/{{ field_hint }}", "params": { "limit": 100 } }, "records": { "path": "$.items" }, "only_keys": { "inject": { "in": "query", "name": "ids" }, "batch": 1 }"#).await;
    for (words, code, asked) in [(&["--field-hint", "cursor"][..], 0, 1), (&["--field-hint", "cursor", "--only-keys", "3,4"], 0, 2), (&[], 1, 0)] {
        desk.api.forget_calls();
        let (ended, out, told) = desk.pull(&[&["--snapshot"], words].concat());
        assert_eq!((ended, desk.api.calls_to("GET", "/auth/header/cursor"), out.is_empty()), (code, asked, code == 1), "{words:?}: {told}");
        assert!(keys(&out).iter().take(2).eq(["3", "4"].iter().take(out.lines().count())), "{words:?}: {out}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_only_says_what_is_left_out_is_used_and_keys_are_counted_once_each() {
    let desk = scanning(r#", "absent": ["{{ field_hint == 'nowhere' }}"]"#).await;
    let (code, out, told) = desk.pull(&["--snapshot", "--field-hint", "nowhere"]);
    assert!(code == 0 && out.is_empty() && told.contains("left out: 250 records, 250 of them by a rule"), "{told}");
    // Two records of one key are one key that was found.
    desk.write("depot.json", &desk.read("depot.json").replace(r#""key": "$.id""#, r#""key": "$.qty""#));
    let (code, out, told) = desk.pull(&["--snapshot", "--only-keys", "0"]);
    assert!(code == 0 && out.lines().count() > 1 && told.contains("1 of 1 key asked for; "), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_follows_from_what_is_not_there_where_a_record_is_whose_key_is_not_known() {
    let desk = scanning(r#", "complete": true"#).await;
    // What has no quantity has no key then, and may be anything.
    desk.write("depot.json", &desk.read("depot.json").replace(r#""key": "$.id""#, r#""key": "$.qty""#).replace(r#""quantity": "$.qty""#, r#""quantity": "$.id""#));
    let (code, out, told) = desk.pull(&["--snapshot"]);
    let unknown = 250 - out.lines().count();
    let ending = format!("\nnothing follows from what is not among the items: {unknown} records are there whose key is not known\n");
    assert!(code == 0 && unknown > 1 && told.ends_with(&ending) && !told.contains("the snapshot is complete"), "{told}");
    let (code, out, told) = desk.pull(&["--snapshot", "--only-keys", "0,nowhere"]);
    assert!(code == 0 && out.lines().count() > 1 && told.ends_with(&format!("1 of 2 keys asked for; of the others nothing is known: {unknown} records are there whose key is not known\n")), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_snapshot_is_none_and_what_makes_no_sense_asks_nobody() {
    let desk = scanning(r#", "complete": true"#).await;
    desk.api.faults().push(Rule::once("GET", "/auth/header/cursor", Fault::status(400)).after(1));
    let (code, out, told) = desk.pull(&["--snapshot"]);
    assert!(code == 1 && !out.is_empty() && told.contains(", then it failed\n") && told.contains("\nthe snapshot broke off: nothing follows from what is not among its items\npullpush: the other system answered 400 (destination_rejected)"), "{told}");
    desk.api.forget_calls();
    for (words, said) in [
        (&["--snapshot", "stocklevl"][..], "pullpush: the definition has no snapshot of `stocklevl`; did you mean `stocklevel`?\n    it has: stocklevel\n"), (&["--snapshot", "change"], "pullpush: the definition has no snapshot of `change`\n    it has: stocklevel\n"),
        (&["--snapshot", "--only-keys", "a,,b"], "pullpush: `--only-keys` names keys of 1 to 1024 bytes with commas between them, such as A-1,A-2\n"),
        (&["--snapshot", "--entity", "thing"], "cannot be used with"), (&["--snapshot", "--cursor-file", "at"], "cannot be used with"), (&["--entity", "thing", "--only-keys", "a"], "cannot be used with"), (&["--canonical", "--field-hint", "a"], "cannot be used with"), (&["--field-hint", "a"], "--snapshot [<TYPE>]"),
    ] {
        let (code, out, told) = desk.pull(words);
        assert!(code == 2 && out.is_empty() && told.contains(said), "{words:?}: {code} {told}");
    }
    let (code, _, told) = desk.pull(&["--snapshot", "--field-hint", "north"]);
    let unused = "pullpush: nothing of the snapshot of `stocklevel` looks at a scope, so `--field-hint` would change nothing\n    leave it out, or write `{{ field_hint }}` where it belongs in its `request`, or in a condition of its `absent`\n";
    assert!(code == 2 && told.starts_with(unused), "{told}");
    let bare = Desk::new().await;
    let (code, _, told) = bare.pull(&["--snapshot"]);
    assert!(code == 2 && told.starts_with("pullpush: the definition has no snapshot\n    a snapshot is how the current state of a canonical type is read: the definition declares it as `snapshot`\n"), "{told}");
    assert!(desk.api.calls().is_empty() && bare.api.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_is_recorded_is_a_test_of_its_items_and_of_what_was_asked_for() {
    let desk = scanning(r#", "request": { "url": "/{{ field_hint }}", "params": { "limit": 100 } }, "records": { "path": "$.items" }, "only_keys": { "inject": { "in": "query", "name": "ids" } }"#).await;
    let words = ["--snapshot", "--field-hint", "cursor", "--record", "recorded.json"];
    for (more, said) in [(&[][..], "(50 items, 50 left out, 1 request)\n"), (&["--only-keys", "3,4"], "(2 items, 1 request)\n")] {
        drop(std::fs::remove_file(desk.path().join("recorded.json")));
        let (code, out, told) = desk.pull(&[&words[..], more].concat());
        assert!(code == 0 && told.ends_with("recorded.json: the run is recorded, 1 request; secrets are replaced, what records say is not: look through it before you share it\n"), "{told}");
        let (code, played, _) = run(desk.path(), &["definition", "test", "recorded.json"], "");
        assert!(code == 0 && played.starts_with("recorded.json: passed stocklevel of 2026-01-31T09:00:00Z (") && played.ends_with(&said.replace("item", "record")), "{played}");
        let text = desk.read("recorded.json");
        assert!(!text.contains(testkit::Api::KEY) && text.contains("\"field_hint\":") == text.contains("\"snapshot\":") && text.contains("\"left_out\":") == more.is_empty(), "{text}");
        desk.write("recorded.json", &text.replace(r#""quantity": "$.qty""#, r#""quantity": "$.id""#).replace(r#""quantity":"$.qty""#, r#""quantity":"$.id""#));
        let (code, played, _) = run(desk.path(), &["definition", "test", "recorded.json"], "");
        assert!(code == 1 && (played.contains("item /0/fields/quantity: 0 is expected, and it is 3") || played.contains("item /0/key: \"3\" is expected, and it is \"1\"")), "{out} {played}");
    }
    desk.api.forget_calls();
    let (code, _, told) = desk.pull(&[&words[..], &["--limit", "1"]].concat());
    assert!(code == 2 && told.starts_with("pullpush: a test reads a snapshot to its end\n    leave out `--limit`, or `--record`\n") && desk.api.calls().is_empty(), "{told}");
}
