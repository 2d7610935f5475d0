//! What a path says once it is read: segments of selectors, and filters over them.
//!
//! Made by `read` and `filter`, walked by `walk` and `judge`. The leading names, indices and `[*]` stand apart as steps:
//! most paths are nothing else.

use super::pattern::Pattern;
use crate::{Item, Step};

/// From a root down.
#[derive(Debug, Clone)]
pub(super) struct Query {
    /// From `@`, not from `$`.
    pub(super) current: bool,
    /// Names, indices and `[*]`, as far as there are only those.
    pub(super) steps: Vec<Step>,
    /// The rest.
    pub(super) rest: Vec<Segment>,
}

impl Query {
    /// At most one value by the words of RFC 9535: names and indices only.
    pub(super) fn is_singular(&self) -> bool {
        self.rest.is_empty() && !self.steps.contains(&Step::Each)
    }

    /// Adds a segment; one that is a step stays a step while only steps stand before it.
    pub(super) fn push(&mut self, mut segment: Segment) {
        if self.rest.is_empty() && !segment.descend && segment.selectors.len() == 1 {
            match segment.selectors.pop() {
                Some(Selector::Step(step)) => return self.steps.push(step),
                Some(other) => segment.selectors.push(other),
                None => {}
            }
        }
        self.rest.push(segment);
    }
}

/// The children of a value, or of it and everything below it.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub(super) descend: bool,
    pub(super) selectors: Vec<Selector>,
}

#[derive(Debug, Clone)]
pub(super) enum Selector {
    Step(Step),
    Slice { start: Option<i64>, end: Option<i64>, step: i64 },
    Filter(Expr),
}

/// What holds or does not.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    Any(Vec<Expr>),
    All(Vec<Expr>),
    Not(Box<Expr>),
    Exists(Query),
    Compare(Operand, Compare, Operand),
    /// `match` or `search`; without a pattern it never holds.
    Fits(Operand, Option<Pattern>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

/// What is compared or handed to a function: at most one value.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Literal(Literal),
    /// Of a singular query.
    At(Query),
    Length(Box<Operand>),
    Count(Query),
    Value(Query),
}

#[derive(Debug, Clone)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Number(Box<str>),
    Text(Box<str>),
}

impl Literal {
    pub(super) fn item(&self) -> Item<'_> {
        match self {
            Literal::Null => Item::Null,
            Literal::Bool(value) => Item::Bool(*value),
            Literal::Number(text) => Item::Number(text),
            Literal::Text(text) => Item::Text(text),
        }
    }
}
