//! Texts with `{{ … }}` in them, and bare expressions: read once, rendered for every record.
//!
//! A text that is one expression keeps the type of its value; otherwise the parts become text. Callers check a template against the
//! names of its place before they keep it.

use std::{borrow::Cow, fmt};

use document::Item;

use crate::{ast::{Kind, Node}, eval::{Asked, Frame}, failure::{Failure, Stop}, names::{Cx, Names}, parse::{MOST_BYTES, expression}, problem::{Problem, settled}, scope::{Scope, check}, sorts::{self, Sorts}, value::Val};

/// A text with expressions in it.
#[derive(Debug)]
pub struct Template {
    source: Box<str>,
    pieces: Box<[Piece]>,
}

/// A piece of a text.
#[derive(Debug)]
pub(crate) enum Piece {
    Text(Box<str>),
    Expression(Node),
}

/// One expression by itself.
#[derive(Debug)]
pub struct Expr {
    source: Box<str>,
    node: Node,
}

/// A part of a template, as one who examines it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'t> {
    /// Text as it stands.
    Text(&'t str),
    /// One name and nothing else: its root and the members behind it.
    Name(&'t str, &'t [Box<str>]),
    /// Any other expression, in its plainest writing.
    Expression(String),
}

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = too_long(text)?;
        let (mut pieces, mut at, mut patterns) = (Vec::new(), 0, 0);
        while let Some(open) = text[at..].find("{{").map(|found| at + found) {
            if open > at {
                pieces.push(Piece::Text(text[at..open].into()));
            }
            let (parsed, calls) = expression(text, open + 2, true, &mut patterns);
            problems.extend(calls);
            match parsed {
                Ok((node, end)) => {
                    pieces.push(Piece::Expression(node));
                    at = end;
                }
                Err(problem) => {
                    problems.push(problem);
                    // Read on behind it, so that everything wrong is said at once.
                    at = text[open + 2..].find("}}").map_or(text.len(), |found| open + 2 + found + 2);
                }
            }
        }
        if at < text.len() {
            pieces.push(Piece::Text(text[at..].into()));
        }
        if problems.is_empty() { Ok(Self { source: text.into(), pieces: pieces.into() }) } else { Err(settled(text, problems)) }
    }

    /// What is wrong with its names at a place that offers these, and what can never be right there.
    #[must_use]
    pub fn check(&self, scope: &Scope) -> Vec<Problem> {
        let amid = |node| if self.is_text() { sorts::amid(node, scope) } else { None };
        settled(&self.source, self.nodes().flat_map(|node| check(node, scope).into_iter().chain(sorts::check(node, scope)).chain(amid(node))).collect())
    }

    /// The sorts it may give at a place that offers these names.
    #[must_use]
    pub fn sorts(&self, scope: &Scope) -> Sorts {
        match &*self.pieces {
            [Piece::Expression(node)] => sorts::of(node, scope),
            _ => Sorts::TEXT,
        }
    }

    /// The value: typed when the whole is one expression, else text. Absent when it, or a part amid text, is absent; a null part
    /// amid text makes the whole absent as well.
    ///
    /// # Errors
    /// When an operator or function cannot take what it is given, a limit is reached, or a list or object stands amid text.
    pub fn render<'a>(&'a self, names: &dyn Names<'a>, cx: &Cx<'a, '_>) -> Result<Option<Item<'a>>, Failure> {
        if let [Piece::Expression(node)] = &*self.pieces {
            return evaluated(node, Asked::Value, names, cx).map(|value| value.item(cx)).map_err(|stop| stop.settled(&self.source));
        }
        Ok(self.text(names, cx)?.map(|text| Item::Text(cx.arena.keep(text))))
    }

    /// The value as a condition: `==`, `!=`, `in` and `not in` take what is absent as null, and so are true or false. Absent or null,
    /// which any other expression may still be, does not hold.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn condition<'a>(&'a self, names: &dyn Names<'a>, cx: &Cx<'a, '_>) -> Result<Option<Item<'a>>, Failure> {
        match &*self.pieces {
            [Piece::Expression(node)] => evaluated(node, Asked::Condition, names, cx).map(|value| value.item(cx)).map_err(|stop| stop.settled(&self.source)),
            _ => self.render(names, cx),
        }
    }

    /// The value as text; absent when any part is absent or null.
    ///
    /// # Errors
    /// As [`Template::render`], also when the whole is a list or object.
    pub fn text<'a>(&'a self, names: &dyn Names<'a>, cx: &Cx<'a, '_>) -> Result<Option<Cow<'a, str>>, Failure> {
        self.joined(names, cx).map_err(|stop| stop.settled(&self.source))
    }

    fn joined<'a>(&'a self, names: &dyn Names<'a>, cx: &Cx<'a, '_>) -> Result<Option<Cow<'a, str>>, Stop> {
        let mut made = String::new();
        for (place, piece) in self.pieces.iter().enumerate() {
            let text = match piece {
                Piece::Text(text) => text,
                Piece::Expression(node) => {
                    let value = evaluated(node, Asked::Value, names, cx)?;
                    match value.plain(cx).map_err(|stop| stop.at(node.at))? {
                        Some(text) => text,
                        None if value.is_nothing() => return Ok(None),
                        None => return Err(Stop::sort(format!("{} cannot stand amid text; `json(x)` makes it one", value.word())).at(node.at)),
                    }
                }
            };
            if self.pieces.len() == 1 {
                return Ok(Some(Cow::Borrowed(text)));
            }
            if made.len() + text.len() > cx.most_output {
                return Err(Stop::output(format!("more than {} bytes of text would be made", cx.most_output)));
            }
            if place == 0 {
                made.reserve(self.source.len());
            }
            made.push_str(text);
        }
        Ok(Some(Cow::Owned(made)))
    }

    /// Its parts, in order.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => Part::Text(text),
            Piece::Expression(Node { kind: Kind::Name { root, steps }, .. }) => Part::Name(root, steps),
            Piece::Expression(node) => Part::Expression(node.to_string()),
        })
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Every name it uses: the root and the members behind it, as often as it stands.
    #[must_use]
    pub fn names(&self) -> Vec<(&str, &[Box<str>])> {
        self.nodes().flat_map(Node::names).collect()
    }

    /// Every function it calls, as often as it stands.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        let mut see = |node: &Node| if let Kind::Call(call) = &node.kind { found.push(call.function.name) };
        self.nodes().for_each(|node| node.walk(&mut see));
        found
    }

    /// Whether it always gives a text: it is not one expression by itself.
    #[must_use]
    pub fn is_text(&self) -> bool {
        !matches!(&*self.pieces, [Piece::Expression(_)])
    }

    /// The text, if there is no expression in it.
    #[must_use]
    pub fn constant(&self) -> Option<&str> {
        match &*self.pieces {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The text as it was read.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Expression(node) => Some(node),
            Piece::Text(_) => None,
        })
    }
}

