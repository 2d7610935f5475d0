//! Tokens to a tree: operators by their precedence, the loosest first; what they stand between is read in `operand.rs`.
//!
//! Called by `Template` and `Expr`. Brackets nest at most [`MOST_DEPTH`] levels and the tree is at most [`MOST_HEIGHT`] high, so that
//! nothing which walks it can run out of stack.

use crate::{ast::{Comparison, Kind, Node, Operator}, lexer::{Token, Word, tokens}, operand::MOST_STEPS, problem::{Problem, shortened}};

/// The most levels brackets and signs may nest.
pub const MOST_DEPTH: usize = 32;

/// The most bytes of one text with expressions.
pub const MOST_BYTES: usize = 64 * 1024;

/// The highest tree.
const MOST_HEIGHT: u16 = 128;

const SYNTAX: &str = "expression_syntax";

pub(crate) type Parsed<T = Node> = Result<T, Problem>;

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

/// The tokens of one expression and how far they are read.
pub(crate) struct Parser {
    tokens: Vec<Token>,
    pub(crate) next: usize,
    depth: usize,
    pub(crate) bodies: usize,
    pub(crate) patterns: usize,
    pub(crate) problems: Vec<Problem>,
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

    pub(crate) fn expr(&mut self) -> Parsed {
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

    pub(crate) fn node(&self, at: usize, kind: Kind) -> Parsed {
        let node = Node::new(at, kind);
        if node.height > MOST_HEIGHT { Err(too_deep(at)) } else { Ok(node) }
    }

    pub(crate) fn deeper(&mut self, parse: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= MOST_DEPTH {
            return Err(too_deep(self.at()));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    pub(crate) fn word(&self) -> &Word {
        // Invariant: the last token is `End`, and nothing moves past it.
        self.tokens.get(self.next).map_or(&Word::End, |token| &token.word)
    }

    fn ahead(&self) -> &Word {
        self.tokens.get(self.next + 1).map_or(&Word::End, |token| &token.word)
    }

    pub(crate) fn at(&self) -> usize {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(0, |token| token.at)
    }

    pub(crate) fn eat(&mut self, sign: &str) -> bool {
        let found = matches!(self.word(), Word::Sign(found) if *found == sign);
        self.next += usize::from(found);
        found
    }

    pub(crate) fn eat_name(&mut self, name: &str) -> bool {
        let found = matches!(self.word(), Word::Name(found) if &**found == name);
        self.next += usize::from(found);
        found
    }

    pub(crate) fn eat_any_name(&mut self) -> Option<Box<str>> {
        let Word::Name(name) = self.word().clone() else { return None };
        self.next += 1;
        Some(name)
    }

    pub(crate) fn close(&mut self, sign: &'static str) -> Parsed<()> {
        if self.eat(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("a `{sign}` should stand here")))
    }

    pub(crate) fn unexpected(&self, expected: &str) -> Problem {
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

pub(crate) fn too_deep(at: usize) -> Problem {
    Problem::at("expression_too_deep", at, format!("the expression nests more than {MOST_DEPTH} levels, or {MOST_STEPS} names"), "split it into several operations")
}
