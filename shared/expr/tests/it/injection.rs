//! What is written to be evaluated by other template languages: here it is data, a finding, or plain arithmetic.
//!
//! The snapshot shows what each payload is: refused with a code, unknown at its place, absent, or a value.

use std::fmt::Write as _;

use document::{Arena, Fuel, Item, Limits, Parser};
use expr::{Cx, DEFAULT_FUEL, Scope, Template};

fn became(payload: &str) -> String {
    let template = match Template::parse(payload) {
        Ok(template) => template,
        Err(problems) => return problems[0].code.to_owned(),
    };
    let scope = Scope::new().open("record").members("config", ["token"]);
    if let Some(problem) = template.check(&scope).first() {
        return format!("{}: {}", problem.code, problem.message);
    }
    let mut parser = Parser::new(Limits::default());
    let record = parser.parse(br#"{"name":"{{7*7}}"}"#).unwrap();
    let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
    let cx = Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH);
    match template.render(&("record", record.root()), &cx) {
        Ok(made) => made.map_or("absent".into(), Item::to_json),
        Err(failure) => failure.code.to_owned(),
    }
}

#[test]
fn a_payload_is_data_or_a_finding_and_nothing_else_happens() {
    let payloads = include_str!("../../corpus/injection/payloads.txt");
    let told = payloads.lines().fold(String::new(), |mut told, payload| {
        let _ = writeln!(told, "{payload}\n    {}", became(payload));
        told
    });
    insta::assert_snapshot!(told);
}

#[test]
fn what_a_record_holds_is_never_evaluated() {
    assert_eq!(became("{{ record.name }}"), "\"{{7*7}}\"");
    assert_eq!(became("a {{ record.name ~ '' }}"), "\"a {{7*7}}\"");
}
