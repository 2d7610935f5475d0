//! Walks the tree of an expression and gives its value. Each node costs a step of fuel; nothing here loops without paying.

use document::{Item, Spent};

use crate::{args::Args, ast::{Call, Constant, Kind, Node}, failure::Stop, function::Empty, names::{Cx, Names}, operate, prepared::Prepared, value::{Val, View}};

/// What an evaluation knows: the names, the context, and the element at hand within `map` and `where`.
pub(crate) struct Frame<'a, 'e> {
    pub(crate) names: &'e dyn Names<'a>,
    pub(crate) cx: &'e Cx<'a, 'e>,
    pub(crate) item: Option<Item<'a>>,
    pub(crate) asked: Asked,
}

/// What an expression is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A value: a comparison with what is absent is absent.
    Value,
    /// Whether it holds: what is absent is compared as null.
    Condition,
}

impl<'a> Frame<'a, '_> {
    #[inline]
    pub(crate) fn eval(&self, node: &'a Node) -> Result<Val<'a>, Stop> {
        if self.cx.fuel.spend(1).is_err() {
            return Err(Stop::from(Spent).at(node.at));
        }
        let value = match &node.kind {
            Kind::Constant(constant) => return Ok(constant.value()),
            Kind::Name { root, steps } => self.cx.ask(self.names, root, steps).map(Val::of),
            _ => self.value(node),
        };
        match value {
            Err(stop) => Err(stop.at(node.at)),
            value => value,
        }
    }

    #[inline(never)]
    fn value(&self, node: &'a Node) -> Result<Val<'a>, Stop> {
        match &node.kind {
            Kind::Constant(constant) => Ok(constant.value()),
            Kind::Name { root, steps } => self.cx.ask(self.names, root, steps).map(Val::of),
            Kind::Element(steps) => self.item.map_or(Ok(None), |item| self.cx.descend(item, steps)).map(Val::of),
            Kind::Member(base, steps) => match self.eval(base)? {
                Val::Item(item) => self.cx.descend(item, steps).map(Val::of),
                _ => Ok(Val::Absent),
            },
            Kind::Index(pair) => self.index(self.eval(&pair.0)?, self.eval(&pair.1)?),
            Kind::Slice(parts) => {
                let bound = |node: &'a Option<Node>| node.as_ref().map(|node| self.eval(node)).transpose();
                slice(self.eval(&parts.0)?, bound(&parts.1)?, bound(&parts.2)?, self.cx)
            }
            Kind::Not(node) => Ok(Val::bool(!self.truth(node, "not")?)),
            Kind::Negate(node) => match self.eval(node)? {
                nothing if nothing.is_nothing() => Ok(nothing),
                value => value.number(self.cx)?.negate().map(Val::Num).map_err(operate::beyond),
            },
            Kind::And(nodes) => self.all(nodes, "and", false),
            Kind::Or(nodes) => self.all(nodes, "or", true),
            Kind::Coalesce(nodes) => self.coalesce(nodes),
            Kind::Compare(comparison, pair) => operate::compare(*comparison, self.eval(&pair.0)?, self.eval(&pair.1)?, self.asked, self.cx),
            Kind::Fold(first, rest) => {
                let mut value = self.eval(first)?;
                for (operator, node) in rest {
                    let right = self.eval(node)?;
                    value = operate::calculate(*operator, value, right, self.cx).map_err(|stop| stop.at(node.at))?;
                }
                Ok(value)
            }
            Kind::Choice(cases, last) => {
                for (condition, value) in cases {
                    if self.truth(condition, "if")? {
                        return self.eval(value);
                    }
                }
                self.eval(last)
            }
            Kind::List(nodes) => self.list(nodes),
            Kind::Map(members) => self.map(members),
            Kind::Call(call) => self.call(call),
        }
    }

    /// A condition: a boolean, and nothing that resembles one.
    fn truth(&self, node: &'a Node, word: &str) -> Result<bool, Stop> {
        let value = self.eval(node)?;
        match value.view(self.cx)? {
            View::Bool(value) => Ok(value),
            View::Absent => Err(Stop::absent(format!("`{word}` needs a boolean and the value is absent; ask `is_absent(x)` or give one with `??`")).at(node.at)),
            _ => Err(Stop::sort(format!("`{word}` needs a boolean, not {}; compare it with something", value.word())).at(node.at)),
        }
    }

    #[inline(never)]
    fn all(&self, nodes: &'a [Node], word: &str, until: bool) -> Result<Val<'a>, Stop> {
        for node in nodes {
            if self.truth(node, word)? == until {
                return Ok(Val::bool(until));
            }
        }
        Ok(Val::bool(!until))
    }

    #[inline(never)]
    fn coalesce(&self, nodes: &'a [Node]) -> Result<Val<'a>, Stop> {
        let mut last = Val::Absent;
        for node in nodes {
            last = self.eval(node)?;
            if !last.is_nothing() {
                break;
            }
        }
        Ok(last)
    }

    /// A list; what is absent is left out.
    #[inline(never)]
    fn list(&self, nodes: &'a [Node]) -> Result<Val<'a>, Stop> {
        let mut items = bumpalo::collections::Vec::with_capacity_in(nodes.len(), self.cx.arena.bump());
        for node in nodes {
            items.extend(self.eval(node)?.item(self.cx));
        }
        Ok(Val::Item(Item::List(items.into_bump_slice())))
    }

    /// An object; what is absent is left out.
    #[inline(never)]
    fn map(&self, members: &'a [(Box<str>, Node)]) -> Result<Val<'a>, Stop> {
        let mut entries: bumpalo::collections::Vec<'a, (&'a str, Item<'a>)> = bumpalo::collections::Vec::with_capacity_in(members.len(), self.cx.arena.bump());
        for (key, node) in members {
            entries.extend(self.eval(node)?.item(self.cx).map(|item| (&**key, item)));
        }
        Ok(Val::Item(Item::Map(entries.into_bump_slice())))
    }

    #[inline(never)]
    fn index(&self, base: Val<'a>, index: Val<'a>) -> Result<Val<'a>, Stop> {
        let Val::Item(item) = base else { return Ok(Val::Absent) };
        match index.view(self.cx)? {
            View::Absent | View::Null => Ok(Val::Absent),
            View::Text(key) => {
                self.cx.spend(item.len() / 64)?;
                Ok(Val::of(item.get(key)))
            }
            View::Num(_) | View::Digits(_) => {
                let Some(at) = index.number(self.cx)?.whole() else { return Err(Stop::number("a place in a list is a whole number")) };
                let length = item.len();
                let at = if at < 0 { at.saturating_add(i128::try_from(length).unwrap_or(i128::MAX)) } else { at };
                self.cx.spend(usize::try_from(at).map_or(0, |at| at.min(length) / 16))?;
                Ok(Val::of(usize::try_from(at).ok().and_then(|at| item.index(at))))
            }
            _ => Err(Stop::sort(format!("a place is a whole number or a key, not {}", index.word()))),
        }
    }

    #[inline(never)]
    fn call(&self, call: &'a Call) -> Result<Val<'a>, Stop> {
        let mut few = [Val::Absent; 4];
        let mut many;
        let values = match call.arguments.len() {
            count @ 0..=4 => &mut few[..count],
            count => {
                many = vec![Val::Absent; count];
                &mut many[..]
            }
        };
        let mut nothing = None;
        for ((value, node), prepared) in values.iter_mut().zip(&call.arguments).zip(&call.prepared) {
            if matches!(prepared, Prepared::Body) {
                continue;
            }
            *value = self.eval(node)?;
            if value.is_nothing() && call.function.empty == Empty::Passes {
                // Absent is less than null: what is missing in part is missing.
                nothing = if value.is_absent() { Some(Val::Absent) } else { nothing.or(Some(Val::NULL)) };
            }
        }
        match nothing {
            Some(nothing) => Ok(nothing),
            None => (call.function.run)(&Args { call, values, frame: self, cx: self.cx }),
        }
    }
}

impl Constant {
    fn value(&self) -> Val<'_> {
        match self {
            Constant::Null => Val::NULL,
            Constant::Bool(value) => Val::bool(*value),
            Constant::Number(text, _) => Val::Item(Item::Number(text)),
            Constant::Text(text) => Val::Item(Item::Text(text)),
        }
    }
}

/// Elements of a list, or characters of a text.
pub(crate) fn slice<'a>(base: Val<'a>, from: Option<Val<'a>>, to: Option<Val<'a>>, cx: &Cx<'a, '_>) -> Result<Val<'a>, Stop> {
    if let Some(nothing) = [Some(base), from, to].into_iter().flatten().find(|value| value.is_nothing()) {
        return Ok(nothing);
    }
    let bound = |value: Option<Val<'a>>, length: usize, other: usize| -> Result<usize, Stop> {
        let Some(value) = value else { return Ok(other) };
        let at = value.number(cx)?.whole().ok_or_else(|| Stop::number("a place is a whole number"))?;
        let length_wide = i128::try_from(length).unwrap_or(i128::MAX);
        Ok(usize::try_from(if at < 0 { at.saturating_add(length_wide).max(0) } else { at.min(length_wide) }).unwrap_or(length))
    };
    match base.view(cx)? {
        View::Text(text) => {
            cx.read(text.len())?;
            let length = if text.is_ascii() { text.len() } else { text.chars().count() };
            let (from, to) = (bound(from, length, 0)?, bound(to, length, length)?);
            let byte = |at: usize| if length == text.len() { at } else { text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte) };
            Ok(Val::Item(Item::Text(if from < to { text.get(byte(from)..byte(to)).unwrap_or_default() } else { "" })))
        }
        View::List(list) => {
            let length = list.len();
            let (from, to) = (bound(from, length, 0)?, bound(to, length, length)?);
            cx.spend(to.saturating_sub(from) + from / 16)?;
            if let Item::List(items) = list {
                return Ok(Val::Item(Item::List(items.get(from..to.max(from)).unwrap_or_default())));
            }
            Ok(Val::Item(cx.arena.list(list.items().skip(from).take(to.saturating_sub(from)).collect::<Vec<_>>())))
        }
        _ => Err(Stop::sort(format!("a part is cut from a text or a list, not {}", base.word()))),
    }
}
