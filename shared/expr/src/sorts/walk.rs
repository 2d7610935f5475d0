//! A tree walked for what each part of it may give, and for what no value can make right.

use super::{Sorts, wrong};
use crate::{Takes, ast::{Call, Comparison, Kind, Node, Operator}, instant::instant, prepared, problem::{MOST_PROBLEMS, Problem}, scope::Scope};

/// A walk, and what was found on it.
pub(super) struct Sorting<'s> {
    pub(super) scope: &'s Scope,
    pub(super) problems: Vec<Problem>,
}

impl Sorting<'_> {
    pub(super) fn of(&mut self, node: &Node) -> Sorts {
        match &node.kind {
            Kind::Constant(constant) => constant.sorts(),
            Kind::Name { root, steps } => self.scope.sorts(root, steps),
            Kind::Element(_) => Sorts::ANY,
            Kind::Member(base, _) => {
                self.of(base);
                Sorts::ANY
            }
            Kind::Index(pair) => {
                self.of(&pair.0);
                self.needs(&pair.1, Sorts::NUMBER.or(Sorts::TEXT), "a place is a whole number or a key", "");
                Sorts::ANY
            }
            Kind::Slice(parts) => {
                let base = self.needs(&parts.0, Sorts::TEXT.or(Sorts::LIST), "a part is cut from a text or a list", "");
                for bound in [&parts.1, &parts.2].into_iter().flatten() {
                    self.needs(bound, Sorts::NUMBER, "a place is a whole number", "");
                }
                base
            }
            Kind::Not(inner) => self.truths([&**inner], "not"),
            Kind::And(nodes) => self.truths(nodes.iter(), "and"),
            Kind::Or(nodes) => self.truths(nodes.iter(), "or"),
            Kind::Negate(inner) => self.needs(inner, Sorts::NUMBER, "`-` needs a number", "`int(x)` or `decimal(x)` make one"),
            Kind::Coalesce(nodes) => nodes.iter().fold(Sorts::NONE, |found, node| found.or(self.of(node))),
            Kind::Choice(cases, last) => {
                self.truths(cases.iter().map(|(condition, _)| condition), "if");
                cases.iter().map(|(_, value)| value).chain([&**last]).fold(Sorts::NONE, |found, node| found.or(self.of(node)))
            }
            Kind::Compare(comparison, pair) => self.compare(node, *comparison, &pair.0, &pair.1),
            Kind::Fold(first, rest) => self.fold(first, rest),
            Kind::List(nodes) => {
                nodes.iter().for_each(|node| _ = self.of(node));
                Sorts::LIST
            }
            Kind::Map(members) => {
                members.iter().for_each(|(_, node)| _ = self.of(node));
                Sorts::OBJECT
            }
            Kind::Call(call) => self.call(call),
        }
    }

    fn tell(&mut self, problem: Problem) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// What a node gives of the sorts that are needed; told where it can give none of them.
    fn needs(&mut self, node: &Node, needed: Sorts, what: &str, hint: &str) -> Sorts {
        let found = self.of(node);
        if found == Sorts::NONE || found.may(needed) {
            return found.and(needed);
        }
        let hint = if hint.is_empty() { format!("give {}", needed.words()) } else { hint.to_owned() };
        self.tell(wrong(node, format!("{what}, not {}", found.words()), &hint));
        needed
    }

    /// Conditions: null is none.
    fn truths<'n>(&mut self, nodes: impl IntoIterator<Item = &'n Node>, word: &str) -> Sorts {
        for node in nodes {
            let found = self.of(node);
            if !found.may(Sorts::BOOLEAN) {
                self.tell(wrong(node, format!("`{word}` needs a boolean, not {}", found.words()), "compare it with something"));
            }
        }
        Sorts::BOOLEAN
    }

    fn compare(&mut self, node: &Node, comparison: Comparison, left: &Node, right: &Node) -> Sorts {
        let (found, other) = (self.of(left), self.of(right));
        let fits = match comparison {
            Comparison::Equal | Comparison::Unequal => true,
            Comparison::In | Comparison::NotIn => other.may(Sorts::LIST) || other.may(Sorts::TEXT.or(Sorts::OBJECT)) && found.may(Sorts::TEXT),
            _ if found == Sorts::NONE || other == Sorts::NONE => true,
            Comparison::Less | Comparison::LessEqual | Comparison::More | Comparison::MoreEqual => found.and(other).may(Sorts::NUMBER.or(Sorts::TEXT)),
        };
        if !fits {
            let (message, hint) = match comparison {
                Comparison::In | Comparison::NotIn => (format!("{} cannot be looked for in {}", found.words(), other.words()), "a list holds values, an object keys, a text texts"),
                _ => (format!("{} and {} have no order", found.words(), other.words()), "compare two numbers or two texts; `int(x)`, `decimal(x)` and `text(x)` make them"),
            };
            self.tell(wrong(node, message, hint));
        }
        Sorts::BOOLEAN
    }

    fn fold(&mut self, first: &Node, rest: &[(Operator, Node)]) -> Sorts {
        let mut made = self.of(first);
        let mut before = Some(first);
        for (operator, node) in rest {
            let right = self.of(node);
            made = match self.step(*operator, (before, made), (node, right)) {
                Ok(made) => made,
                Err(problem) => {
                    self.tell(problem);
                    Sorts::ANY
                }
            };
            before = None;
        }
        made
    }

    /// What one operator makes of what stands before it and the node behind it.
    fn step(&self, operator: Operator, (before, left): (Option<&Node>, Sorts), (node, right): (&Node, Sorts)) -> Result<Sorts, Problem> {
        let sign = operator.sign();
        // What is told stands where it is wrong: before the operator, if it is still one node, else behind it.
        let lacks = |found: Sorts, needed: Sorts| !found.may(needed);
        let told = |at: &Node, found: Sorts, needed: &str, hint: &str| Err(wrong(at, format!("`{sign}` needs {needed}, not {}", found.words()), hint));
        let place = before.unwrap_or(node);
        if left == Sorts::NONE || right == Sorts::NONE {
            return Ok(Sorts::NONE);
        }
        if operator == Operator::Concat {
            let hint = "`json(x)` makes a text of it";
            return match (lacks(left, Sorts::SCALAR), lacks(right, Sorts::SCALAR)) {
                (true, _) => told(place, left, "texts, numbers or booleans", hint),
                (_, true) => told(node, right, "texts, numbers or booleans", hint),
                _ => Ok(Sorts::TEXT),
            };
        }
        let hint = "`int(x)` or `decimal(x)` make a number, `~` joins texts";
        let shifts = matches!(operator, Operator::Add | Operator::Subtract);
        if shifts && left == Sorts::TEXT {
            if before.and_then(Node::constant_text).is_some_and(|text| instant(text).is_none()) {
                return Err(wrong(place, format!("`{sign}` needs numbers, or an instant before it, not a text that is none"), hint));
            }
            if lacks(right, Sorts::TEXT) {
                return Err(wrong(node, format!("`{sign}` needs two numbers, or an instant and a duration, not a text and {}", right.words()), hint));
            }
            if node.constant_text().is_some_and(|text| prepared::duration(text).is_none()) {
                return Err(wrong(node, "an instant is moved by an ISO 8601 duration".to_owned(), "write one, such as `duration('P1D')`"));
            }
            return Ok(Sorts::TEXT);
        }
        let fits = if shifts { Sorts::NUMBER.or(Sorts::TEXT) } else { Sorts::NUMBER };
        if lacks(left, fits) {
            return told(place, left, "numbers", hint);
        }
        let fits = if shifts && left.may(Sorts::TEXT) { fits } else { Sorts::NUMBER };
        if lacks(right, fits) {
            return told(node, right, "numbers", hint);
        }
        let made = left.and(right).and(fits);
        if made == Sorts::NONE {
            return told(node, right, "two numbers, or an instant and a duration", hint);
        }
        Ok(made)
    }

    fn call(&mut self, call: &Call) -> Sorts {
        let mut first = Sorts::ANY;
        for (place, node) in call.arguments.iter().enumerate() {
            let takes = call.function.param(place).map_or(Takes::Any, |param| param.takes);
            let found = self.of(node);
            // Constants are judged when they are read.
            if !matches!(node.kind, Kind::Constant(_) | Kind::List(_) | Kind::Map(_)) && takes != Takes::Each && found != Sorts::NONE && !found.may(takes.sorts()) {
                self.tell(wrong(node, format!("`{}` cannot take this: {} is {}, not {}", call.function.name, call.function.param(place).map_or("it", |param| param.name), takes.sorts().words(), found.words()), &format!("give {}", takes.word())));
            }
            if place == 0 {
                first = found;
            }
        }
        call.function.sorts(first)
    }
}
