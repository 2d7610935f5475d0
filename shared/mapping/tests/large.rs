//! Large arrays are written out piece by piece: nothing else about them may differ from small ones.
#![expect(clippy::unwrap_used, reason = "the helper beside the tests may fail as loudly as the tests")]

use std::fmt::Write;

use document::Limits;
use mapping::{Draft, Error, Outcome, Run, Runner};
use proptest::prelude::*;

/// The only function here that knows how a mapping is compiled and run.
fn mapped(ops: &str, input: &str) -> Result<String, Error> {
    let mapping = Draft::parse(ops).unwrap().check().into_checked().unwrap_or_else(|report| panic!("{ops}: {:?}", report.findings()));
    let mut out = Vec::new();
    let run = Run { id: "run_1", ..Run::at("2026-11-21T12:00:00Z".parse().unwrap()) };
    assert_eq!(Runner::new(&mapping, Limits::default()).run(input.as_bytes(), &run, &mut out)?, Outcome::Mapped);
    Ok(String::from_utf8(out).unwrap())
}

fn list(count: usize, element: impl Fn(usize) -> String) -> String {
    format!("[{}]", (0..count).map(element).collect::<Vec<_>>().join(","))
}

/// So many elements are many.
const MANY: usize = 3000;
const CAST: &str = r#"{"op":"each","path":"$.lines[*]","ops":[{"op":"cast","field":"qty","to":"integer"},{"op":"filter","where":"{{ item.qty != 3 }}"}]}"#;

