//! What can never be right is refused before anything runs, and nothing else is.

use document::{Arena, Fuel};
use expr::{Cx, DEFAULT_FUEL, FUNCTIONS, Problem, Scope, Shape, Sorts, Takes, Template, Times};

/// A value of each sort, the texts that mean something among them.
const VALUES: &[&str] = &["1", "1.5", "'x'", "'2026-01-31'", "'P1D'", "true", "null", "[1]", "{a: 1}"];

fn place() -> Scope {
    Scope::new().open("record").with("page", Shape::Of(Sorts::NUMBER)).with("status", Shape::Of(Sorts::NUMBER)).with("window", Shape::closed([("start", Shape::Of(Sorts::TEXT))])).with("config", Shape::closed([("ids", Shape::Of(Sorts::LIST)), ("on", Shape::Of(Sorts::BOOLEAN))]))
}

/// What is said of an expression.
fn refused(expression: &str) -> Vec<Problem> {
    Template::parse(&format!("{{{{ {expression} }}}}")).map_or_else(|problems| problems, |template| template.check(&place()))
}

fn fails(expression: &str) -> bool {
    let template = Template::parse(&format!("{{{{ {expression} }}}}")).unwrap();
    let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
    template.render(&(), &Cx::new(&arena, &fuel, "2026-01-02T03:04:05Z".parse().unwrap())).is_err()
}

#[test]
fn an_operator_between_constants_is_refused_where_it_would_fail_and_nowhere_else() {
    for left in VALUES {
        for right in VALUES {
            for operator in ["+", "-", "*", "/", "%", "~", "<", ">=", "in", "not in", "==", "??"] {
                let expression = format!("{left} {operator} {right}");
                assert_eq!(!refused(&expression).is_empty(), fails(&expression), "{expression}");
            }
            let index = format!("{left}[{right}]");
            // A whole number is needed, and a number with a fraction is one when it is looked at.
            assert!(refused(&index).is_empty() || fails(&index), "{index}");
        }
        for expression in [format!("not {left}"), format!("-({left})"), format!("{left} and true"), format!("false or {left}"), format!("1 if {left} else 2"), format!("{left}[0:]")] {
            assert_eq!(!refused(&expression).is_empty(), fails(&expression), "{expression}");
        }
    }
}

#[test]
fn an_argument_that_is_made_is_refused_only_where_the_function_would_fail() {
    let made = ["(1 + 1)", "('a' ~ 'b')", "(not true)", "split('a', ',')", "merge({a: 1})"];
    let fitting = |takes: Takes| match takes {
        Takes::Any | Takes::Number | Takes::Integer => "1".to_owned(),
        Takes::Text | Takes::Pattern | Takes::Each => "'a'".to_owned(),
        Takes::List => "[1]".to_owned(),
        Takes::Word(words) => format!("'{}'", words[0]),
        Takes::Zone => "'UTC'".to_owned(),
        Takes::Format | Takes::FormatOrZone => "'%Y'".to_owned(),
        Takes::Duration => "'P1D'".to_owned(),
    };
    let mut found = 0;
    for function in FUNCTIONS {
        for (place, param) in function.params.iter().enumerate().filter(|(_, param)| !matches!(param.takes, Takes::Pattern | Takes::Each)) {
            for value in made {
                let arguments = function.params.iter().enumerate().filter(|(at, other)| *at <= place || other.times == Times::Once).map(|(at, other)| if at == place { value.to_owned() } else { fitting(other.takes) });
                let expression = format!("{}({})", function.name, arguments.collect::<Vec<_>>().join(", "));
                let problems = refused(&expression);
                // A word is refused wherever it stands, also where a call would not come to look at it.
                assert!(problems.is_empty() || matches!(param.takes, Takes::Word(_)) || fails(&expression), "{expression} for {}: {problems:?}", param.name);
                found += problems.len();
            }
        }
    }
    assert!(found > 100, "{found}");
}

#[test]
fn what_can_never_be_right_is_told_with_its_place_and_a_way_out() {
    for (expression, told) in [
        ("1 + 'x'", "8: `+` needs numbers, not a text (`int(x)` or `decimal(x)` make a number, `~` joins texts)"),
        ("'x' + 1", "4: `+` needs numbers, or an instant before it, not a text that is none (`int(x)` or `decimal(x)` make a number, `~` joins texts)"),
        ("page + '1'", "11: `+` needs numbers, not a text (`int(x)` or `decimal(x)` make a number, `~` joins texts)"),
        ("record.a + 1 + 'x'", "19: `+` needs numbers, not a text (`int(x)` or `decimal(x)` make a number, `~` joins texts)"),
        ("now() + 1", "12: `+` needs two numbers, or an instant and a duration, not a text and a number (`int(x)` or `decimal(x)` make a number, `~` joins texts)"),
        ("now() - '1 day'", "12: an instant is moved by an ISO 8601 duration (write one, such as `duration('P1D')`)"),
        ("window.start < 5", "4: a text and a number have no order (compare two numbers or two texts; `int(x)`, `decimal(x)` and `text(x)` make them)"),
        ("'a' if length(record.l) else 'b'", "11: `if` needs a boolean, not a number (compare it with something)"),
        ("lower(page)", "10: `lower` cannot take this: text is a text, not a number (give a text)"),
        ("record.a in page", "4: a boolean or a number or a text or a list or an object cannot be looked for in a number (a list holds values, an object keys, a text texts)"),
        ("page.next", "4: `page` is one value and has no `next` (write `page`)"),
        ("record.a + record.b", ""), ("record.a + 'P1D'", ""), ("page + record.a", ""), ("window.start + 'P1D'", ""), ("status == 429 or status >= 500", ""), ("config.ids[0] ~ page", ""), ("'a' if config.on else 'b'", ""),
        ("default(record.a, 0) + 1", ""), ("sum(map(record.l, item.n)) * 2", ""), ("null ~ 'a'", ""), ("(record.a ?? '2026-01-01') + duration('P1D')", ""),
    ] {
        let said: Vec<String> = refused(expression).iter().map(|problem| format!("{}: {} ({})", problem.column, problem.message, problem.hint)).collect();
        assert_eq!(said.join("; "), told, "{expression}");
    }
    let amid = Template::parse("a {{ config.ids }}").unwrap().check(&place());
    assert_eq!(amid.iter().map(|problem| (problem.code, problem.column, problem.message.as_str())).collect::<Vec<_>>(), [("expression_type", 6, "a list cannot stand amid text")]);
}
