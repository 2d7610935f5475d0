//! Operands: constants, names, calls and what is put behind them; brackets lead back to whole expressions.
//!
//! The other half of the parser, for `parse.rs` alone. Calls are checked as they are read.

use crate::{ast::{Call, Constant, Kind, Node}, call, lexer::Word, number::Num, parse::{Parsed, Parser, too_deep}, problem::Problem};

/// The most `map` and `where` within each other.
const MOST_BODIES: usize = 2;

/// The most names after each other.
pub(crate) const MOST_STEPS: usize = 64;

/// The most patterns of one text: each is compiled when it is read.
const MOST_PATTERNS: usize = 16;

const SYNTAX: &str = "expression_syntax";

impl Parser {
    /// An operand and the filters behind it.
    pub(crate) fn filtered(&mut self) -> Parsed {
        let mut node = self.unary()?;
        while self.eat("|") {
            let at = self.at();
            let Some(name) = self.eat_any_name() else { return Err(self.unexpected("a function should stand behind `|`")) };
            let arguments = vec![node];
            let call = if self.eat("(") { self.call(at, &name, arguments)? } else { self.called(at, &name, arguments)? };
            node = self.postfix(call)?;
        }
        Ok(node)
    }

    fn unary(&mut self) -> Parsed {
        let at = self.at();
        if !self.eat("-") {
            let primary = self.primary()?;
            return self.postfix(primary);
        }
        if let Word::Number(text) = self.word().clone() {
            self.next += 1;
            let text = format!("-{text}").into_boxed_str();
            let value = Num::of(&text);
            return Ok(Node::new(at, Kind::Constant(Constant::Number(text, value))));
        }
        let operand = self.deeper(Self::unary)?;
        self.node(at, Kind::Negate(Box::new(operand)))
    }

    fn postfix(&mut self, mut node: Node) -> Parsed {
        loop {
            let at = self.at();
            if self.eat(".") {
                let Some(name) = self.eat_any_name() else { return Err(self.unexpected("a name should stand behind `.`")) };
                node = self.member(node, name)?;
            } else if self.eat("[") {
                node = self.bracket(at, node)?;
            } else {
                return Ok(node);
            }
        }
    }

    /// A member by its name: names grow, everything else is wrapped.
    fn member(&mut self, node: Node, name: Box<str>) -> Parsed {
        let grown = |steps: Box<[Box<str>]>| steps.into_vec().into_iter().chain([name.clone()]).collect();
        let at = node.at as usize;
        if matches!(&node.kind, Kind::Name { steps, .. } | Kind::Element(steps) | Kind::Member(_, steps) if steps.len() >= MOST_STEPS) {
            return Err(too_deep(at));
        }
        let kind = match node.kind {
            Kind::Name { root, steps } => Kind::Name { root, steps: grown(steps) },
            Kind::Element(steps) => Kind::Element(grown(steps)),
            Kind::Member(base, steps) => Kind::Member(base, grown(steps)),
            _ => Kind::Member(Box::new(node), [name].into()),
        };
        self.node(at, kind)
    }

    fn bracket(&mut self, at: usize, node: Node) -> Parsed {
        let start = node.at as usize;
        let from = if matches!(self.word(), Word::Sign(":")) { None } else { Some(self.expr()?) };
        if self.eat(":") {
            let to = if matches!(self.word(), Word::Sign("]")) { None } else { Some(self.expr()?) };
            self.close("]")?;
            return self.node(start, Kind::Slice(Box::new((node, from, to))));
        }
        self.close("]")?;
        match from {
            Some(index) => match index.constant_text() {
                Some(name) => self.member(node, name.into()),
                None => self.node(start, Kind::Index(Box::new((node, index)))),
            },
            None => Err(Problem::at(SYNTAX, at, "the brackets are empty", "write a place, such as `[0]`")),
        }
    }

    fn primary(&mut self) -> Parsed {
        let at = self.at();
        let constant = |constant| Ok(Node::new(at, Kind::Constant(constant)));
        let word = self.word().clone();
        self.next += 1;
        match word {
            Word::Number(text) => constant(Constant::Number(text.clone(), Num::of(&text))),
            Word::Text(text) => constant(Constant::Text(text)),
            Word::Name(name) => match &*name {
                "true" | "false" => constant(Constant::Bool(&*name == "true")),
                "null" => constant(Constant::Null),
                "and" | "or" | "in" | "if" | "else" | "not" => {
                    self.next -= 1;
                    Err(self.unexpected("a value should stand here"))
                }
                _ if self.eat("(") => self.call(at, &name, Vec::new()),
                "item" if self.bodies > 0 => Ok(Node::new(at, Kind::Element(Box::default()))),
                _ => Ok(Node::new(at, Kind::Name { root: name, steps: Box::default() })),
            },
            Word::Sign("(") => {
                let inner = self.expr()?;
                self.close(")")?;
                Ok(inner)
            }
            Word::Sign("[") => {
                let nodes = self.listed("]", Self::expr)?;
                self.node(at, Kind::List(nodes.into()))
            }
            Word::Sign("{") => {
                let members: Vec<(Box<str>, Node)> = self.listed("}", Self::entry)?;
                if let Some(twice) = members.iter().enumerate().find_map(|(place, (key, node))| members[..place].iter().any(|(other, _)| other == key).then_some(node)) {
                    return Err(Problem::at(SYNTAX, twice.at as usize, "the object names one key twice", "keep one of them"));
                }
                self.node(at, Kind::Map(members.into()))
            }
            _ => {
                self.next -= 1;
                Err(self.unexpected("a value should stand here"))
            }
        }
    }

    fn entry(&mut self) -> Parsed<(Box<str>, Node)> {
        let (Word::Name(key) | Word::Text(key)) = self.word().clone() else { return Err(self.unexpected("a key should stand here")) };
        self.next += 1;
        if !self.eat(":") {
            return Err(self.unexpected("a `:` should stand behind the key"));
        }
        Ok((key, self.expr()?))
    }

    /// What stands between commas, up to the closing sign.
    fn listed<T>(&mut self, end: &'static str, one: fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut all = Vec::new();
        while !self.eat(end) {
            all.push(one(self)?);
            if !self.eat(",") {
                self.close(end)?;
                break;
            }
        }
        Ok(all)
    }

    /// The arguments behind `(`, then the call.
    fn call(&mut self, at: usize, name: &str, mut arguments: Vec<Node>) -> Parsed {
        let function = crate::Function::named(name);
        while !self.eat(")") {
            let body = function.is_some_and(|function| call::is_body(function, arguments.len()));
            let start = self.at();
            self.bodies += usize::from(body);
            if self.bodies > MOST_BODIES {
                return Err(Problem::at("expression_too_deep", start, "`map` and `where` nest more than twice", "split the work into several operations"));
            }
            let argument = self.expr();
            self.bodies -= usize::from(body);
            arguments.push(argument?);
            if !self.eat(",") {
                self.close(")")?;
                break;
            }
        }
        self.called(at, name, arguments)
    }

    fn called(&mut self, at: usize, name: &str, arguments: Vec<Node>) -> Parsed {
        self.patterns += usize::from(name.starts_with("regex_"));
        if self.patterns > MOST_PATTERNS {
            return Err(Problem::at("expression_pattern", at, format!("the text has more than {MOST_PATTERNS} patterns"), "split it into several operations"));
        }
        match call::made(at, name, arguments, &mut self.problems) {
            Some(call) => self.node(at, Kind::Call(Box::<Call>::new(call))),
            None => Ok(Node::new(at, Kind::Constant(Constant::Null))),
        }
    }
}
