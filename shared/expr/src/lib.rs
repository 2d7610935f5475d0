//! The expressions of definitions and mappings: `{{ … }}`, read and checked once, evaluated with fuel for every record.
#![doc = include_str!("../README.md")]

mod args;
mod ast;
mod call;
mod display;
mod eval;
mod failure;
mod format;
mod function;
mod functions;
mod fuzz;
mod instant;
mod lexer;
mod look;
mod names;
mod number;
mod operand;
mod operate;
mod parse;
mod pattern;
mod prepared;
mod problem;
mod scope;
mod sorts;
mod strict;
mod template;
mod value;

pub use failure::{Failure, Lack};
pub use format::{FORMATS, Format};
#[doc(hidden)]
pub use fuzz::fuzz;
pub use function::{Empty, FUNCTIONS, Function, Gives, Group, OPERATORS, OperatorEntry, Param, Takes, Times};
pub use instant::{instant, written, zone};
pub use look::{Look, Portion, Seen};
pub use names::{Cx, DEFAULT_FUEL, DEFAULT_OUTPUT, Names, descend};
pub use number::MOST_DIGITS;
pub use parse::{MOST_BYTES, MOST_DEPTH};
pub use pattern::Pattern;
pub use problem::Problem;
pub use scope::{Scope, Shape};
pub use sorts::Sorts;
pub use template::{Expr, Part, Template};
