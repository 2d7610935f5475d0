//! Absent is not zero: every way to give a stock level a quantity its source does not say is refused when the mapping is
//! written, and honest mappings are not.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

use document::{Value, parse_str};
use fault::Severity;
use mapping::{Draft, Ends};

fn cases(text: &str) -> Vec<Value> {
    parse_str(text).unwrap().get("cases").and_then(Value::items).unwrap().to_vec()
}

/// The codes and places of the findings that refuse a mapping of stock levels: written for a flow, and again where it names its ends itself.
fn refused(case: &Value) -> Vec<String> {
    let ops = case.get("ops").unwrap();
    let from = case.get("from").map_or_else(|| r#""stocklevel""#.to_owned(), Value::to_string);
    let tables = case.get("tables").map_or_else(|| "{}".to_owned(), Value::to_string);
    let written = if case.get("tables").is_some() { format!(r#"{{"tables":{tables},"ops":{ops}}}"#) } else { ops.to_string() };
    let named = format!(r#"{{"mapping":{{"from":{from},"to":"stocklevel@1"}},"tables":{tables},"ops":{ops}}}"#);
    let places = |report: mapping::Report| -> Vec<String> {
        let errors = report.findings().iter().filter(|finding| finding.severity == Severity::Error && finding.code != "mapping_not_here");
        errors.map(|finding| format!("{} {}", finding.code, finding.pointer.strip_prefix("/ops").unwrap_or(&finding.pointer))).collect()
    };
    let flow = places(Draft::parse(&written).unwrap().check_between(&Ends::flow("stocklevel")));
    assert_eq!(places(Draft::parse(&named).unwrap().check()), flow, "{ops}");
    flow
}

#[test]
fn a_quantity_the_source_does_not_say_is_refused_where_it_is_made_up() {
    let mut passed = Vec::new();
    let cases = cases(include_str!("../corpus/stock/refused.json"));
    assert!(cases.len() >= 25);
    for case in &cases {
        let at = case.get("at").and_then(Value::as_str).unwrap();
        let expected = format!("mapping_stock_default {}", at.strip_prefix("/ops").unwrap_or(at));
        let refused = refused(case);
        if refused.iter().filter(|refused| refused.starts_with("mapping_stock_default")).ne([&expected]) {
            passed.push(format!("{}: {refused:?}", case.get("ops").unwrap()));
        }
    }
    assert!(passed.is_empty(), "{} of {}:\n{}", passed.len(), cases.len(), passed.join("\n"));
}

#[test]
fn a_mapping_that_says_no_more_than_its_source_is_accepted() {
    let cases = cases(include_str!("../corpus/stock/accepted.json"));
    assert!(cases.len() >= 15);
    let wrong: Vec<_> = cases.iter().map(|case| (case.get("ops").unwrap().to_string(), refused(case))).filter(|(_, refused)| !refused.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_makes_up_a_number_is_fine_where_no_stock_levels_come_out() {
    for case in cases(include_str!("../corpus/stock/refused.json")) {
        let document = format!(r#"{{"tables":{},"ops":{}}}"#, case.get("tables").map_or_else(|| "{}".to_owned(), Value::to_string), case.get("ops").unwrap());
        let report = Draft::parse(&document).unwrap().check();
        assert!(report.findings().iter().all(|finding| finding.code != "mapping_stock_default"), "{:?}", report.findings());
    }
}
