//! Runs that are recorded: they are tests that pass, and no secret is in them.

use std::fs;

use document::{Value, parse_str};
use testkit::{Api, faults::{Fault, Rule}};

use crate::{mapping::run, pull::Desk, root};

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_recorded_is_a_test_that_passes_and_holds_no_secret() {
    let desk = Desk::new().await;
    fs::copy(root().join("examples/families/api.json"), desk.path().join("depot.json")).unwrap();
    for (number, (auth, door, secrets)) in [("query", "/auth/query", Api::KEY), ("login", "/server", Api::TOKEN), ("oauth", "/oauth", "unused"), ("refresh", "/oauth", "unused")].into_iter().enumerate() {
        let base = if auth == "login" { "" } else { door };
        let values = [("base_url", format!("{}{base}", desk.api.url())), ("login_url", format!("{}/auth/login", desk.api.url())), ("auth", auth.to_owned()), ("secret", secrets.to_owned()), ("client_id", Api::USER.to_owned()), ("client_secret", Api::PASSWORD.to_owned()), ("refresh_token", "refresh-0".to_owned())];
        desk.write("config.json", &Value::Object(values.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect()).to_string());
        let (code, out, told) = desk.pull(&["--entity", "cursor", "--record", "recorded.json"]);
        assert_eq!((code, out.lines().count()), (0, 250), "{auth}: {told}");
        assert!(told.contains("recorded.json: the run is recorded, "), "{auth}: {told}");
        let recorded = desk.read("recorded.json");
        for secret in [Api::KEY, Api::TOKEN, Api::PASSWORD, "\"login-", "\"access-", "\"refresh-"] {
            assert!(!recorded.contains(secret), "{auth}: {secret}");
        }
        let (code, out, told) = run(desk.path(), &["definition", "test", "recorded.json"], "");
        // Each run is one test more.
        assert_eq!((code, out.lines().count(), told.as_str()), (0, number + 1, ""), "{auth}: {out}");
    }
    // A refresh token is good once: the next one stands where it stood, and the next run begins with it.
    let first = parse_str(&desk.read("config.json")).unwrap();
    assert!(first.get("refresh_token").and_then(Value::as_str).is_some_and(|token| token.starts_with("refresh-") && token != "refresh-0"), "{first}");
    let (code, out, told) = desk.pull(&["--entity", "cursor"]);
    assert_eq!((code, out.lines().count()), (0, 250), "{told}");
    let second = parse_str(&desk.read("config.json")).unwrap();
    assert_ne!(first.get("refresh_token"), second.get("refresh_token"));
    assert_eq!((first.get("auth"), first.get("client_secret")), (second.get("auth"), second.get("client_secret")), "all else stays as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn values_from_a_pipe_are_warned_of_and_a_refresh_token_that_is_good_for_one_use_is_not_spent() {
    let desk = Desk::new().await;
    fs::copy(root().join("examples/families/api.json"), desk.path().join("depot.json")).unwrap();
    let values = [("base_url", format!("{}/oauth", desk.api.url())), ("login_url", format!("{}/auth/login", desk.api.url())), ("auth", "refresh".to_owned()), ("secret", "unused".to_owned()), ("client_id", Api::USER.to_owned()), ("client_secret", Api::PASSWORD.to_owned()), ("refresh_token", "refresh-0".to_owned())];
    let values = Value::Object(values.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect()).to_string();
    let (code, out, told) = run(desk.path(), &["pull", "--definition", "depot.json", "--config", "/dev/stdin", "--entity", "cursor"], &values);
    assert_eq!((code, out.as_str()), (1, ""), "{told}");
    assert!(told.starts_with("/dev/stdin cannot be written: it is no file\n    a refresh token that replaces the one in it cannot be kept: then the run fails, and "), "{told}");
    assert!(told.contains("the refresh token is good for one use, and the next one could not be kept in /dev/stdin: it is no file; nothing was asked, and it is good still: name a file (needs_auth)\n"), "{told}");
    assert!(!told.contains("refresh-") && !told.contains(Api::PASSWORD) && !told.contains("access-"), "{told}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_replaced_where_a_link_to_the_file_leads() {
    let desk = Desk::new().await;
    fs::copy(root().join("examples/families/api.json"), desk.path().join("depot.json")).unwrap();
    let values = [("base_url", format!("{}/oauth", desk.api.url())), ("login_url", format!("{}/auth/login", desk.api.url())), ("auth", "refresh".to_owned()), ("secret", "unused".to_owned()), ("client_id", Api::USER.to_owned()), ("client_secret", Api::PASSWORD.to_owned()), ("refresh_token", "refresh-0".to_owned())];
    fs::create_dir(desk.path().join("kept")).unwrap();
    desk.write("kept/values.json", &Value::Object(values.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect()).to_string());
    fs::remove_file(desk.path().join("config.json")).unwrap();
    // A link to a link, each from where it stands.
    std::os::unix::fs::symlink("values.json", desk.path().join("kept/today.json")).unwrap();
    std::os::unix::fs::symlink("kept/today.json", desk.path().join("config.json")).unwrap();
    for _ in 0..2 {
        let (code, out, told) = desk.pull(&["--entity", "cursor"]);
        assert_eq!((code, out.lines().count()), (0, 250), "{told}");
        assert!(["config.json", "kept/today.json"].iter().all(|link| desk.path().join(link).is_symlink()), "a link stays one");
        let kept = parse_str(&desk.read("kept/values.json")).unwrap();
        assert!(kept.get("refresh_token").and_then(Value::as_str).is_some_and(|token| token.starts_with("refresh-") && token != "refresh-0"), "{kept}");
    }
    assert_eq!(fs::read_dir(desk.path().join("kept")).unwrap().count(), 2, "nothing is left beside it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_run_can_be_recorded_too() {
    let desk = Desk::new().await;
    for (words, line) in [
        (&["--entity", "thing", "--limit", "5"][..], "passed thing of 2026-01-31T09:00:00Z (5 records, 2 requests)"),
        (&["--entity", "thing", "--limit", "150", "--canonical"], "passed thing of 2026-01-31T09:00:00Z ("),
        (&["--entity", "thing", "--cursor", "YXQgMTAw"], "passed thing of 2026-01-31T09:00:00Z (150 records, 2 requests)"),
        (&["--entity", "change", "--cursor", "2026-01-20T00:00:00Z", "--limit", "30"], "passed change of 2026-01-31T09:00:00Z (30 records, 3 requests)"),
    ] {
        drop(fs::remove_file(desk.path().join("recorded.json")));
        let (_, _, told) = desk.pull(&[words, &["--record", "recorded.json"]].concat());
        assert!(told.contains("the run is recorded"), "{words:?}: {told}");
        let (code, out, _) = run(desk.path(), &["definition", "test", "recorded.json"], "");
        assert!(code == 0 && out.starts_with(&format!("recorded.json: {line}")), "{words:?}: {out}");
    }
    // One of something is one.
    desk.write("one.json", &desk.read("depot.json").replace(r#""pagination": { "type": "cursor", "from": "$.paging.next", "more": "$.paging.has_more", "inject": { "in": "query", "name": "after" } }"#, r#""errors": []"#));
    let (code, _, told) = run(desk.path(), &["pull", "--definition", "one.json", "--config", "config.json", "--entity", "thing", "--record", "first.json"], "");
    assert!(code == 0 && told.contains("first.json: the run is recorded, 1 request; secrets are replaced"), "{told}");
    // A run that fails is a test of how it fails.
    desk.api.faults().push(Rule::once("GET", "/auth/header/cursor", Fault::status(400)).after(1));
    let (code, _, _) = desk.pull(&["--entity", "thing", "--record", "failed.json"]);
    let (passed, out, _) = run(desk.path(), &["definition", "test", "failed.json"], "");
    assert_eq!((code, passed, out.as_str()), (1, 0, "failed.json: passed thing of 2026-01-31T09:00:00Z (100 records, 2 requests)\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_no_test_can_hold_is_not_recorded() {
    let desk = Desk::new().await;
    desk.write("depot.json", &desk.read("depot.json").replace("\"limit\": 100", "\"limit\": 1"));
    let (code, out, told) = desk.pull(&["--entity", "thing", "--record", "recorded.json"]);
    assert_eq!((code, out.lines().count()), (1, 250));
    assert!(told.ends_with("pullpush: recorded.json: nothing is recorded: 250 requests are more than a test holds; end the run earlier, with `--limit`\n"), "{told}");
    assert!(!desk.path().join("recorded.json").exists());
    let (code, _, told) = desk.pull(&["--entity", "thing", "--record", "recorded.json", "--limit", "150"]);
    assert_eq!(code, 0, "{told}");
    assert_eq!(run(desk.path(), &["definition", "test", "recorded.json"], "").1, "recorded.json: passed thing of 2026-01-31T09:00:00Z (150 records, 151 requests)\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_computes_something_of_a_secret_is_not_recorded() {
    let desk = Desk::new().await;
    let definition = desk.read("depot.json");
    for (computed, recorded) in [("sha256('a')", true), ("sha256(config.key)", false), ("slice(config.key, 0, 6)", false)] {
        desk.write("depot.json", &definition.replace(r#""limit": 100 }"#, &format!(r#""limit": 100, "sig": "{{{{ {computed} }}}}" }}"#)));
        drop(fs::remove_file(desk.path().join("recorded.json")));
        let (code, out, told) = desk.pull(&["--entity", "thing", "--record", "recorded.json"]);
        assert_eq!((code, out.lines().count()), (i32::from(!recorded), 250), "{computed}: {told}");
        assert_eq!((told.contains("nothing is recorded: played with made-up secrets"), desk.path().join("recorded.json").exists()), (!recorded, recorded), "{computed}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_is_refused_stands_in_the_test_and_so_do_the_events_of_the_others() {
    let desk = Desk::new().await;
    let (code, out, told) = desk.pull(&["--entity", "thing", "--canonical", "--limit", "3", "--record", "recorded.json"]);
    assert_eq!((code, out.lines().count()), (1, 3), "{told}");
    let recorded = parse_str(&desk.read("recorded.json")).unwrap();
    let expect = recorded.get("tests").and_then(Value::items).and_then(<[Value]>::first).and_then(|test| test.get("expect")).unwrap();
    let many = |key: &str| expect.get(key).and_then(Value::items).unwrap_or_default().len();
    assert_eq!(expect.get("records"), Some(&Value::from(i64::try_from(3 + many("refused")).unwrap())), "{expect}");
    assert_eq!((many("events"), expect.get("refused").and_then(Value::items).and_then(<[Value]>::first)), (3, Some(&parse_str(r#"{"id":"1","code":"canonical_invalid"}"#).unwrap())), "{expect}");
    let played = || run(desk.path(), &["definition", "test", "recorded.json"], "").1;
    assert!(played().starts_with("recorded.json: passed "));
    // What is refused is as much of the test as what is not.
    let text = desk.read("recorded.json");
    for (from, to, said) in [
        (r#""quantity": "$.qty""#, r#""quantity": "$.id""#, "events are expected, and there are"), (r#"{"id":"1","code":"canonical_invalid"}"#, r#"{"id":"1","code":"record_without_key"}"#, r#"refused record /0/code: "record_without_key" is expected, and it is "canonical_invalid""#),
    ] {
        let changed = text.replace(from, to).replace(&from.replace(": ", ":"), &to.replace(": ", ":"));
        assert_ne!(changed, text, "{from}");
        desk.write("recorded.json", &changed);
        let played = played();
        assert!(played.contains("FAILED") && played.contains(said), "{said}: {played}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_records_stand_in_the_test_of_a_run_that_maps_nothing_or_their_ids_where_they_are_large() {
    let desk = Desk::new().await;
    let definition = desk.read("depot.json");
    for (name, add, key, said) in [("small", "", "data", "record /"), ("large", r#", "add": { "note": "{{ pad('x', 999) }}" }"#, "ids", "id /")] {
        desk.write("depot.json", &definition.replace(r#""path": "$.items", "primary_key": "$.id""#, &format!(r#""path": "$.items", "primary_key": "$.id"{add}"#)));
        let file = format!("{name}.json");
        let (code, _, told) = desk.pull(&["--entity", "thing", "--record", &file]);
        assert_eq!(code, 0, "{name}: {told}");
        let text = desk.read(&file);
        let expect = parse_str(&text).unwrap().get("tests").and_then(Value::items).and_then(<[Value]>::first).and_then(|test| test.get("expect")).cloned().unwrap();
        let keys: Vec<&str> = expect.entries().unwrap().iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!((keys, expect.get(key).and_then(Value::items).map(<[Value]>::len)), (vec!["records", key], Some(250)), "{name}");
        assert_eq!(run(desk.path(), &["definition", "test", &file], "").0, 0, "{name}");
        // As many records, of which one is another.
        let other = text.replacen(r#""id":7,"#, r#""id":7007,"#, 1).replacen(r#""id": 7,"#, r#""id": 7007,"#, 1);
        assert_ne!(other, text, "{name}");
        desk.write(&file, &other);
        let played = run(desk.path(), &["definition", "test", &file], "").1;
        assert!(played.contains("FAILED") && played.contains(said), "{name}: {played}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_definition_is_not_recorded_into_and_the_same_is_whatever_its_tests_are() {
    let desk = Desk::new().await;
    let definition = desk.read("depot.json");
    desk.write("other.json", &definition.replace("\"Depot\"", "\"Store\""));
    let kept = desk.read("other.json");
    let words = ["--entity", "thing", "--limit", "1", "--record"];
    let (code, out, told) = desk.pull(&[&words[..], &["other.json"]].concat());
    assert!(code == 2 && out.is_empty() && told.starts_with("pullpush: other.json is another definition than depot.json, and nothing was asked\n    a test belongs to the definition it was read with: name a file that is not there yet, or depot.json itself\n"), "{told}");
    assert_eq!((desk.api.calls().len(), desk.read("other.json")), (0, kept));
    // How it is laid out, and which tests it has, makes no other of it.
    desk.write("same.json", &parse_str(&definition).unwrap().to_string());
    for file in ["same.json", "same.json", "depot.json"] {
        assert_eq!(desk.pull(&[&words[..], &[file]].concat()).0, 0, "{file}");
    }
    for (file, tests) in [("same.json", 2), ("depot.json", 1)] {
        assert_eq!(run(desk.path(), &["definition", "test", file], "").1.lines().count(), tests, "{file}");
    }
}
