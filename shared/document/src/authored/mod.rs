//! Documents people and programs author: read with pointers, findings, and the names that were probably meant.
//!
//! Definitions and mappings are read through these; records never are.

mod nearest;
mod node;
mod place;
mod report;
mod slip;

pub use nearest::nearest;
pub use node::{Codes, Findings, Node, duration};
pub use place::{place, places};
pub use report::Report;
pub use slip::remedy;
