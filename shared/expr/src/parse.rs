//! Tokens to a tree: operators by their precedence, the loosest first; calls are checked as they are read.
//!
//! Called by `Template` and `Expr`. Brackets nest at most [`MOST_DEPTH`] levels and the tree is at most [`MOST_HEIGHT`] high, so that
//! nothing which walks it can run out of stack.

use crate::{ast::{Call, Comparison, Constant, Kind, Node, Operator}, call, lexer::{Token, Word, tokens}, number::Num, problem::Problem};

/// The most levels brackets and signs may nest.
pub const MOST_DEPTH: usize = 32;

/// The most bytes of one text with expressions.
pub const MOST_BYTES: usize = 64 * 1024;

/// The highest tree.
const MOST_HEIGHT: u16 = 128;

/// The most `map` and `where` within each other.
const MOST_BODIES: usize = 2;

/// The most names after each other.
const MOST_STEPS: usize = 64;

/// The most patterns of one text: each is compiled when it is read.
const MOST_PATTERNS: usize = 32;

const SYNTAX: &str = "expression_syntax";

type Parsed<T = Node> = Result<T, Problem>;

/// Reads one expression from a byte of the source on; the byte behind it, and what is wrong with the calls in it. `patterns` counts
/// those of the whole text.
pub(crate) fn expression(source: &str, from: usize, closed: bool, patterns: &mut usize) -> (Parsed<(Node, usize)>, Vec<Problem>) {
    let (tokens, end) = match tokens(source, from, closed) {
        Ok(cut) => cut,
        Err(problem) => return (Err(problem), Vec::new()),
    };
    let mut parser = Parser { tokens, next: 0, depth: 0, bodies: 0, patterns: *patterns, problems: Vec::new() };
    let node = parser.whole();
    *patterns = parser.patterns;
    (node.map(|node| (node, end)), parser.problems)
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    bodies: usize,
    patterns: usize,
    problems: Vec<Problem>,
}

impl Parser {
    fn whole(&mut self) -> Parsed {
        if *self.word() == Word::End {
            return Err(Problem::at(SYNTAX, self.at(), "the expression is empty", "write a name, such as `record.id`"));
        }
        let node = self.expr()?;
        match self.word() {
            Word::End => Ok(node),
            _ => Err(self.unexpected("the expression should end here")),
        }
    }

    fn expr(&mut self) -> Parsed {
        self.deeper(|parser| {
            let at = parser.at();
            let (mut cases, mut value) = (Vec::new(), parser.or()?);
            while parser.eat_name("if") {
                let condition = parser.or()?;
                if !parser.eat_name("else") {
                    return Err(parser.unexpected("`if` needs an `else`"));
                }
                cases.push((condition, std::mem::replace(&mut value, parser.or()?)));
            }
            if cases.is_empty() { Ok(value) } else { parser.node(at, Kind::Choice(cases.into(), Box::new(value))) }
        })
    }

    /// Operands with one word between them, as a flat chain.
    fn chain(&mut self, eat: fn(&mut Self) -> bool, operand: fn(&mut Self) -> Parsed, kind: fn(Box<[Node]>) -> Kind) -> Parsed {
        let at = self.at();
        let first = operand(self)?;
        if !eat(self) {
            return Ok(first);
        }
        let mut nodes = vec![first, operand(self)?];
        while eat(self) {
            nodes.push(operand(self)?);
        }
        self.node(at, kind(nodes.into()))
    }

    fn or(&mut self) -> Parsed {
        self.chain(|parser| parser.eat_name("or"), Self::and, Kind::Or)
    }

    fn and(&mut self) -> Parsed {
        self.chain(|parser| parser.eat_name("and"), Self::not, Kind::And)
    }

    fn not(&mut self) -> Parsed {
        let at = self.at();
        if !self.eat_name("not") {
            return self.comparison();
        }
        let operand = self.deeper(Self::not)?;
        self.node(at, Kind::Not(Box::new(operand)))
    }

    fn comparison(&mut self) -> Parsed {
        let at = self.at();
        let left = self.coalesce()?;
        let Some(comparison) = self.eat_comparison() else { return Ok(left) };
        let right = self.coalesce()?;
        let behind = self.at();
        if self.eat_comparison().is_some() {
            return Err(Problem::at(SYNTAX, behind, "comparisons cannot be chained", "join two comparisons with `and`"));
        }
        self.node(at, Kind::Compare(comparison, Box::new((left, right))))
    }

