//! Laws that hold for every record: what an operation does twice, what it may lose, and that it does not matter what
//! happened to a record before.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

use document::{Limits, Value, parse_str};
use mapping::{Draft, Mapping, Outcome, Run, Runner};
use proptest::{collection::vec, prelude::*};

/// The only function here that knows how a mapping is compiled and run: the record afterwards, or why there is none.
fn mapped(ops: &str, record: &Value) -> Result<String, String> {
    let mapping: Mapping = Draft::parse(ops).unwrap().check().into_checked().unwrap_or_else(|report| panic!("{ops}: {:?}", report.findings()));
    let mut out = Vec::new();
    let run = Run::at("2026-11-21T12:00:00Z".parse().unwrap());
    match Runner::new(&mapping, Limits::default()).run(record.to_string().as_bytes(), &run, &mut out) {
        Ok(Outcome::Mapped) => Ok(String::from_utf8(out).unwrap()),
        Ok(outcome) => Err(format!("{outcome:?}")),
        Err(mapping::Error::Failure(failure)) => Err(format!("{} {} {}", failure.code, failure.path, failure.pointer)),
        Err(error) => Err(error.to_string()),
    }
}

const KEYS: &[&str] = &["a", "b", "a_b", "aB", "A b", "cf_a", "cf_b", "c", "x.y", "", "å/ö", "_id"];

fn record() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec!["", "-", "x", "A", " å ", "0", "1.0", "\"\\\n"]).prop_map(Value::from);
    let number = prop::sample::select(vec!["0", "1", "-1", "1.0", "19.990", "1E400", "0.00"]).prop_map(|text| parse_str(text).unwrap());
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), text, number];
    let value = leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![vec(inner.clone(), 0..4).prop_map(Value::Array), members(inner)]
    });
    members(value)
}

fn members(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    vec((prop::sample::select(KEYS), value), 0..6).prop_map(|pairs| {
        let mut object = Value::Object(Vec::new());
        pairs.into_iter().for_each(|(key, value)| object.set(key, value));
        object
    })
}

/// Operations of every kind, over the names records here have.
const OPS: &[&str] = &[
    r#"{"op":"map","to":"c.a","from":["a","b","$.a.b"]}"#, r#"{"op":"map","to":"c","from":"a","map":{"1":"one","x":null},"on_miss":"keep"}"#, r#"{"op":"map","to":"a.a","from":"a"}"#,
    r#"{"op":"rename","from":"a","to":"z"}"#, r#"{"op":"rename","from":"a","to":"b","on_conflict":"keep"}"#, r#"{"op":"rename","from":"a.b","to":"c","on_conflict":"replace"}"#, r#"{"op":"rename","from":"a","to":"a.b"}"#,
    r#"{"op":"rename","keys":{"match":"^cf_(.*)$","to":"custom.$1"}}"#, r#"{"op":"rename","keys":{"match":"^(.)(.*)$","to":"$2$1"},"on_conflict":"replace"}"#, r#"{"op":"rename","keys":{"match":"b","to":"c"},"on_conflict":"keep"}"#,
    r#"{"op":"default","field":"a.b","value":1}"#, r#"{"op":"default","field":"a","value":[1],"if":"empty"}"#, r#"{"op":"set","field":"b","value":{"a":null}}"#, r#"{"op":"remove","paths":["a","$.b[*]","$.c[*].a","$[*].b"]}"#,
    r#"{"op":"pick","fields":["a.b","b","$['å/ö']"]}"#, r#"{"op":"null_if","field":"a","values":["","-",0]}"#, r#"{"op":"drop_empty"}"#, r#"{"op":"drop_empty","deep":true}"#,
    r#"{"op":"keys","case":"snake","on_conflict":"keep"}"#, r#"{"op":"keys","case":"camel","deep":true,"on_conflict":"replace"}"#, r#"{"op":"keys","replace":{"from":"a","to":""},"deep":true,"on_conflict":"keep"}"#,
    r#"{"op":"hash","field":"a","algorithm":"md5","normalize":["trim","lower"]}"#, r#"{"op":"each","path":"$.a[*]","ops":[{"op":"drop_empty"},{"op":"map","to":"k","from":"a"}]}"#, r#"{"op":"cast","field":"a","to":"string","on_error":"absent"}"#,
    r#"{"op":"template","to":"t","value":"{{ record.a }}"}"#, r#"{"op":"filter","where":"{{ record.a != 0 }}","on_absent":"keep"}"#,
];

