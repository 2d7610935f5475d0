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
fn what_was_touched_is_paid_for_whenever_it_is_put_together_to_be_looked_at() {
    let record = format!(r#"{{"all":{}}}"#, wide(20_000, |at| format!("k{at}")));
    let touch = r#"{"op":"set","field":"all.x","value":1}"#;
    let looks = [r#"{"op":"wrap","field":"none","as":"y","when":"{{ is_null(record.all) }}"}"#, r#"{"op":"cast","field":"all","to":"string","on_error":"keep"}"#];
    for look in looks {
        assert_eq!(mapped(&format!("{touch},{}", vec![look; 20].join(",")), &record), Ok(1), "{look}");
        assert_eq!(mapped(&format!("{touch},{}", vec![look; 200].join(",")), &record), Err("fuel_spent"), "{look}");
    }
    let names = vec!["is_null(record.all)"; 2000].join(" or ");
    assert_eq!(mapped(&format!(r#"{touch},{{"op":"filter","where":"{{{{ not ({names}) }}}}"}}"#), &record), Err("fuel_spent"));
}

#[test]
fn what_a_text_of_json_becomes_is_paid_for() {
    let text = format!("[{}1]", "1,".repeat(200_000));
    let record = format!(r#"{{"a":"{text}"}}"#);
    let copies: Vec<String> = (0..40).map(|at| format!(r#"{{"op":"map","to":"b{at}","from":"a"}},{{"op":"cast","field":"b{at}","to":"json"}}"#)).collect();
    assert_eq!(mapped(&copies[0], &record), Ok(2));
    assert_eq!(mapped(&copies.join(","), &record), Err("fuel_spent"));
}

#[test]
fn what_nests_too_deeply_is_refused_wherever_it_is_put_and_never_walked() {
    let many = |op: &str, times: usize| vec![op; times].join(",");
    for op in [
        r#"{"op":"rename","from":"$","to":"a.a.a.a.a.a.a.a"}"#, r#"{"op":"map","from":"$","to":"b.b.b.b.b.b.b.b"}"#, r#"{"op":"template","to":"$","value":"{{ [[[[[[[[record]]]]]]]] }}"}"#,
        r#"{"op":"template","to":"x","value":"{{ {a: {a: {a: {a: {a: {a: {a: record.x}}}}}}} }}"}"#, r#"{"op":"rename","keys":{"match":"^(.*)$","to":"a.a.a.a.a.a.a.a.$1"}}"#, r#"{"op":"wrap","field":"list","as":"y"},{"op":"wrap","field":"list","as":"y"},{"op":"wrap","field":"list","as":"y"}"#,
        r#"{"op":"each","path":"$[*]","ops":[{"op":"rename","from":"$","to":"a.a.a.a.a.a.a.a"}]}"#, r#"{"op":"rename","from":"$","to":"a.b.c.d"},{"op":"entries","field":"a","key_as":"k","value_as":"v"},{"op":"rename","from":"a","to":"x"}"#,
    ] {
        assert_eq!(mapped(&many(op, 100), r#"{"x":{"y":1},"list":[1]}"#), Err("mapping_too_deep"), "{op}");
    }
}

#[test]
fn a_record_that_becomes_deeper_than_records_may_be_is_refused_and_not_written() {
    let nested = |levels: usize| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
    for (levels, op, expected) in [
        (60, r#"{"op":"rename","from":"$","to":"b.b.b.b"}"#, Ok(1)), (61, r#"{"op":"rename","from":"$","to":"b.b.b.b"}"#, Err("mapping_too_deep")), (64, r#"{"op":"set","field":"b","value":1}"#, Ok(2)),
        (64, r#"{"op":"wrap","field":"x","as":"y"}"#, Ok(1)), (63, r#"{"op":"template","to":"b","value":"{{ [record.a] }}"}"#, Ok(2)), (63, r#"{"op":"template","to":"b","value":"{{ [[record.a]] }}"}"#, Err("mapping_too_deep")),
        // Deep in one place, and put deeper in another.
        (64, r#"{"op":"set","field":"b","value":{"c":[1]}},{"op":"remove","paths":"b.c"}"#, Ok(2)), (64, r#"{"op":"rename","from":"a.a.a.a","to":"b"}"#, Ok(2)),
    ] {
        assert_eq!(mapped(op, &nested(levels)), expected, "{levels} {op}");
    }
    let lines = format!(r#"{{"lines":[{}]}}"#, vec![r#"{"sku":{"a":[[[1]]]}}"#; 3000].join(","));
    let each = |to: &str| format!(r#"{{"op":"each","path":"$.lines[*]","ops":[{{"op":"rename","from":"sku","to":"{to}"}}]}}"#);
    assert_eq!(mapped(&each(&vec!["b"; 57].join(".")), &lines), Ok(1));
    assert_eq!(mapped(&each(&vec!["b"; 60].join(".")), &lines), Err("mapping_too_deep"), "of a large array, too");
}
