//! The examples of the reference, each run: what is told of a function is what it does.

use document::{Arena, Fuel, Item};
use expr::{Cx, DEFAULT_FUEL, Expr, FUNCTIONS, OPERATORS, Template};

#[track_caller]
pub(crate) fn shown(source: &str) -> String {
    let expression = match Expr::parse(source) {
        Ok(expression) => expression,
        Err(problems) => return format!("{problems:?}"),
    };
    let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
    let cx = Cx::new(&arena, &fuel, "2026-01-02T03:04:05Z".parse().unwrap()).at("run_1", "/orders/0");
    match expression.eval(&(), &cx) {
        Ok(made) => made.map_or("absent".into(), Item::to_json),
        Err(failure) => format!("{}: {failure}", failure.code),
    }
}

/// The same of a condition.
#[track_caller]
pub(crate) fn asked(source: &str) -> String {
    let condition = Template::parse(&format!("{{{{ {source} }}}}")).unwrap();
    let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
    match condition.condition(&(), &Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH)) {
        Ok(made) => made.map_or("absent".into(), Item::to_json),
        Err(failure) => format!("{}: {failure}", failure.code),
    }
}

#[test]
fn every_example_of_a_function_gives_what_it_says() {
    for function in FUNCTIONS {
        assert!(!function.examples.is_empty() && function.doc.ends_with('.'), "{}", function.name);
        for (source, expected) in function.examples {
            assert_eq!(shown(source), *expected, "{}: {source}", function.name);
        }
    }
}

#[test]
fn every_example_of_an_operator_gives_what_it_says() {
    for operator in OPERATORS {
        for (source, expected) in operator.examples {
            assert_eq!(shown(source), *expected, "{}: {source}", operator.form);
        }
    }
}

#[test]
fn every_function_is_shown_at_work_and_has_a_name_of_its_own() {
    let mut names: Vec<_> = FUNCTIONS.iter().map(|function| function.name).collect();
    for function in FUNCTIONS {
        assert!(function.examples.iter().any(|(source, _)| source.contains(function.name)), "{}", function.name);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FUNCTIONS.len());
}
