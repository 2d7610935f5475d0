//! Canonical maps: how the records of an entity become a canonical type. Compiled by `connector`, applied by `engine`.

mod error;
mod plan;
mod source;

pub use error::Error as MapError;
pub(crate) use error::Error;
pub use plan::{Mapped, Plan};
pub use source::{OnMiss, Pick, Source};
