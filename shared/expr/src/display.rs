//! Writes a tree as an expression: brackets around whatever is not a name, a constant or a call, so that it reads back as the same tree.

use std::fmt::{self, Display, Formatter};

use crate::ast::{Constant, Kind, Node};

/// An operand: in brackets unless it holds together by itself.
struct Operand<'n>(&'n Node);

impl Display for Operand<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Constant(Constant::Number(text, _)) if text.starts_with('-') => write!(f, "({text})"),
            Kind::Constant(_) | Kind::Name { .. } | Kind::Element(_) | Kind::Member(..) | Kind::Index(_) | Kind::Slice(_) | Kind::List(_) | Kind::Map(_) | Kind::Call(_) => self.0.fmt(f),
            _ => write!(f, "({})", self.0),
        }
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Constant(constant) => constant.fmt(f),
            Kind::Name { root, steps } => path(f, root, steps),
            Kind::Element(steps) => path(f, "item", steps),
            Kind::Member(base, steps) => {
                write!(f, "{}", Base(base))?;
                members(f, steps)
            }
            Kind::Index(pair) => write!(f, "{}[{}]", Base(&pair.0), pair.1),
            Kind::Slice(parts) => {
                write!(f, "{}[", Base(&parts.0))?;
                parts.1.iter().try_for_each(|from| from.fmt(f))?;
                f.write_str(":")?;
                parts.2.iter().try_for_each(|to| to.fmt(f))?;
                f.write_str("]")
            }
            Kind::Not(node) => write!(f, "not {}", Operand(node)),
            Kind::Negate(node) => write!(f, "-({node})"),
            Kind::And(nodes) => joined(f, nodes, " and "),
            Kind::Or(nodes) => joined(f, nodes, " or "),
            Kind::Coalesce(nodes) => joined(f, nodes, " ?? "),
            Kind::Compare(comparison, pair) => write!(f, "{} {} {}", Operand(&pair.0), comparison.sign(), Operand(&pair.1)),
            Kind::Fold(first, rest) => {
                write!(f, "{}", Operand(first))?;
                rest.iter().try_for_each(|(operator, node)| write!(f, " {} {}", operator.sign(), Operand(node)))
            }
            Kind::Choice(cases, last) => {
                cases.iter().try_for_each(|(condition, value)| write!(f, "{} if {} else ", Operand(value), Operand(condition)))?;
                Operand(last).fmt(f)
            }
            Kind::List(nodes) => {
                f.write_str("[")?;
                listed(f, nodes)?;
                f.write_str("]")
            }
            Kind::Map(entries) => {
                f.write_str("{")?;
                for (place, (key, node)) in entries.iter().enumerate() {
                    f.write_str(if place > 0 { ", " } else { "" })?;
                    quoted(f, key)?;
                    write!(f, ": {node}")?;
                }
                f.write_str("}")
            }
            Kind::Call(call) => {
                write!(f, "{}(", call.function.name)?;
                listed(f, &call.arguments)?;
                f.write_str(")")
            }
        }
    }
}

/// What a member or a place is asked of; a number would swallow the point.
struct Base<'n>(&'n Node);

impl Display for Base<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if matches!(self.0.kind, Kind::Constant(_)) { write!(f, "({})", self.0) } else { Operand(self.0).fmt(f) }
    }
}

impl Display for Constant {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Constant::Null => f.write_str("null"),
            Constant::Bool(value) => value.fmt(f),
            Constant::Number(text, _) => f.write_str(text),
            Constant::Text(text) => quoted(f, text),
        }
    }
}

fn path(f: &mut Formatter<'_>, root: &str, steps: &[Box<str>]) -> fmt::Result {
    f.write_str(root)?;
    members(f, steps)
}

fn members(f: &mut Formatter<'_>, steps: &[Box<str>]) -> fmt::Result {
    for step in steps {
        let plain = step.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_') && step.chars().all(|char| char.is_alphanumeric() || char == '_');
        if plain {
            write!(f, ".{step}")?;
        } else {
            f.write_str("[")?;
            quoted(f, step)?;
            f.write_str("]")?;
        }
    }
    Ok(())
}

fn joined(f: &mut Formatter<'_>, nodes: &[Node], word: &str) -> fmt::Result {
    nodes.iter().enumerate().try_for_each(|(place, node)| write!(f, "{}{}", if place > 0 { word } else { "" }, Operand(node)))
}

fn listed(f: &mut Formatter<'_>, nodes: &[Node]) -> fmt::Result {
    nodes.iter().enumerate().try_for_each(|(place, node)| write!(f, "{}{node}", if place > 0 { ", " } else { "" }))
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("'")?;
    for char in text.chars() {
        match char {
            '\\' => f.write_str("\\\\")?,
            '\'' => f.write_str("\\'")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            _ => write!(f, "{char}")?,
        }
    }
    f.write_str("'")
}
