//! Failures that know what should happen next.
#![doc = include_str!("../README.md")]

mod codes;
mod disposition;
mod finding;

pub use codes::{CODES, Code, documented};
pub use disposition::{Disposition, Fault, Simple};
pub use finding::{Finding, Severity};
