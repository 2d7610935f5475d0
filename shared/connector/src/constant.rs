//! What an expression gives that looks at nothing: it is evaluated when the definition is checked, by the code that runs it later.

use document::{Arena, Fuel, Item, Value};
use expr::{Cx, DEFAULT_FUEL, Lack, Names, Template};
use jiff::Timestamp;

use crate::check::{Check, Node};

/// Functions that look at something that is no name: the present, and chance.
const WORLDLY: [&str; 3] = ["now", "today", "uuid"];

/// No name has a value here, and whoever asks for one learns nothing.
struct Nothing;

impl<'a> Names<'a> for Nothing {
    fn path(&self, root: &str, _: &[Box<str>]) -> Result<Option<Item<'a>>, Lack> {
        Err(Lack::reject("expression_unknown_name", format!("`{root}` is not known yet")))
    }
}

/// Tells of a condition that always holds, or never.
pub(crate) fn told(cx: &mut Check, node: &Node<'_>, condition: &Template) {
    let Some(holds) = truth(condition) else { return };
    let often = if holds { "always" } else { "never" };
    cx.warning("definition_unused", &node.at, format!("this condition {often} holds: it depends on nothing that comes"), "compare something that comes, or remove it");
}

/// Whether a condition always holds, or never; none where that depends on anything.
fn truth(condition: &Template) -> Option<bool> {
    let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
    let value = condition.condition(&Nothing, &Cx::new(&arena, &fuel, Timestamp::UNIX_EPOCH)).ok()?;
    (!worldly(condition)).then(|| value.and_then(Item::bool) == Some(true))
}

/// The value of a template that always gives the same one.
pub(crate) fn value(template: &Template) -> Option<Value> {
    let (arena, fuel) = (Arena::new(), Fuel::new(DEFAULT_FUEL));
    let value = template.render(&Nothing, &Cx::new(&arena, &fuel, Timestamp::UNIX_EPOCH)).ok()??;
    (!worldly(template)).then(|| value.to_value())
}

fn worldly(template: &Template) -> bool {
    template.calls().iter().any(|name| WORLDLY.contains(name))
}
