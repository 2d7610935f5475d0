//! What must hold of any text at all: the entry of the fuzz target, and of the bounded run of it among the tests.
//!
//! Nothing panics; a text that is read is written and read back as the same; evaluating twice gives the same.

use document::{Arena, Fuel, Item, Value, object};

use crate::{Cx, DEFAULT_FUEL, Expr, Scope, Template};

/// Reads bytes as a template and as an expression, and evaluates what can be read.
///
/// # Panics
/// When one of the laws does not hold.
pub fn fuzz(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let scope = Scope::new().open("record").members("config", ["token"]).scalar("cursor");
    let inner = object([("a", Some(7.into())), ("b", Some("x".into()))]);
    let record = object([("a", Some(inner.clone())), ("t", Some("Tea 1.50".into())), ("n", Some(Value::Null)), ("l", Some(Value::Array(vec![inner, 2.into()])))]);
    if let Ok(template) = Template::parse(&text) {
        let _ = template.check(&scope);
        let render = || {
            let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
            let cx = Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH);
            let made = template.render(&("record", Item::from(&record)), &cx);
            made.map(|item| item.map(Item::to_json))
        };
        assert_eq!(render(), render(), "evaluating twice gives the same");
    }
    let Ok(expression) = Expr::parse(&text) else { return };
    let _ = expression.check(&scope);
    let written = expression.to_string();
    // Brackets make it longer and deeper: it may come to a limit, and else it is the same.
    if let Ok(again) = Expr::parse(&written) {
        assert_eq!(again.to_string(), written, "what is written is read as the same");
        let eval = |expression: &Expr| {
            let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
            let made = expression.eval(&("record", Item::from(&record)), &Cx::new(&arena, &fuel, jiff::Timestamp::UNIX_EPOCH));
            made.map(|item| item.map(Item::to_json)).map_err(|failure| (failure.code, failure.message))
        };
        assert_eq!(eval(&expression), eval(&again), "both are the same expression");
    } else {
        assert!(written.len() > 200, "what is written is read: {written}");
    }
}
