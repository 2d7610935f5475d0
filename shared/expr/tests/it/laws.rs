//! What holds of every text and of every expression that can be written.

use document::{Arena, Fuel, Item, Limits, Parser, Sort};
use expr::{Cx, DEFAULT_FUEL, Expr, FUNCTIONS, Scope, Sorts, Takes, Template, Times, instant, written};
use proptest::prelude::*;

/// Expressions of the whole grammar, most of them wrong in their types.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("record".to_owned()), Just("record.t".to_owned()), Just("record.l[0].a".to_owned()), Just("record.x".to_owned()), Just("null".to_owned()), Just("true".to_owned()), Just("'a,b'".to_owned()), Just("''".to_owned()),
        Just("'2026-01-02T03:04:05Z'".to_owned()), Just("'P1D'".to_owned()), Just("1e400".to_owned()), Just("170141183460469231731687303715884105727".to_owned()), "-?[0-9]{1,3}(\\.[0-9]{1,3})?", "'[a-zåäö ]{0,6}'",
    ];
    leaf.prop_recursive(4, 48, 4, |inner| {
        let operators = prop::sample::select(vec!["+", "-", "*", "/", "%", "~", "??", "and", "or", "==", "!=", "<", "<=", ">", ">=", "in", "not in"]);
        prop_oneof![
            4 => (inner.clone(), operators, inner.clone()).prop_map(|(left, operator, right)| format!("({left}) {operator} ({right})")),
            1 => inner.clone().prop_map(|operand| format!("not ({operand})")),
            1 => inner.clone().prop_map(|operand| format!("-({operand})")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(yes, condition, no)| format!("({yes}) if ({condition}) else ({no})")),
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            1 => (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("{{a: {one}, 'b c': {two}}}")),
            1 => (inner.clone(), inner.clone()).prop_map(|(base, index)| format!("({base})[{index}]")),
            1 => (inner.clone(), inner.clone()).prop_map(|(base, bound)| format!("({base})[{bound}:]")),
            1 => inner.clone().prop_map(|base| format!("({base}).a")),
            6 => (0..FUNCTIONS.len(), prop::collection::vec(inner, 5)).prop_map(|(function, arguments)| call(function, &arguments)),
        ]
    })
}

/// A call with as many arguments as the function takes; what must be constant is.
fn call(function: usize, arguments: &[String]) -> String {
    let function = FUNCTIONS[function];
    let given = function.params.iter().zip(arguments).filter(|(param, argument)| param.times != Times::Maybe || argument.len() % 2 == 0).map(|(param, argument)| match param.takes {
        Takes::Pattern => r"'(\w+)[ ,]?'".to_owned(),
        Takes::Word(words) => format!("'{}'", words[argument.len() % words.len()]),
        Takes::Zone => "'Europe/Stockholm'".into(),
        Takes::Format | Takes::FormatOrZone => "'%Y-%m-%d'".into(),
        Takes::Each => ["'a'".into(), "item.a".into(), format!("item == ({argument})")][argument.len() % 3].clone(),
        Takes::Any | Takes::Text | Takes::Number | Takes::Integer | Takes::List | Takes::Duration => argument.clone(),
    });
    format!("{}({})", function.name, given.collect::<Vec<_>>().join(", "))
}

