//! The fuzz target's law on a bounded number of inputs: mappings put together of every operation's keys, and of broken ones.

mod law;

use mapping::{OPERATIONS, Param};
use proptest::{collection::vec, prelude::*, sample::select, strategy::ValueTree};

/// Values for any key: places, paths, texts with expressions, numbers, and what fits nowhere.
const VALUES: &[&str] = &[
    r#""a""#, r#""b""#, r#""a.b""#, r#""$""#, r#""$.a[0]""#, r#""$.a[*]""#, r#""$.a[*].b""#, r#""$..b""#, r#""""#, r#""c.d.e""#, r#""x_$1""#, r#""{{ record.a }}""#, r#""{{ record.a.b ~ 'x' }}""#, r#""{{ item.b > 1 }}""#,
    r#""{{ is_absent(record.b) }}""#, r#""{{ map(record.a, item.b) }}""#, r#""{{ uuid(record.a) }}""#, "0", "1", "-2", "1.5", "1e400", "true", "false", "null", "[]", r#"["a","b"]"#, r#"["$.a[*]","b"]"#, r#"["trim","lower"]"#, r#"["null","text"]"#,
    "{}", r#"{"a":1}"#, r#"{"x":"one","1":null}"#, r#"{"match":"^(.)(.*)$","to":"$2.$1"}"#, r#"{"match":"a","to":"b"}"#, r#"{"from":"a","to":""}"#, r#"{"x":"a","y":"$.b"}"#, r#""t""#, r#""%Y-%m-%d""#, r#""Europe/Stockholm""#,
];

