//! Large records: work stays linear in their size, or ends with a named failure; what is hostile is not slow.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

use document::{Limits, parse};
use fault::Fault;
use mapping::{Draft, Outcome, Run, Runner};

/// How many members the record has afterwards, or the code of the failure.
fn mapped(ops: &str, record: &str) -> Result<usize, &'static str> {
    let mapping = Draft::parse(&format!("[{ops}]")).unwrap().check().into_checked().unwrap_or_else(|report| panic!("{:?}", report.findings()));
    let mut out = Vec::new();
    match Runner::new(&mapping, Limits::default()).run(record.as_bytes(), &Run::at("2026-11-21T12:00:00Z".parse().unwrap()), &mut out) {
        Ok(Outcome::Mapped) => Ok(parse(&out, &Limits::default()).unwrap().entries().map_or(0, <[_]>::len)),
        Ok(outcome) => panic!("{outcome:?}"),
        Err(error) => Err(error.code()),
    }
}

/// `{"cf_0":0,…}`.
fn wide(members: usize, key: impl Fn(usize) -> String) -> String {
    format!("{{{}}}", (0..members).map(|at| format!(r#""{}":{at}"#, key(at))).collect::<Vec<_>>().join(","))
}

#[test]
fn tens_of_thousands_of_members_are_renamed_moved_and_picked() {
    let record = wide(30_000, |at| format!("cf_{at}Id"));
    for (op, left) in [
        (r#"{"op":"rename","keys":{"match":"^cf_(.*)$","to":"$1"}}"#, 30_000),
        (r#"{"op":"rename","keys":{"match":"^cf_(.*)$","to":"custom.$1"}}"#, 1),
        (r#"{"op":"rename","keys":{"match":"^cf_(.).*$","to":"$1"},"on_conflict":"replace"}"#, 10),
        (r#"{"op":"rename","keys":{"match":"^cf_(.).*$","to":"$1"},"on_conflict":"keep"}"#, 30_000),
        (r#"{"op":"keys","case":"snake","deep":true}"#, 30_000),
        (r#"{"op":"keys","replace":{"from":"cf_","to":""},"on_conflict":"keep"}"#, 30_000),
        (r#"{"op":"drop_empty","deep":true}"#, 30_000),
        (r#"{"op":"pick","fields":["cf_7Id","cf_29999Id"]}"#, 2),
        (r#"{"op":"remove","paths":"$[*]"}"#, 0),
    ] {
        assert_eq!(mapped(op, &record), Ok(left), "{op}");
    }
}

#[test]
fn as_many_objects_appear_as_names_ask_for() {
    for (to, left) in [("$1.$2", 20_000), ("$2.$1", 2), ("all.$1$2", 1)] {
        let op = format!(r#"{{"op":"rename","keys":{{"match":"^(.*)_(.*)$","to":"{to}"}}}}"#);
        assert_eq!(mapped(&op, &wide(20_000, |at| format!("{at}_{}", at % 2))), Ok(left), "{to}");
    }
    let op = r#"{"op":"rename","keys":{"match":"^(.*)_(.*)$","to":"all.$1.$2"}}"#;
    assert_eq!(mapped(op, &wide(20_000, |at| format!("{at}_x"))), Err("fuel_spent"), "what is searched name by name is paid for");
}

#[test]
fn a_record_that_grows_large_on_the_way_gets_no_name_twice() {
    for members in 60..68 {
        let few = wide(members, |at| if at + 1 == members { "old_x".into() } else { format!("{at}_x") });
        let record = format!(r#"{{"old":{{"y":1}},{}"#, &few[1..]);
        assert_eq!(mapped(r#"{"op":"rename","keys":{"match":"^(.*)_(.*)$","to":"$1.$2"}}"#, &record), Ok(members), "{members}");
    }
}

#[test]
fn constants_and_copies_are_paid_for_where_they_multiply() {
    let large = format!("[{}1]", "1,".repeat(50_000));
    let record = format!(r#"{{"lines":[{}{{}}]}}"#, "{},".repeat(50_000));
    for inner in [format!(r#"{{"op":"set","field":"a","value":{large}}}"#), format!(r#"{{"op":"default","field":"a","value":{large}}}"#)] {
        assert_eq!(mapped(&format!(r#"{{"op":"each","path":"$.lines[*]","ops":[{inner}]}}"#), &record), Err("fuel_spent"));
    }
    let doubled = vec![r#"{"op":"map","to":"pair.left","from":"all"},{"op":"map","to":"pair.right","from":"all"},{"op":"map","to":"all","from":"pair"}"#; 40].join(",");
    assert_eq!(mapped(&doubled, r#"{"all":1}"#), Err("fuel_spent"));
}

#[test]
fn what_nests_too_deeply_is_refused_and_not_walked() {
    let deeper = vec![r#"{"op":"rename","from":"$","to":"a.a.a.a.a.a.a.a"}"#; 40].join(",");
    for op in [r#"{"op":"keys","case":"snake","deep":true}"#, r#"{"op":"drop_empty","deep":true}"#] {
        assert_eq!(mapped(&format!("{deeper},{op}"), r#"{"x":1}"#), Err("mapping_too_deep"), "{op}");
    }
}
