//! The names a place offers. What an expression asks for beyond them is found before anything runs.

use std::collections::{BTreeMap, HashSet};

use crate::{Function, ast::{Kind, Node}, problem::{MOST_PROBLEMS, Problem, one_of, shortened}, sorts::Sorts};

/// What lies below a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Anything: what is not there is absent.
    Open,
    /// One value, with nothing below it.
    Scalar,
    /// One value of these sorts, with nothing below it.
    Of(Sorts),
    /// These members and no others; the name itself is no value.
    Closed(BTreeMap<Box<str>, Shape>),
}

impl Shape {
    /// A closed shape of these members.
    pub fn closed<N: Into<Box<str>>>(members: impl IntoIterator<Item = (N, Shape)>) -> Self {
        Shape::Closed(members.into_iter().map(|(name, shape)| (name.into(), shape)).collect())
    }
}

/// The roots a place offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    roots: BTreeMap<Box<str>, Shape>,
}

impl Scope {
    /// A place without names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a root of a shape.
    #[must_use]
    pub fn with(mut self, root: &str, shape: Shape) -> Self {
        self.roots.insert(root.into(), shape);
        self
    }

    /// With a root below which anything may be.
    #[must_use]
    pub fn open(self, root: &str) -> Self {
        self.with(root, Shape::Open)
    }

    /// With a root that is one value.
    #[must_use]
    pub fn scalar(self, root: &str) -> Self {
        self.with(root, Shape::Scalar)
    }

    /// With a root that has these members, each open.
    #[must_use]
    pub fn members<'m>(self, root: &str, members: impl IntoIterator<Item = &'m str>) -> Self {
        self.with(root, Shape::closed(members.into_iter().map(|name| (name, Shape::Open))))
    }

    /// The roots, in alphabetical order.
    pub fn roots(&self) -> impl Iterator<Item = (&str, &Shape)> + Clone {
        self.roots.iter().map(|(name, shape)| (&**name, shape))
    }

    /// What a name may be here.
    pub(crate) fn sorts(&self, root: &str, steps: &[Box<str>]) -> Sorts {
        let mut shape = self.roots.get(root);
        for step in steps {
            shape = if let Some(Shape::Closed(members)) = shape { members.get(step) } else { None };
        }
        match shape {
            Some(Shape::Of(sorts)) => *sorts,
            _ => Sorts::ANY,
        }
    }

    /// What is wrong with one name here: the message and the hint.
    fn fault(&self, root: &str, steps: &[Box<str>]) -> Option<(String, String)> {
        let Some(mut shape) = self.roots.get(root) else {
            let hint = match Function::named(root) {
                Some(function) => format!("write `{}`", function.signature()),
                None => one_of(root, self.roots().map(|(name, _)| name)),
            };
            return Some((format!("there is no name `{}` here", shortened(root)), hint));
        };
        let mut path = root.to_owned();
        for step in steps {
            match shape {
                Shape::Open => return None,
                Shape::Scalar | Shape::Of(_) => return Some((format!("`{path}` is one value and has no `{}`", shortened(step)), format!("write `{path}`"))),
                Shape::Closed(members) => match members.get(step) {
                    Some(below) => shape = below,
                    None => return Some((format!("there is no name `{path}.{}` here", shortened(step)), one_of(step, members.keys().map(|name| &**name)))),
                },
            }
            path = format!("{path}.{step}");
        }
        match shape {
            Shape::Closed(members) => Some((format!("`{path}` is a group of names and no value"), one_of("", members.keys().map(|name| &**name)))),
            Shape::Open | Shape::Scalar | Shape::Of(_) => None,
        }
    }
}

/// What is wrong with the names of a tree.
pub(crate) fn check(node: &Node, scope: &Scope) -> Vec<Problem> {
    let (mut problems, mut seen) = (Vec::new(), HashSet::new());
    node.walk(&mut |node| {
        if let Kind::Name { root, steps } = &node.kind
            && problems.len() < MOST_PROBLEMS
            && seen.insert((root, steps))
            && let Some((message, hint)) = scope.fault(root, steps)
        {
            problems.push(Problem::at("expression_unknown_name", node.at as usize, message, hint));
        }
    });
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Template;

    fn place() -> Scope {
        Scope::new().open("record").scalar("cursor").members("config", ["token", "base_url"]).with("window", Shape::closed([("start", Shape::Scalar), ("end", Shape::Scalar)]))
    }

    #[test]
    fn names_are_offered_by_place() {
        for (text, expected) in [
            ("{{ record.a.b[0].c }}", None), ("{{ cursor }}", None), ("{{ config.token }} {{ config['base_url'] }}", None), ("{{ config.credentials.type }}", Some("there is no name `config.credentials` here")),
            ("{{ window.start }}", None), ("{{ config.tokne }}", Some("there is no name `config.tokne` here")), ("{{ config }}", Some("`config` is a group of names and no value")),
            ("{{ recrod.id }}", Some("there is no name `recrod` here")), ("{{ cursor.x }}", Some("`cursor` is one value and has no `x`")), ("{{ window.start.x }}", Some("`window.start` is one value and has no `x`")),
            ("{{ map(record.lines, item.sku) }}", None), ("{{ item.sku }}", Some("there is no name `item` here")), ("{{ config[record.key] }}", Some("`config` is a group of names and no value")),
        ] {
            let problems = Template::parse(text).unwrap().check(&place());
            assert_eq!(problems.first().map(|problem| problem.message.as_str()), expected, "{text}");
        }
    }

    #[test]
    fn a_slip_is_told_with_the_nearest_name() {
        for (text, hint, column) in [
            ("{{ recrod.id }}", "did you mean `record`?", 4), ("{{ config.tokne }}", "did you mean `token`?", 4), ("{{ config }}", "one of: base_url, token", 4), ("{{ now }}", "write `now()`", 4),
            ("å {{ cursor.at }}", "write `cursor`", 6), ("{{ xyzzy }}", "one of: config, cursor, record, window", 4),
        ] {
            let problems = Template::parse(text).unwrap().check(&place());
            assert_eq!(problems.iter().map(|problem| (problem.hint.as_str(), problem.column)).collect::<Vec<_>>(), [(hint, column)], "{text}");
        }
    }

    #[test]
    fn a_name_used_twice_is_found_once() {
        assert_eq!(Template::parse("{{ nope }}{{ nope }}{{ nope ~ other }}").unwrap().check(&place()).len(), 2);
    }
}
