//! The mapping language: operations that compile to a plan, and canonical maps.
#![doc = include_str!("../README.md")]

mod by;
mod canonical_map;
mod cast;
mod conflict;
mod context;
mod draft;
mod ends;
mod failure;
mod field;
mod formula;
mod key_case;
mod key_nesting;
mod key_pattern;
mod kinds;
mod level;
mod many;
mod mask;
mod operation;
mod ops;
mod place;
mod plan;
mod reader;
mod renaming;
mod run;
mod runner;
mod scope;
mod seen;
mod slot;
mod table;
mod trace;
mod types;
mod work;
mod written;

pub use canonical_map::{Inverse, Inversion, Irreversible, MapError, Mapped, OnMiss, Pick, Plan, RAW, Raw, Sketch, Source};
pub use cast::{Cast, KEYS as CAST_KEYS, TO, To};
pub use draft::{Draft, Mapping, Report};
pub use ends::Ends;
pub use failure::Failure;
pub use field::{Field, NoField};
pub use operation::{Dropped, Entry, Example, Param};
pub use ops::OPERATIONS;
pub use run::{Found, Run, Tables};
pub use runner::{Error, Outcome, Runner};
pub use trace::Traced;
pub use types::{invents, is_blank};
