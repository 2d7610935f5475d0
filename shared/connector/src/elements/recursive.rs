//! `recursive`: the values of a level form a tree.

use document::Path;
use expr::Template;

use super::parent::filter;
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// A tree.
#[derive(Debug)]
pub struct Recursive {
    /// The value of a record by which its children are asked for.
    pub value: Path,
    /// Which records have children.
    pub filter: Option<Template>,
    /// How many levels are read, the first included.
    pub max_depth: u32,
}

/// `recursive`.
pub(crate) static RECURSIVE: Element = Element {
    name: "recursive",
    doc: "A tree: each record read may be a parent of its own.",
    keys: &[
        Key::required("value", Takes::Path { singular: true }, "The value of a record by which its children are asked for."),
        Key::new("filter", Takes::Template, "Which records have children: a condition on `record`; all without it."),
        Key::required("max_depth", Takes::Count, "How many levels are read, the first included; deeper ones are a fault."),
    ],
};

/// Reads it.
pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Recursive> {
    RECURSIVE.open(cx, node)?;
    let value = node.need(cx, "value").and_then(|value| value.path(cx, true));
    let filter = filter(cx, node);
    let max_depth = node.need(cx, "max_depth").and_then(|depth| depth.count(cx));
    Some(Recursive { value: value?, filter: filter?, max_depth: max_depth? })
}