    fn eat_comparison(&mut self) -> Option<Comparison> {
        if self.eat_name("in") {
            return Some(Comparison::In);
        }
        if matches!((self.word(), self.ahead()), (Word::Name(not), Word::Name(within)) if &**not == "not" && &**within == "in") {
            self.next += 2;
            return Some(Comparison::NotIn);
        }
        use Comparison::{Equal, Less, LessEqual, More, MoreEqual, Unequal};
        [Equal, Unequal, LessEqual, MoreEqual, Less, More].into_iter().find(|comparison| self.eat(comparison.sign()))
    }

    fn coalesce(&mut self) -> Parsed {
        self.chain(|parser| parser.eat("??"), Self::concat, Kind::Coalesce)
    }

    fn concat(&mut self) -> Parsed {
        self.fold(&[Operator::Concat], Self::sum)
    }

    fn sum(&mut self) -> Parsed {
        self.fold(&[Operator::Add, Operator::Subtract], Self::product)
    }

    fn product(&mut self) -> Parsed {
        self.fold(&[Operator::Multiply, Operator::Divide, Operator::Remainder], Self::filtered)
    }

    fn fold(&mut self, operators: &[Operator], operand: fn(&mut Self) -> Parsed) -> Parsed {
        let at = self.at();
        let first = operand(self)?;
        let mut rest = Vec::new();
        while let Some(operator) = operators.iter().copied().find(|operator| self.eat(operator.sign())) {
            rest.push((operator, operand(self)?));
        }
        if rest.is_empty() { Ok(first) } else { self.node(at, Kind::Fold(Box::new(first), rest.into())) }
    }

    /// An operand and the filters behind it.
    fn filtered(&mut self) -> Parsed {
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

    fn node(&self, at: usize, kind: Kind) -> Parsed {
        let node = Node::new(at, kind);
        if node.height > MOST_HEIGHT { Err(too_deep(at)) } else { Ok(node) }
    }

    fn deeper(&mut self, parse: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= MOST_DEPTH {
            return Err(too_deep(self.at()));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn word(&self) -> &Word {
        // Invariant: the last token is `End`, and nothing moves past it.
        self.tokens.get(self.next).map_or(&Word::End, |token| &token.word)
    }

    fn ahead(&self) -> &Word {
        self.tokens.get(self.next + 1).map_or(&Word::End, |token| &token.word)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(0, |token| token.at)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = matches!(self.word(), Word::Sign(found) if *found == sign);
        self.next += usize::from(found);
        found
    }

    fn eat_name(&mut self, name: &str) -> bool {
        let found = matches!(self.word(), Word::Name(found) if &**found == name);
        self.next += usize::from(found);
        found
    }

    fn eat_any_name(&mut self) -> Option<Box<str>> {
        let Word::Name(name) = self.word().clone() else { return None };
        self.next += 1;
        Some(name)
    }

    fn close(&mut self, sign: &'static str) -> Parsed<()> {
        if self.eat(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("a `{sign}` should stand here")))
    }

    fn unexpected(&self, expected: &str) -> Problem {
        let (found, hint) = match self.word() {
            Word::End => ("the end".to_owned(), "complete the expression"),
            Word::Name(name) if matches!(&**name, "is") => ("`is`".to_owned(), "write `is_null(x)`, `is_absent(x)` or `is_empty(x)`"),
            Word::Name(name) => (format!("`{}`", shortened(name)), "texts stand in quotes; operators are words and signs of the reference"),
            Word::Number(_) => ("a number".to_owned(), "put an operator between two values"),
            Word::Text(_) => ("a text".to_owned(), "join texts with `~`"),
            Word::Sign(sign) => (format!("`{sign}`"), "check the signs around it"),
        };
        Problem::at(SYNTAX, self.at(), format!("{expected}, not {found}"), hint)
    }
}

fn too_deep(at: usize) -> Problem {
    Problem::at("expression_too_deep", at, format!("the expression nests more than {MOST_DEPTH} levels, or {MOST_STEPS} names"), "split it into several operations")
}

/// At most forty characters of a name as written.
pub(crate) fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}
