//! Raw records to canonical fields.
#![doc = include_str!("../README.md")]

mod cast;
mod error;
mod field;
mod plan;

pub use cast::Cast;
pub use error::Error;
pub use field::{Field, OnMiss, Pick};
pub use plan::{Mapped, Plan};
