//! A record: JSON parsed once with exact numbers, absent kept apart from null and zero, and paths over it.
#![doc = include_str!("../README.md")]

mod arena;
pub mod authored;
mod depth;
mod doc;
mod duplicate;
mod error;
mod escape;
mod fuel;
mod hash;
mod item;
mod limits;
mod number;
mod parse;
mod path;
mod pointer;
mod same;
mod sort;
mod value;
mod weight;
mod write;

pub use arena::Arena;
pub use doc::{Doc, Node};
pub use error::{Error, Kind};
pub use escape::write_text;
pub use fuel::{Fuel, Spent};
pub use hash::{Hash128, hash_bytes, hash_item, hash_value, print_of};
pub use item::{Entries, Item, Items};
pub use limits::Limits;
pub use number::{Number, number_cmp, number_eq};
pub use parse::{Parser, parse, parse_str};
pub use path::{Complaint, Location, Path, PathError, Step};
pub use pointer::{Pointer, PointerError, token};
pub use sort::Sort;
pub use same::same;
pub use value::{Value, object};