impl Expr {
    /// Reads an expression without braces around it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = too_long(text)?;
        let (parsed, calls) = expression(text, 0, false, &mut 0);
        problems.extend(calls);
        match parsed {
            Ok((node, _)) if problems.is_empty() => Ok(Self { source: text.into(), node }),
            Ok(_) => Err(settled(text, problems)),
            Err(problem) => {
                problems.push(problem);
                Err(settled(text, problems))
            }
        }
    }

    /// What is wrong with its names at a place that offers these, and what can never be right there.
    #[must_use]
    pub fn check(&self, scope: &Scope) -> Vec<Problem> {
        settled(&self.source, check(&self.node, scope).into_iter().chain(sorts::check(&self.node, scope)).collect())
    }

    /// Its value.
    ///
    /// # Errors
    /// When an operator or function cannot take what it is given, or a limit is reached.
    pub fn eval<'a>(&'a self, names: &dyn Names<'a>, cx: &Cx<'a, '_>) -> Result<Option<Item<'a>>, Failure> {
        evaluated(&self.node, Asked::Value, names, cx).map(|value| value.item(cx)).map_err(|stop| stop.settled(&self.source))
    }

    /// Every name it uses.
    #[must_use]
    pub fn names(&self) -> Vec<(&str, &[Box<str>])> {
        self.node.names()
    }

    /// The text as it was read.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// The plainest writing of the same expression: read again, it is the same tree.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

impl Node {
    fn names(&self) -> Vec<(&str, &[Box<str>])> {
        let mut names = Vec::new();
        self.walk(&mut |node| {
            if let Kind::Name { root, steps } = &node.kind {
                names.push((&**root, &**steps));
            }
        });
        names
    }
}

fn evaluated<'a>(node: &'a Node, asked: Asked, names: &dyn Names<'a>, cx: &Cx<'a, '_>) -> Result<Val<'a>, Stop> {
    cx.begin();
    Frame { names, cx, item: None, asked }.eval(node)
}

fn too_long(text: &str) -> Result<Vec<Problem>, Vec<Problem>> {
    if text.len() <= MOST_BYTES {
        return Ok(Vec::new());
    }
    Err(vec![Problem { column: 1, ..Problem::at("expression_too_long", 0, format!("the text has more than {MOST_BYTES} bytes"), "put constants into a table of the mapping") }])
}