/// What fits keys, by the beginning of what they take; the first that fits counts.
const FITTING: &[(&str, &[&str])] = &[
    ("field or list", &[r#""a""#, r#"["a","b"]"#, r#""$.a[0].b""#]), ("field", &[r#""a""#, r#""b""#, r#""a.b""#, r#""$.a[0]""#, r#""c.d.e""#, r#""$""#, r#""A""#]), ("path", &[r#""$.a[*]""#, r#""$[*]""#, r#""$.a[*].b[*]""#, r#""$.a.b""#]),
    ("list of operations", &[]), ("list of paths", &[r#"["a"]"#, r#"["a","$.b[*]"]"#]), ("list of texts", &[r#"["x",""]"#, "[1,true]"]), ("list of `null`", &[r#"["null","text"]"#, r#"["array","object"]"#]), ("list of `trim`", &[r#"["trim","lower"]"#]),
    ("name of a table", &[r#""t""#, r#""a""#]), ("name", &[r#""x""#, r#""a""#]), ("text", &[r#""_""#, r#"".""#, r#""""#]), ("expression", &[r#""{{ record.a == 1 }}""#, r#""{{ item.b != 'x' }}""#, r#""{{ is_null(record.a) }}""#]),
    ("template", &[r#""{{ record.a }}""#, r#""{{ record.a.b ~ 'x' }}""#, r#""{{ record.b }} and {{ record.c }}""#, r#""{{ uuid(record.a) }}""#]), ("integer", &["0", "1", "-2", "7"]), ("true or false", &["true", "false"]), ("time zone", &[r#""Europe/Stockholm""#]),
    ("format", &[r#""%Y-%m-%d""#, r#"["rfc2822","epoch_s"]"#]), ("object of `match`", &[r#"{"match":"^(.)(.*)$","to":"$2$1"}"#, r#"{"match":"a","to":"b.$$"}"#]), ("object of `from`", &[r#"{"from":"a","to":""}"#, r#"{"from":"_","to":"a"}"#]),
    ("object of names", &[r#"{"x":"a","y":"$.b"}"#]), ("object", &[r#"{"x":"one","1":null}"#, r#"{"a.b":[1]}"#]),
];

/// What fits a key; its words, where it takes words.
fn fitting(param: &Param) -> Vec<String> {
    let texts = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    if param.takes.starts_with('`') {
        return param.takes.split('`').skip(1).step_by(2).map(|word| format!("\"{word}\"")).collect();
    }
    FITTING.iter().find(|(takes, _)| param.takes.starts_with(takes)).map_or_else(|| texts(VALUES), |(_, values)| texts(values))
}

/// An operation with some of its keys, and `inner` where it takes operations.
fn operation(inner: impl Strategy<Value = String> + Clone + 'static) -> impl Strategy<Value = String> {
    (0..OPERATIONS.len(), inner).prop_flat_map(|(at, inner)| {
        let entry = OPERATIONS[at];
        let keys: Vec<_> = entry.params.iter().map(|param| {
            let fits = if param.takes.contains("operations") { Just(inner.clone()).boxed() } else { prop_oneof![30 => select(fitting(param)), 1 => select(VALUES).prop_map(str::to_owned)].boxed() };
            (Just(param.name), prop::bool::weighted(if param.required { 0.99 } else { 0.3 }), fits)
        }).collect();
        let when = prop::option::weighted(0.1, select(vec!["{{ true }}", "{{ record.a == 1 }}", "{{ is_null(record.a) }}"]));
        (Just(entry.name), keys, when).prop_map(|(name, keys, when)| {
            let keys = keys.into_iter().filter(|(_, there, _)| *there).map(|(key, _, value)| format!(",\"{key}\":{value}")).collect::<String>();
            format!("{{\"op\":\"{name}\"{keys}{}}}", when.map_or(String::new(), |when| format!(",\"when\":\"{when}\"")))
        })
    })
}

fn operations() -> impl Strategy<Value = String> {
    let list = |inner: BoxedStrategy<String>| vec(operation(inner), 0..4).prop_map(|ops| format!("[{}]", ops.join(",")));
    list(list(Just("[]".to_owned()).boxed()).boxed())
}

fn record() -> impl Strategy<Value = String> {
    let leaf = select(vec!["null", "true", "1", "19.990", "1E400", r#""x""#, r#""""#, r#"" 2 ""#, r#""2026-11-21""#, r#""{\"a\":1}""#]).prop_map(str::to_owned);
    let value = leaf.prop_recursive(4, 24, 4, |inner| {
        let members = prop::collection::btree_map(select(vec!["a", "b", "A", "a_b", "c", "", "å/~"]), inner.clone(), 0..4);
        prop_oneof![vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))), members.prop_map(|members| format!("{{{}}}", members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect::<Vec<_>>().join(",")))]
    });
    prop::collection::btree_map(select(vec!["a", "b", "A", "c"]), value, 0..4).prop_map(|members| format!("{{{}}}", members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect::<Vec<_>>().join(",")))
}

/// One operation as its examples have it.
fn example() -> impl Strategy<Value = String> {
    let all: Vec<String> = OPERATIONS.iter().flat_map(|entry| entry.examples).map(|example| format!("[{}]\n{}", example.op, example.input)).collect();
    select(all)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn the_law_holds_of_mappings_of_every_operation(ops in operations(), record in record(), tables in any::<bool>()) {
        let mapping = if tables { format!(r#"{{"tables":{{"t":{{"values":{{"x":[1],"1":{{}}}}}},"a":{{"mode":"batched"}}}},"ops":{ops}}}"#) } else { ops };
        law::holds(format!("{mapping}\n{record}").as_bytes());
    }

    #[test]
    fn the_law_holds_of_examples_with_a_few_bytes_changed(text in example(), changes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..4)) {
        let mut bytes = text.into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        law::holds(&bytes);
    }

    #[test]
    fn the_law_holds_of_any_bytes(bytes in vec(any::<u8>(), 0..200), text in "[\\[\\]{}\":,$.*a-c0-2 \n]{0,80}") {
        law::holds(&bytes);
        law::holds(text.as_bytes());
    }
}

#[test]
fn most_of_what_is_put_together_is_tried_on_a_record() {
    let (mut runner, mut valid) = (proptest::test_runner::TestRunner::deterministic(), 0);
    for _ in 0..500 {
        let ops = operations().new_tree(&mut runner).expect("a value").current();
        valid += usize::from(ops != "[]" && mapping::Draft::parse(&ops).is_ok_and(|draft| draft.check().is_valid()));
    }
    assert!(valid > 150, "{valid} of 500");
}