fn evaluated(expression: &Expr, record: Item<'_>) -> Result<Option<String>, &'static str> {
    let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
    let made = expression.eval(&("record", record), &Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH).at("run", "/place"));
    made.map(|item| item.map(Item::to_json)).map_err(|failure| failure.code)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,120}") {
        expr::fuzz(text.as_bytes());
        expr::fuzz(format!("{{{{{text}}}}}").as_bytes());
    }

    #[test]
    fn any_sequence_of_words_is_read_or_refused(words in prop::collection::vec(prop::sample::select(vec![
        "{{", "}}", "{", "}", "(", ")", "[", "]", ".", ",", ":", "|", "??", "==", "<", "+", "-", "*", "/", "%", "~", "and", "or", "not", "in", "if", "else", "true", "null", "1", "0.5", "'a'", "\"", "'", "record", "item", "map", "lower", "sum", "now", "å", "\\", " ",
    ]), 0..40)) {
        expr::fuzz(words.join(" ").as_bytes());
        expr::fuzz(words.concat().as_bytes());
    }

    #[test]
    fn any_expression_ends_in_a_value_or_a_code_and_in_the_same_twice(source in expression()) {
        expr::fuzz(source.as_bytes());
        let mut parser = Parser::new(Limits::default());
        let record = parser.parse(br#"{"t":"Tea \u00e5","l":[{"a":1.50},{"a":null},3],"n":null,"d":19.990,"o":{"k":[true]}}"#).unwrap();
        if let Ok(expression) = Expr::parse(&source) {
            let first = evaluated(&expression, record.root());
            prop_assert_eq!(&first, &evaluated(&expression, record.root()));
            if let Err(code) = first {
                prop_assert!(fault::documented(code).is_some(), "{}", code);
            }
        }
    }

    #[test]
    fn a_value_is_of_a_sort_that_was_foreseen(source in expression()) {
        let mut parser = Parser::new(Limits::default());
        let record = parser.parse(br#"{"t":"Tea","l":[{"a":1.50},{"a":null},3],"n":null,"d":19.990,"o":{"k":[true]}}"#).unwrap();
        let text = format!("{{{{ {source} }}}}");
        let scope = Scope::new().open("record");
        if let Ok(template) = Template::parse(&text)
            && template.check(&scope).is_empty()
        {
            let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
            let names = ("record", record.root());
            let made = template.render(&names, &Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH).at("run", "/place"));
            let sort = made.ok().flatten().map(|item| match item.sort() {
                Sort::Null => Sorts::ANY,
                Sort::Bool => Sorts::BOOLEAN,
                Sort::Number => Sorts::NUMBER,
                Sort::Text => Sorts::TEXT,
                Sort::Array => Sorts::LIST,
                Sort::Object => Sorts::OBJECT,
            });
            prop_assert!(sort.is_none_or(|sort| sort == Sorts::ANY || template.sorts(&scope).may(sort)), "{} gives {:?}, and {:?} was foreseen", text, sort, template.sorts(&scope));
        }
    }

    #[test]
    fn what_is_absent_never_becomes_a_value_by_calculating(operator in prop::sample::select(vec!["+", "-", "*", "/", "%", "~", "==", "!=", "<", ">=", "in"]), other in "-?[1-9][0-9]{0,8}") {
        for source in [format!("record.x {operator} {other}"), format!("{other} {operator} record.x")] {
            prop_assert_eq!(evaluated(&Expr::parse(&source).unwrap(), Item::Map(&[])), Ok(None));
        }
    }

    #[test]
    fn sums_of_whole_numbers_and_of_cents_are_exact(left in -1_000_000_000_000_i64..1_000_000_000_000, right in -1_000_000_000_000_i64..1_000_000_000_000) {
        let cents = |value: i64| format!("({}{}.{:02})", if value < 0 { "-" } else { "" }, value.abs() / 100, value.abs() % 100);
        let eval = |source: String| evaluated(&Expr::parse(&source).unwrap(), Item::Null).unwrap().unwrap();
        prop_assert_eq!(eval(format!("({left}) + ({right})")), (left + right).to_string());
        prop_assert_eq!(eval(format!("({left}) * ({right})")), (i128::from(left) * i128::from(right)).to_string());
        prop_assert_eq!(format!("({})", eval(format!("{} + {}", cents(left), cents(right)))), cents(left + right));
        prop_assert_eq!(eval(format!("({left}) < ({right})")), (left < right).to_string());
    }

    #[test]
    fn an_instant_moved_there_and_back_is_the_same(seconds in 0_i64..4_000_000_000, days in 0_u32..100_000, minutes in 0_u32..100_000) {
        let moment = written(jiff::Timestamp::from_second(seconds).unwrap());
        let source = format!("'{moment}' + 'P{days}DT{minutes}M' - 'P{days}DT{minutes}M'");
        prop_assert_eq!(evaluated(&Expr::parse(&source).unwrap(), Item::Null).unwrap(), Some(format!("\"{moment}\"")));
        prop_assert!(instant(&moment).is_some());
    }

    #[test]
    fn what_is_encoded_is_decoded(text in "\\PC{0,40}") {
        let record = document::object([("t", Some(text.clone().into()))]);
        for source in ["record.t | base64 | base64_decode", "record.t | base64('url') | base64_decode", "[record.t] | json | parse_json | first", "record.t | split('a') | join('a')"] {
            let (arena, fuel, expression) = (Arena::new(), Fuel::new(DEFAULT_FUEL), Expr::parse(source).unwrap());
            let made = expression.eval(&("record", Item::from(&record)), &Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH)).unwrap();
            let made = made.and_then(Item::text).map(std::borrow::Cow::into_owned);
            prop_assert_eq!(made.as_deref(), Some(text.as_str()), "{}", source);
        }
    }
}
