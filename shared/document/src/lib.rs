//! A record: JSON parsed once with exact numbers, absent kept apart from null and zero, and paths over it.
#![doc = include_str!("../README.md")]

mod error;
mod hash;
mod limits;
mod number;
mod parse;
mod path;
mod value;
mod write;

pub use error::{Error, Kind};
pub use hash::{Hash128, hash_bytes, hash_value};
pub use limits::Limits;
pub use number::Number;
pub use parse::{parse, parse_str};
pub use path::{Path, PathError, Step};
pub use value::{Value, object};
