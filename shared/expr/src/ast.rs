//! The tree of a parsed expression: compact, immutable, shared by every record it is evaluated for.
//!
//! Made by the parser, walked by the check, the evaluation and the printer. Chains of one precedence are flat, so that the depth of
//! the tree is the depth of the brackets, which is limited.

use crate::{function::Function, number::Num, prepared::Prepared};

#[derive(Debug)]
pub(crate) struct Node {
    /// The byte of the source it begins at.
    pub(crate) at: u32,
    /// Levels from here down, itself included.
    pub(crate) height: u16,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Constant(Constant),
    /// A root and the member names after it.
    Name { root: Box<str>, steps: Box<[Box<str>]> },
    /// The element at hand within `map` or `where`.
    Element(Box<[Box<str>]>),
    Member(Box<Node>, Box<[Box<str>]>),
    Index(Box<(Node, Node)>),
    Slice(Box<(Node, Option<Node>, Option<Node>)>),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<[Node]>),
    Or(Box<[Node]>),
    Coalesce(Box<[Node]>),
    Compare(Comparison, Box<(Node, Node)>),
    /// Operators of one precedence, from left to right.
    Fold(Box<Node>, Box<[(Operator, Node)]>),
    /// Conditions with their values, and the value when none holds.
    Choice(Box<[(Node, Node)]>, Box<Node>),
    List(Box<[Node]>),
    Map(Box<[(Box<str>, Node)]>),
    Call(Box<Call>),
}

#[derive(Debug)]
pub(crate) enum Constant {
    Null,
    Bool(bool),
    /// As written, and its value if it can be calculated with.
    Number(Box<str>, Option<Num>),
    Text(Box<str>),
}

#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) function: &'static Function,
    pub(crate) arguments: Box<[Node]>,
    /// What was made of the constant arguments, at their positions.
    pub(crate) prepared: Box<[Prepared]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessEqual,
    More,
    MoreEqual,
    In,
    NotIn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Concat,
}

impl Comparison {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::Unequal => "!=",
            Comparison::Less => "<",
            Comparison::LessEqual => "<=",
            Comparison::More => ">",
            Comparison::MoreEqual => ">=",
            Comparison::In => "in",
            Comparison::NotIn => "not in",
        }
    }
}

impl Operator {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Remainder => "%",
            Operator::Concat => "~",
        }
    }
}

impl Node {
    pub(crate) fn new(at: usize, kind: Kind) -> Self {
        let mut height = 0;
        kind.children(&mut |node| height = height.max(node.height));
        // Invariant: a source has at most `MOST_BYTES` bytes, and the parser refuses trees long before they are this high.
        Self { at: u32::try_from(at).unwrap_or(u32::MAX), height: height.saturating_add(1), kind }
    }

    /// Calls `see` with this node and all below it.
    pub(crate) fn walk<'n>(&'n self, see: &mut dyn FnMut(&'n Node)) {
        see(self);
        self.kind.children(&mut |node| node.walk(see));
    }

    /// The text, if this is a constant one.
    pub(crate) fn constant_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Constant(Constant::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl Kind {
    fn children<'n>(&'n self, see: &mut dyn FnMut(&'n Node)) {
        match self {
            Kind::Constant(_) | Kind::Name { .. } | Kind::Element(_) => {}
            Kind::Member(node, _) | Kind::Not(node) | Kind::Negate(node) => see(node),
            Kind::Index(pair) | Kind::Compare(_, pair) => [&pair.0, &pair.1].into_iter().for_each(see),
            Kind::Slice(parts) => [Some(&parts.0), parts.1.as_ref(), parts.2.as_ref()].into_iter().flatten().for_each(see),
            Kind::And(nodes) | Kind::Or(nodes) | Kind::Coalesce(nodes) | Kind::List(nodes) => nodes.iter().for_each(see),
            Kind::Fold(first, rest) => std::iter::once(&**first).chain(rest.iter().map(|(_, node)| node)).for_each(see),
            Kind::Choice(cases, last) => cases.iter().flat_map(|(condition, value)| [condition, value]).chain([&**last]).for_each(see),
            Kind::Map(members) => members.iter().map(|(_, node)| node).for_each(see),
            Kind::Call(call) => call.arguments.iter().for_each(see),
        }
    }
}
