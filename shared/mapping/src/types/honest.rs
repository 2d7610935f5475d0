//! The law of the types: what a mapping makes of a record is always one of what they say.

use document::{Item, Limits, Sort, Value, parse, parse_str};
use proptest::{collection::vec, prelude::*};

use super::{Notes, Shape, Sorts, Type, Wording, walk};
use crate::{Draft, Outcome, Run, Runner};

/// Operations of every kind, over the names records here have.
const OPS: &[&str] = &[
    r#"{"op":"map","to":"c.a","from":["a","b","$.a.b"]}"#, r#"{"op":"map","to":"c","from":"a","map":{"1":"one","x":null},"on_miss":"keep"}"#, r#"{"op":"map","to":"d","from":"b","map":{"1":2,"true":"x"},"on_miss":"absent"}"#,
    r#"{"op":"rename","from":"a","to":"z.y"}"#, r#"{"op":"rename","from":"a","to":"b","on_conflict":"keep"}"#, r#"{"op":"rename","from":"a.b","to":"c","on_conflict":"replace"}"#, r#"{"op":"rename","from":"a","to":"a.b"}"#, r#"{"op":"rename","from":"$","to":"all"}"#,
    r#"{"op":"rename","keys":{"match":"^cf_(.*)$","to":"custom.$1"}}"#, r#"{"op":"rename","keys":{"match":"^(.)(.*)$","to":"$2$1"},"on_conflict":"replace"}"#, r#"{"op":"rename","keys":{"match":"b","to":"c"},"on_conflict":"keep"}"#,
    r#"{"op":"default","field":"a.b","value":1}"#, r#"{"op":"default","field":"a","value":[1],"if":"empty"}"#, r#"{"op":"default","field":"b","value":"x","if":"null"}"#, r#"{"op":"set","field":"b","value":{"a":null,"n":1.5}}"#, r#"{"op":"set","field":"$.a[0].b","value":1}"#,
    r#"{"op":"remove","paths":["a","$.b[*]","$.c[*].a","$[*].b"]}"#, r#"{"op":"pick","fields":["a.b","b","c"]}"#, r#"{"op":"null_if","field":"a","values":["","-",0]}"#, r#"{"op":"drop_empty"}"#, r#"{"op":"drop_empty","deep":true}"#,
    r#"{"op":"keys","case":"snake","on_conflict":"keep"}"#, r#"{"op":"keys","case":"camel","deep":true,"on_conflict":"replace"}"#, r#"{"op":"keys","replace":{"from":"a","to":""},"deep":true,"on_conflict":"keep"}"#, r#"{"op":"hash","field":"a","algorithm":"md5"}"#,
    r#"{"op":"each","path":"$.a[*]","ops":[{"op":"drop_empty"},{"op":"map","to":"k","from":"a"}]}"#, r#"{"op":"each","path":"$[*]","ops":[{"op":"filter","where":"{{ item != 0 }}","on_absent":"keep"},{"op":"template","to":"$","value":"{{ [item, record.a] }}"}]}"#,
    r#"{"op":"cast","field":"a","to":"string","on_error":"absent"}"#, r#"{"op":"cast","field":"b","to":"integer","on_error":"null"}"#, r#"{"op":"cast","field":"c","to":"json","on_error":"keep"}"#, r#"{"op":"cast","field":"a","to":"date","on_error":"keep"}"#, r#"{"op":"cast","field":"a","to":"decimal","scale":-1,"on_error":"keep"}"#,
    r#"{"op":"flatten","field":"a"}"#, r#"{"op":"flatten","field":"$","depth":2,"on_conflict":"keep"}"#, r#"{"op":"flatten","field":"b","prefix":"","arrays":"index","on_conflict":"replace"}"#, r#"{"op":"entries","field":"a","key_as":"k","value_as":"v"}"#,
    r#"{"op":"from_entries","field":"a","key":"k","value":"v","on_conflict":"keep"}"#, r#"{"op":"wrap","field":"c","as":"w"}"#, r#"{"op":"group","field":"a","by":"b","to":"groups"}"#, r#"{"op":"dedupe","field":"a","by":"$"}"#, r#"{"op":"expand","field":"a","expand":["b"]}"#,
    r#"{"op":"template","to":"t","value":"{{ record.a }}"}"#, r#"{"op":"template","to":"a","value":"{{ record.a ?? record.b ?? 'x' }}"}"#, r#"{"op":"template","to":"t","value":"{{ record.a.b }}-{{ record.b }}"}"#, r#"{"op":"template","to":"t","value":"{{ 1 if is_null(record.b) else record.c }}"}"#,
    r#"{"op":"template","to":"b","value":"{{ record.a == null or is_empty(record.b) }}"}"#, r#"{"op":"template","to":"b","value":"{{ [record.a, record.b][0] }}"}"#, r#"{"op":"template","to":"c","value":"{{ {x: record.a, y: length(record.c)} }}"}"#, r#"{"op":"template","to":"c","value":"{{ record.a[0:1] }}"}"#,
    r#"{"op":"template","to":"t","value":"{{ record.a + record.b * 2 }}"}"#, r#"{"op":"template","to":"t","value":"{{ default(first(record.a), last(record.b), 'empty') }}"}"#, r#"{"op":"template","to":"t","value":"{{ map(record.a, item.b) }}"}"#, r#"{"op":"template","to":"t","value":"{{ merge(record.a, record.b).a }}"}"#,
    r#"{"op":"template","to":"t","value":"{{ max(record.a, record.b) }}"}"#, r#"{"op":"template","to":"t","value":"{{ json(record.a) ~ 'x' }}"}"#, r#"{"op":"lookup","table":"t","key":"b","to":"c.d","on_miss":"absent"}"#, r#"{"op":"lookup","table":"t","key":"a","to":"c","on_miss":"passthrough"}"#,
];

