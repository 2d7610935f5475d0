//! Texts with expressions amid them: typed when the whole is one, text otherwise, absent when a part is.

use std::borrow::Cow;

use document::{Arena, Fuel, Item, Limits, Parser};
use expr::{Cx, DEFAULT_FUEL, Lack, Names, Part, Template, descend};
use fault::{Disposition, Fault};

struct Place<'a>(Item<'a>);

impl<'a> Names<'a> for Place<'a> {
    fn path(&self, root: &str, steps: &[Box<str>]) -> Result<Option<Item<'a>>, Lack> {
        match root {
            "fields" => Ok(descend(self.0, steps)),
            "config" => Err(Lack::park("config_missing", format!("the connection has no value for `config.{}`", steps[0]))),
            _ => Ok(None),
        }
    }
}

fn rendered(text: &str) -> (String, String) {
    let mut parser = Parser::new(Limits::default());
    let record = parser.parse(br#"{"id":"00123","quantity":7.10,"none":null,"list":[1],"yes":true,"big":1e3,"odd":"a\"b"}"#).unwrap();
    let template = Template::parse(text).unwrap();
    let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
    let cx = Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH);
    let place = Place(record.root());
    let told = |failure: expr::Failure| format!("{} at {}", failure.code, failure.column);
    (
        template.render(&place, &cx).map_or_else(told, |made| made.map_or("absent".into(), Item::to_json)),
        template.text(&place, &cx).map_or_else(told, |made| made.map_or("absent".into(), Cow::into_owned)),
    )
}

#[test]
fn one_expression_keeps_its_type_and_parts_become_text() {
    for (text, typed, plain) in [
        ("{{fields.quantity}}", "7.10", "7.10"), ("{{ fields.id }}", "\"00123\"", "00123"), ("n {{ fields.quantity }}!", "\"n 7.10!\"", "n 7.10!"), ("{{fields.none}}", "null", "absent"), ("{{cursor}}", "absent", "absent"),
        ("after {{cursor}}", "absent", "absent"), ("a {{fields.none}}", "absent", "absent"), ("plain", "\"plain\"", "plain"), ("", "\"\"", ""), ("{{ fields.yes }}", "true", "true"), ("{{ fields.yes }} {{ fields.big }}", "\"true 1000\"", "true 1000"),
        ("{{ fields.list }}", "[1]", "expression_type at 4"), ("åå {{ fields.list }}", "expression_type at 7", "expression_type at 7"), ("{{ '{{' }} {% raw %} }}", "\"{{ {% raw %} }}\"", "{{ {% raw %} }}"),
        ("{{ {'a': {'b': fields.id}}}}", "{\"a\":{\"b\":\"00123\"}}", "expression_type at 4"), (" {{ fields.id }}", "\" 00123\"", " 00123"), ("{{ fields.odd }}", "\"a\\\"b\"", "a\"b"), ("{{ fields.id + 1 }}", "expression_type at 16", "expression_type at 16"),
        ("{{ 1 }}{{ 1 / 0 }}", "expression_number at 15", "expression_number at 15"), ("{{ config.token }}", "config_missing at 4", "config_missing at 4"),
    ] {
        assert_eq!(rendered(text), (typed.to_owned(), plain.to_owned()), "{text}");
    }
}

#[test]
fn a_lack_keeps_what_is_to_be_done_about_it() {
    let (template, arena, fuel) = (Template::parse("{{ config.token }}").unwrap(), Arena::new(), Fuel::new(DEFAULT_FUEL));
    let failure = template.render(&Place(Item::Null), &Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH)).unwrap_err();
    assert_eq!((failure.code(), failure.disposition()), ("config_missing", Disposition::Park));
    let other = Template::parse("{{ 1 / 0 }}").unwrap();
    let failure = other.render(&(), &Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH)).unwrap_err();
    assert_eq!((failure.disposition(), failure.to_string().as_str()), (Disposition::Reject, "division by zero at column 8"));
    assert!(failure.remedy().is_some());
}

#[test]
fn who_examines_a_template_sees_its_parts_and_names() {
    let template = Template::parse("https://{{ config.host }}/a/{{ fields.id | lower }}").unwrap();
    let host: &[Box<str>] = &["host".into()];
    assert_eq!(template.parts().collect::<Vec<_>>(), [Part::Text("https://"), Part::Name("config", host), Part::Text("/a/"), Part::Expression("lower(fields.id)".into())]);
    assert_eq!(template.names().iter().map(|(root, _)| *root).collect::<Vec<_>>(), ["config", "fields"]);
    assert_eq!((template.constant(), Template::parse("a").unwrap().constant()), (None, Some("a")));
}

#[test]
fn no_message_tells_data() {
    for text in ["{{ fields.id * 2 }}", "{{ int(fields.odd) }}", "{{ parse_date(fields.id) }}", "{{ base64_decode(fields.odd) }}", "{{ parse_json(fields.odd) }}", "{{ fields.id > 1 }}", "{{ fields.id and true }}", "{{ fields.list[fields.yes] }}"] {
        let mut parser = Parser::new(Limits::default());
        let record = parser.parse(br#"{"id":"secret-7719","odd":"secret-7719 {","list":["secret-7719"],"yes":true}"#).unwrap();
        let (template, arena, fuel) = (Template::parse(text).unwrap(), Arena::new(), Fuel::new(DEFAULT_FUEL));
        let failure = template.render(&Place(record.root()), &Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH)).unwrap_err();
        assert!(!failure.to_string().contains("7719"), "{text}: {failure}");
    }
}
