//! `values`: the list a level of a fan-out goes through.

use document::Value;
use expr::Template;

use crate::{check::{Check, Node}, shape::{Element, Key, Takes}, template::expression_at};

/// A list of values.
#[derive(Debug)]
pub enum Values {
    /// Written out.
    List(Vec<Value>),
    /// Of the configuration.
    Template(Template),
    /// Numbers from, to and by which step.
    Range(i64, i64, i64),
}

/// Numbers of a range.
const MOST: i64 = 100_000;
/// The names a list sees: the configuration, and the levels around it.
pub(crate) const ROOTS: &[&str] = &["config", "parent"];

/// A range of numbers.
pub(crate) static RANGE: Element = Element {
    name: "range",
    doc: "Whole numbers.",
    keys: &[Key::required("from", Takes::Integer, "The first."), Key::required("to", Takes::Integer, "The last."), Key::new("step", Takes::Count, "The step; 1 without it.")],
};

/// Reads a list, a range, or the expression that gives one.
pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Values> {
    if let Some(list) = node.value.items() {
        if list.is_empty() {
            cx.error("definition_unknown_value", &node.at, "a list without values reads nothing", "name a value, or write a list of `config`");
        }
        for item in node.items(cx)?.iter().filter(|item| item.value.as_str().is_some_and(|text| text.contains("{{"))) {
            cx.error("definition_unknown_value", &item.at, "a value of a list has no expressions in it", "write the whole list as one: `{{ [config.a, config.b] }}`");
        }
        return Some(Values::List(list.to_vec()));
    }
    if node.value.entries().is_some() {
        RANGE.open(cx, node)?;
        let number = |cx: &mut Check, key: &str| node.need(cx, key).and_then(|number| number.integer(cx));
        let (from, to) = (number(cx, "from"), number(cx, "to"));
        let step = node.get("step").map_or(Some(1), |step| step.count(cx));
        let (from, to, step) = (from?, to?, i64::from(step?));
        let most = to.checked_sub(from).filter(|span| *span >= 0 && span / step < MOST);
        if most.is_none() {
            cx.error("definition_unknown_value", &node.at, format!("no range from {from} to {to}"), format!("let `to` not be below `from`, with at most {MOST} numbers"));
            return None;
        }
        return Some(Values::Range(from, to, step));
    }
    expression_at(cx, node, ROOTS, "a list is one expression, and this is a text", "write it as `{{ config.NAME }}`, or as a JSON array").map(Values::Template)
}
