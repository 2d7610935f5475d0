//! Canonical maps: how the records of an entity become a canonical type. Compiled by `connector`, applied by `engine`.

mod elements;
mod error;
mod inverse;
mod made;
mod plan;
mod raw;
mod reason;
mod source;
mod undo;

pub use error::Error as MapError;
pub(crate) use error::Error;
pub use inverse::{Inverse, Inversion};
pub use plan::{Mapped, Plan, Sketch};
pub use raw::{RAW, Raw};
pub use reason::Irreversible;
pub use source::{OnMiss, Pick, Source};
