//! What a tree can give, as far as its constants, its functions and the typed names of its place tell: what can never be right is
//! found before anything runs.
//!
//! Nothing is said of what may be right: an open name may give anything, and what is absent or null passes through operators.

mod walk;

use crate::{Function, Gives, Takes, ast::{Constant, Node}, problem::Problem, scope::Scope};
use walk::Sorting;

/// The sorts a value may be of where there is one; none at all is null or absent for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorts(u8);

impl Sorts {
    /// Never a value.
    pub const NONE: Sorts = Sorts(0);
    /// True or false.
    pub const BOOLEAN: Sorts = Sorts(1);
    /// A number.
    pub const NUMBER: Sorts = Sorts(2);
    /// A text.
    pub const TEXT: Sorts = Sorts(4);
    /// A list.
    pub const LIST: Sorts = Sorts(8);
    /// An object.
    pub const OBJECT: Sorts = Sorts(16);
    /// Anything.
    pub const ANY: Sorts = Sorts(31);
    const SCALAR: Sorts = Sorts(7);

    pub(crate) const fn or(self, other: Sorts) -> Sorts {
        Sorts(self.0 | other.0)
    }

    pub(crate) const fn and(self, other: Sorts) -> Sorts {
        Sorts(self.0 & other.0)
    }

    /// Whether a value may be of one of these.
    #[must_use]
    pub fn may(self, other: Sorts) -> bool {
        self.and(other) != Sorts::NONE
    }

    /// In words, such as "a number or a text".
    #[must_use]
    pub fn words(self) -> String {
        let all = [(Sorts::BOOLEAN, "a boolean"), (Sorts::NUMBER, "a number"), (Sorts::TEXT, "a text"), (Sorts::LIST, "a list"), (Sorts::OBJECT, "an object")];
        let words: Vec<&str> = all.into_iter().filter(|(sort, _)| self.may(*sort)).map(|(_, word)| word).collect();
        if words.is_empty() { "null".to_owned() } else { words.join(" or ") }
    }
}

/// What can never be right in a tree.
pub(crate) fn check(node: &Node, scope: &Scope) -> Vec<Problem> {
    let mut sorting = Sorting { scope, problems: Vec::new() };
    sorting.of(node);
    sorting.problems
}

/// What a tree gives.
pub(crate) fn of(node: &Node, scope: &Scope) -> Sorts {
    Sorting { scope, problems: Vec::new() }.of(node)
}

/// A tree amid text.
pub(crate) fn amid(node: &Node, scope: &Scope) -> Option<Problem> {
    let found = of(node, scope);
    let stands = found == Sorts::NONE || found.may(Sorts::SCALAR);
    (!stands).then(|| wrong(node, format!("{} cannot stand amid text", found.words()), "`json(x)` makes a text of it, `join(list, ',')` of a list"))
}

fn wrong(node: &Node, message: String, hint: &str) -> Problem {
    Problem::at("expression_type", node.at as usize, message, hint)
}

impl Constant {
    fn sorts(&self) -> Sorts {
        match self {
            Constant::Null => Sorts::NONE,
            Constant::Bool(_) => Sorts::BOOLEAN,
            Constant::Number(..) => Sorts::NUMBER,
            Constant::Text(_) => Sorts::TEXT,
        }
    }
}

impl Takes {
    fn sorts(self) -> Sorts {
        match self {
            Takes::Any | Takes::Each => Sorts::ANY,
            Takes::Number | Takes::Integer => Sorts::NUMBER,
            Takes::List => Sorts::LIST,
            Takes::Format | Takes::FormatOrZone => Sorts::TEXT.or(Sorts::LIST),
            Takes::Text | Takes::Pattern | Takes::Word(_) | Takes::Zone | Takes::Duration => Sorts::TEXT,
        }
    }
}

impl Function {
    fn sorts(&self, first: Sorts) -> Sorts {
        match self.gives {
            Gives::Any => Sorts::ANY,
            Gives::Text | Gives::Instant | Gives::Date => Sorts::TEXT,
            Gives::Number | Gives::Integer => Sorts::NUMBER,
            Gives::Boolean => Sorts::BOOLEAN,
            Gives::List => Sorts::LIST,
            Gives::Object => Sorts::OBJECT,
            Gives::First => first,
        }
    }
}