fn record(count: usize) -> String {
    format!(r#"{{"id":1,"lines":{},"note":"ä"}}"#, list(count, |index| format!(r#"{{"sku":"å{index}","qty":"{}"}}"#, index % 7)))
}

#[test]
fn many_elements_become_what_few_become() {
    for count in [0, 1, 10, 300, MANY, 10 * MANY] {
        let kept: Vec<_> = (0..count).filter(|index| index % 7 != 3).map(|index| format!(r#"{{"sku":"å{index}","qty":{}}}"#, index % 7)).collect();
        let expected = format!(r#"{{"id":1,"lines":[{}],"note":"ä"}}"#, kept.join(","));
        assert!(mapped(&format!("[{CAST}]"), &record(count)).unwrap() == expected, "{count}");
    }
}

#[test]
fn a_later_operation_sees_what_was_made() {
    for (then, expected) in [
        (r#"{"op":"template","to":"lines","value":"{{ length(record.lines) }}"}"#, r#"{"id":1,"lines":2571,"note":"ä"}"#),
        (r#"{"op":"template","to":"lines","value":"{{ record.lines[3].qty }}"}"#, r#"{"id":1,"lines":4,"note":"ä"}"#),
        (r#"{"op":"lookup","table":"t","key":"$.lines[-1].sku","to":"lines"}"#, r#"{"id":1,"lines":"last","note":"ä"}"#),
        (r#"{"op":"group","field":"lines","by":"qty"},{"op":"template","to":"lines","value":"{{ record.lines | map('qty') }}"}"#, r#"{"id":1,"lines":[0,1,2,4,5,6],"note":"ä"}"#),
        (r#"{"op":"dedupe","field":"lines","by":"qty"},{"op":"each","path":"$.lines[*]","ops":[{"op":"cast","field":"qty","to":"string"}]},{"op":"template","to":"lines","value":"{{ record.lines | map('qty') | join('') }}"}"#, r#"{"id":1,"lines":"012456","note":"ä"}"#),
        (r#"{"op":"template","to":"$.lines[0]","value":"{{ true }}"},{"op":"template","to":"lines","value":"{{ [record.lines[0], record.lines[1].qty] }}"}"#, r#"{"id":1,"lines":[true,1],"note":"ä"}"#),
        (r#"{"op":"flatten","field":"lines","arrays":"index","depth":1},{"op":"template","to":"$","value":"{{ record.lines_1 }}"}"#, r#"{"sku":"å1","qty":1}"#),
        (r#"{"op":"flatten","field":"lines","arrays":"json"},{"op":"template","to":"lines","value":"{{ starts_with(record.lines, '[{') }}"}"#, r#"{"id":1,"lines":true,"note":"ä"}"#),
        (r#"{"op":"filter","where":"{{ length(record.lines) == 2571 }}"},{"op":"template","to":"lines","value":"{{ record.id }}"}"#, r#"{"id":1,"lines":1,"note":"ä"}"#),
    ] {
        let ops = format!(r#"{{"tables":{{"t":{{"values":{{"å2998":"last"}}}}}},"ops":[{CAST},{then}]}}"#);
        assert_eq!(mapped(&ops, &record(MANY)).unwrap(), expected, "{then}");
    }
}

#[test]
fn elements_of_many_see_the_record_around_them_and_each_other_not() {
    let ops = r#"[{"op":"template","to":"shop.code","value":"{{ 'S' }}"},{"op":"each","path":"$.lines[*]","ops":[{"op":"template","to":"sku","value":"{{ record.shop.code }}{{ length(record.lines) }}{{ item.qty }}"}]}]"#;
    let expected = format!(r#"{{"id":1,"lines":{},"note":"ä","shop":{{"code":"S"}}}}"#, list(MANY, |index| format!(r#"{{"sku":"S{MANY}{0}","qty":"{0}"}}"#, index % 7)));
    assert!(mapped(ops, &record(MANY)).unwrap() == expected);
}

#[test]
fn many_in_many_and_members_of_large_objects_are_changed_in_place() {
    let ops = r#"[{"op":"each","path":"$[*].all[*]","ops":[{"op":"cast","field":"$","to":"integer"}]}]"#;
    let record = |number: &dyn Fn(usize) -> String| format!(r#"[{},{{"all":{}}}]"#, (0..9).map(|_| format!(r#"{{"all":{}}}"#, list(MANY, number))).collect::<Vec<_>>().join(","), {
        let mut object = String::from("{");
        (0..MANY).for_each(|index| write!(object, r#"{}"k/{index}":{}"#, if index > 0 { "," } else { "" }, number(index)).unwrap());
        object + "}"
    });
    assert!(mapped(ops, &record(&|index| format!("\"{index}\""))).unwrap() == record(&|index| index.to_string()));
}

#[test]
fn a_failure_names_the_element_among_many() {
    let lines = list(MANY, |index| if index == 2345 { r#"{"qty":"many"}"#.into() } else { r#"{"qty":1}"#.into() });
    let error = mapped(&format!("[{CAST}]"), &format!(r#"{{"lines":{lines}}}"#)).unwrap_err();
    let Error::Failure(failure) = error else { panic!("{error}") };
    assert_eq!((failure.code, &*failure.op, &*failure.pointer), ("mapping_cast", "/0/ops/0", "/lines/2345/qty"));
}

#[test]
fn identifiers_made_inside_differ_from_element_to_element_and_stay_from_run_to_run() {
    for count in [3, MANY] {
        let ops = r#"[{"op":"each","path":"$[*]","ops":[{"op":"template","to":"$","value":"{{ uuid() }}"}]}]"#;
        let input = list(count, |_| "1".into());
        let made = mapped(ops, &input).unwrap();
        let distinct: std::collections::HashSet<_> = made.trim_matches(['[', ']']).split(',').collect();
        assert_eq!(distinct.len(), count);
        assert_eq!(made, mapped(ops, &input).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn doing_nothing_to_every_element_gives_the_record_back(count in 0_usize..2000, pieces in proptest::collection::vec("[a-zåäö\"\\\\/~ 0-9.]{0,12}", 1..8)) {
        let element = |index: usize| {
            let text = document::Value::from(pieces[index % pieces.len()].as_str()).to_string();
            format!(r#"{{"a":{text},"b":[1.50,null,{{}}],"c":{index}}}"#)
        };
        let input = format!(r#"{{"z":1,"l":{}}}"#, list(count, element));
        let nothing = r#"[{"op":"each","path":"$.l[*]","ops":[]},{"op":"each","path":"$.l[*].b[*]","ops":[]}]"#;
        prop_assert_eq!(mapped(nothing, &input).unwrap(), mapped("[]", &input).unwrap());
    }
}
