//! Raw records to canonical fields.
//!
//! A [`Plan`] is made by `connector` from a checked `canonical_map` and applied by `engine` to one record at a time. Pure
//! and total: a record ends in fields or in an error with its place. A value that is absent stays absent.

mod cast;
mod error;
mod field;
mod plan;

pub use cast::Cast;
pub use error::Error;
pub use field::{Field, OnMiss, Pick};
pub use plan::{Mapped, Plan};
