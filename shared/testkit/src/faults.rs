//! What goes wrong, scripted: a queue of faults matched by method and path, each for a number of requests.
//!
//! Shared by both sample systems; tests reach it through `Running::faults`. A fault never comes by chance, and none
//! but [`Fault::Slow`] takes time of its own.

mod fault;
mod script;
mod wire;

pub use fault::{Fault, Garbage};
pub use script::{Faults, Rule, Stalled};