/// Opens every object and array on two levels and changes nothing.
const TOUCH: &str = r#"{"op":"set","field":"touched","value":1},{"op":"remove","paths":["touched","$[*].touched","$[*][*].touched"]}"#;

fn op() -> impl Strategy<Value = &'static str> {
    prop::sample::select(OPS)
}

/// The scalars of a value, sorted.
fn scalars(value: &Value) -> Vec<String> {
    fn gather(value: &Value, out: &mut Vec<String>) {
        match (value.items(), value.entries()) {
            (Some(items), _) => items.iter().for_each(|item| gather(item, out)),
            (_, Some(entries)) => entries.iter().for_each(|(_, item)| gather(item, out)),
            _ => out.push(value.to_string()),
        }
    }
    let mut out = Vec::new();
    gather(value, &mut out);
    out.sort();
    out
}

proptest! {
    #[test]
    fn it_does_not_matter_whether_a_record_was_touched_before(record in record(), op in op()) {
        prop_assert_eq!(mapped(&format!("[{TOUCH}]"), &record), Ok(record.to_string()));
        prop_assert_eq!(mapped(&format!("[{TOUCH},{op}]"), &record), mapped(&format!(r#"[{{"op":"remove","paths":"touched"}},{{"op":"remove","paths":"touched"}},{op}]"#), &record));
    }

    #[test]
    fn operations_in_one_mapping_do_what_they_do_in_several(record in record(), ops in vec(op(), 1..6)) {
        let mut expected = Ok(record.to_string());
        for op in &ops {
            expected = expected.and_then(|record| mapped(&format!("[{op}]"), &parse_str(&record).unwrap()));
        }
        prop_assert_eq!(mapped(&format!("[{}]", ops.join(",")), &record), expected);
    }

    #[test]
    fn what_tidies_does_nothing_more_the_second_time(record in record(), at in 0..OPS.len()) {
        let op = OPS[at];
        let tidies = ["default", "set", "pick", "null_if", "drop_empty", "cast"].iter().any(|name| op.contains(&format!(r#""op":"{name}""#))) && !op.contains("each");
        if let (true, Ok(once)) = (tidies, mapped(&format!("[{op}]"), &record)) {
            prop_assert_eq!(mapped(&format!("[{op},{op}]"), &record), Ok(once));
        }
    }

    #[test]
    fn renaming_loses_no_value_unless_it_says_replace(record in record(), op in op()) {
        let renames = (op.contains(r#""op":"rename""#) || op.contains(r#""op":"keys""#)) && !op.contains("replace\"}");
        if let (true, Ok(made)) = (renames, mapped(&format!("[{op}]"), &record)) {
            let made = scalars(&parse_str(&made).unwrap());
            let nulls = |scalars: &[String]| scalars.iter().filter(|scalar| *scalar != "null").cloned().collect::<Vec<_>>();
            // Null on the way to a new place becomes an object; nothing else may be gone.
            prop_assert_eq!(nulls(&made), nulls(&scalars(&record)));
        }
    }

    #[test]
    fn an_absent_field_stays_absent_under_all_that_is_not_declared_to_fill_it(record in record(), op in op()) {
        let op = op.replace("\"a\"", "\"gone\"").replace("\"$.a[*]\"", "\"$.gone[*]\"").replace("record.a", "record.gone");
        let reads_gone_only = op.contains("\"field\":\"gone\"") || op.contains("\"from\":\"gone\"") || op.contains("$.gone[*]") || op.contains("record.gone");
        if reads_gone_only && !op.contains("default") {
            prop_assert_eq!(mapped(&format!("[{op}]"), &record), Ok(record.to_string()), "{}", op);
        }
    }
}

/// Ways to give a stock level a quantity, honest and not.
const QUANTITIES: &[&str] = &[
    r#"{"op":"map","to":"quantity","from":["a","b"]}"#, r#"{"op":"map","to":"quantity","from":"a","map":{"":0,"1":1},"on_miss":"absent"}"#, r#"{"op":"rename","from":"none","to":"quantity","on_conflict":"replace"}"#, r#"{"op":"set","field":"none","value":0}"#,
    r#"{"op":"default","field":"a","value":0}"#, r#"{"op":"default","field":"quantity","value":0,"if":"null"}"#, r#"{"op":"default","field":"list","value":[]}"#, r#"{"op":"cast","field":"quantity","to":"integer","on_error":"null"}"#,
    r#"{"op":"template","to":"quantity","value":"{{ record.a ?? record.b }}"}"#, r#"{"op":"template","to":"quantity","value":"{{ record.a ?? 0 }}"}"#, r#"{"op":"template","to":"quantity","value":"{{ record.a + record.b }}"}"#, r#"{"op":"template","to":"quantity","value":"{{ sum([record.a, record.b]) }}"}"#,
    r#"{"op":"template","to":"quantity","value":"{{ sum(record.list) }}"}"#, r#"{"op":"template","to":"quantity","value":"{{ max(0, record.b) }}"}"#, r#"{"op":"template","to":"b","value":"{{ default(record.b, '0') }}"}"#, r#"{"op":"template","to":"c","value":"{{ is_absent(record.a) }}"}"#,
    r#"{"op":"map","to":"a","from":"c","map":{"true":0,"false":1},"on_miss":"absent"}"#, r#"{"op":"flatten","field":"deep","prefix":"","on_conflict":"keep"}"#, r#"{"op":"set","field":"deep.quantity","value":5}"#, r#"{"op":"template","to":"quantity","value":"{{ length(record.list) }}"}"#,
    r#"{"op":"keys","case":"lower","on_conflict":"keep"}"#, r#"{"op":"set","field":"Quantity","value":0}"#, r#"{"op":"each","path":"$[*]","ops":[{"op":"default","field":"$.x","value":0}]}"#, r#"{"op":"remove","paths":["a","none"]}"#, r#"{"op":"pick","fields":["sku","quantity","a","list"]}"#,
    r#"{"op":"from_entries","field":"pairs","to":"$"}"#, r#"{"op":"set","field":"pairs","value":[{"key":"quantity","value":0}]}"#, r#"{"op":"lookup","table":"t","key":"sku","to":"quantity","on_miss":"absent"}"#, r#"{"op":"template","to":"quantity","value":"{{ 0 if record.c == true else record.a }}"}"#,
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_field_no_operation_speaks_of_is_kept_byte_for_byte(record in record(), kept in members(prop::sample::select(vec!["19.990", "1E400", "-0.0", "123456789012345678901", "\"å\\n\"", "[1.0,{\"a\":null}]"]).prop_map(|text| parse_str(text).unwrap())), ops in vec(op(), 1..6)) {
        // All but `pick`, which says that nothing else goes on, and what changes all keys or all members.
        let ops: Vec<&str> = ops.into_iter().filter(|op| !["pick", "keys\"", "\"keys", "drop_empty", "$[*]", "$.c[*]"].iter().any(|all| op.contains(all))).collect();
        let Value::Object(mut members) = record else { unreachable!() };
        members.push(("extension of nobody".to_owned(), kept.clone()));
        if let Ok(made) = mapped(&format!("[{}]", ops.join(",")), &Value::Object(members)) {
            prop_assert!(made.contains(&format!("\"extension of nobody\":{kept}")), "{made} by {ops:?}");
        }
    }

    #[test]
    fn a_stock_level_without_a_quantity_gets_none_from_any_mapping_that_is_accepted(ops in vec(prop::sample::select(QUANTITIES), 1..5), sometimes in any::<bool>()) {
        let ops: Vec<String> = ops.iter().map(|op| if sometimes { op.replacen('{', r#"{"when":"{{ true }}","#, 1) } else { (*op).to_owned() }).collect();
        let text = format!(r#"{{"mapping":{{"to":"stocklevel"}},"tables":{{"t":{{"values":{{"A":3}}}}}},"ops":[{}]}}"#, ops.join(","));
        let report = Draft::parse(&text).unwrap().check();
        if report.findings().iter().any(|finding| finding.code == "mapping_stock_default") {
            return Ok(());
        }
        let free = parse_str(&text.replace(r#""to":"stocklevel""#, "")).unwrap();
        for record in [r#"{"sku":"A"}"#, r#"{"sku":"A","quantity":null,"a":null,"list":null}"#] {
            if let Ok(made) = mapped(&free.to_string(), &parse_str(record).unwrap()) {
                let made = parse_str(&made).unwrap();
                prop_assert!(matches!(made.get("quantity"), None | Some(Value::Null)), "{made} by {text}");
            }
        }
    }
}