const KEYS: &[&str] = &["a", "b", "a_b", "aB", "cf_a", "c"];

fn record() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec!["", "-", "x", "1", "1.0", "true", "2026-01-31", "{\"a\":1}"]).prop_map(Value::from);
    let number = prop::sample::select(vec!["0", "1", "-1", "1.0", "19.990"]).prop_map(|text| parse_str(text).unwrap());
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), text, number];
    let value = leaf.prop_recursive(3, 20, 4, |inner| prop_oneof![vec(inner.clone(), 0..3).prop_map(Value::Array), members(inner)]);
    members(value)
}

fn members(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    vec((prop::sample::select(KEYS), value), 0..5).prop_map(|pairs| {
        let mut object = Value::Object(Vec::new());
        pairs.into_iter().for_each(|(key, value)| object.set(key, value));
        object
    })
}

impl Type {
    /// What of a value, or of its absence, it does not admit.
    fn wrong(&self, item: Option<Item<'_>>, path: &str) -> Option<String> {
        let sort = item.map_or(Sorts::ABSENT, |item| match item.sort() {
            Sort::Null => Sorts::NULL,
            Sort::Bool => Sorts::BOOL,
            Sort::Number => if item.number().is_some_and(|text| document::Number::from_text(text).is_some_and(|number| number.as_i64().is_some())) { Sorts::INTEGER } else { Sorts::FRACTION },
            Sort::Text => Sorts::TEXT,
            Sort::Array => Sorts::ARRAY,
            Sort::Object => Sorts::OBJECT,
        });
        if !self.sorts.may(sort) {
            return Some(format!("{path} is {}, not {}", sort.words(), self.sorts.words()));
        }
        let item = item?;
        if let (Wording::Words(words), Some(text)) = (&self.text, item.text()) && !words.iter().any(|word| *word == text) {
            return Some(format!("{path} is `{text}`, not of {words:?}"));
        }
        let elements = item.items().filter_map(|element| self.items.as_ref()?.wrong(Some(element), &format!("{path}[]"))).next();
        let (Some(members), Sort::Object) = (&self.members, item.sort()) else { return elements };
        let stranger = item.entries().map(|(name, _)| name.into_owned()).find(|name| members.closed && members.find(name).is_none());
        let known = members.list.iter().find_map(|(name, part)| part.wrong(item.get(name), &format!("{path}.{name}")));
        elements.or(known).or(stranger.map(|name| format!("{path} has `{name}`")))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_made_is_one_of_what_the_types_say(record in record(), ops in vec((prop::sample::select(OPS), any::<bool>()), 1..5), open in any::<bool>()) {
        let whens = ops.iter().map(|(op, sometimes)| if *sometimes { op.replacen('{', r#"{"when":"{{ is_absent(record.b) }}","#, 1) } else { (*op).to_owned() });
        let text = format!(r#"{{"tables":{{"t":{{"values":{{"1":[1],"x":"y"}}}}}},"ops":[{}]}}"#, whens.collect::<Vec<_>>().join(","));
        let mapping = Draft::parse(&text).unwrap().check().into_checked().unwrap();
        let mut shape = Shape::new(if open { Type::unknown() } else { Type::constant(&record, &"".into()).honest() });
        walk(&mapping.steps, &mut shape, &mut Notes::new());
        let mut out = Vec::new();
        let run = Run::at("2026-11-21T12:00:00Z".parse().unwrap());
        if let Ok(Outcome::Mapped) = Runner::new(&mapping, Limits::default()).run(record.to_string().as_bytes(), &run, &mut out) {
            let made = parse(&out, &Limits::default()).unwrap();
            prop_assert_eq!(shape.root.wrong(Some(Item::Tree(&made)), "$"), None, "{} of {} gave {}", text, record, made);
        }
    }
}
