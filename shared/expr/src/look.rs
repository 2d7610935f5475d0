//! An expression as one sees it who judges it without running it: the check of a mapping, which types it.
//!
//! It shows the tree and nothing of how it is kept; brackets of one precedence are flat.

use document::Item;

use crate::{Function, Template, ast::{Constant, Kind, Node}, template::Piece};

/// One expression, or a part of one.
#[derive(Debug, Clone, Copy)]
pub struct Look<'e>(&'e Node);

/// What it is.
#[derive(Debug)]
pub enum Seen<'e> {
    /// A constant.
    Constant(Item<'e>),
    /// A root and the member names after it.
    Name(&'e str, &'e [Box<str>]),
    /// The element at hand within `map`, `where` and their like, and member names after it.
    Element(&'e [Box<str>]),
    /// Members of a value that is no name.
    Member(Look<'e>, &'e [Box<str>]),
    /// An element, or a member whose name is calculated.
    Index(Look<'e>, Look<'e>),
    /// A part of a list or text.
    Slice(Look<'e>),
    /// `not`.
    Not(Look<'e>),
    /// The number with the other sign.
    Negate(Look<'e>),
    /// Booleans joined by `and` or `or`.
    Junction(Vec<Look<'e>>),
    /// The first that is neither absent nor null.
    Coalesce(Vec<Look<'e>>),
    /// A comparison, with its sign.
    Compare(&'static str, Look<'e>, Look<'e>),
    /// Operators of one precedence, from left to right, each with its sign.
    Fold(Look<'e>, Vec<(&'static str, Look<'e>)>),
    /// Conditions with their values, and the value when none holds.
    Choice(Vec<(Look<'e>, Look<'e>)>, Look<'e>),
    /// A list of these.
    List(Vec<Look<'e>>),
    /// An object of these.
    Map(Vec<(&'e str, Look<'e>)>),
    /// A call.
    Call(&'static Function, Vec<Look<'e>>),
}

/// A piece of a template.
#[derive(Debug)]
pub enum Portion<'e> {
    /// Text as it stands.
    Text(&'e str),
    /// An expression.
    Expression(Look<'e>),
}

impl Template {
    /// Its pieces, in order.
    pub fn looks(&self) -> impl Iterator<Item = Portion<'_>> {
        self.pieces().iter().map(|piece| match piece {
            Piece::Text(text) => Portion::Text(text),
            Piece::Expression(node) => Portion::Expression(Look(node)),
        })
    }
}

impl<'e> Look<'e> {
    /// What it is.
    #[must_use]
    pub fn seen(self) -> Seen<'e> {
        let all = |nodes: &'e [Node]| nodes.iter().map(Look).collect();
        match &self.0.kind {
            Kind::Constant(Constant::Null) => Seen::Constant(Item::Null),
            Kind::Constant(Constant::Bool(value)) => Seen::Constant(Item::Bool(*value)),
            Kind::Constant(Constant::Number(text, _)) => Seen::Constant(Item::Number(text)),
            Kind::Constant(Constant::Text(text)) => Seen::Constant(Item::Text(text)),
            Kind::Name { root, steps } => Seen::Name(root, steps),
            Kind::Element(steps) => Seen::Element(steps),
            Kind::Member(node, steps) => Seen::Member(Look(node), steps),
            Kind::Index(pair) => Seen::Index(Look(&pair.0), Look(&pair.1)),
            Kind::Slice(parts) => Seen::Slice(Look(&parts.0)),
            Kind::Not(node) => Seen::Not(Look(node)),
            Kind::Negate(node) => Seen::Negate(Look(node)),
            Kind::And(nodes) | Kind::Or(nodes) => Seen::Junction(all(nodes)),
            Kind::Coalesce(nodes) => Seen::Coalesce(all(nodes)),
            Kind::Compare(comparison, pair) => Seen::Compare(comparison.sign(), Look(&pair.0), Look(&pair.1)),
            Kind::Fold(first, rest) => Seen::Fold(Look(first), rest.iter().map(|(operator, node)| (operator.sign(), Look(node))).collect()),
            Kind::Choice(cases, last) => Seen::Choice(cases.iter().map(|(condition, value)| (Look(condition), Look(value))).collect(), Look(last)),
            Kind::List(nodes) => Seen::List(all(nodes)),
            Kind::Map(members) => Seen::Map(members.iter().map(|(name, node)| (&**name, Look(node))).collect()),
            Kind::Call(call) => Seen::Call(call.function, all(&call.arguments)),
        }
    }
}

/// The plainest writing of it.
impl std::fmt::Display for Look<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
