//! Failures that know what should happen next.
//!
//! Every error that leaves a room implements [`Fault`]: a stable code, a disposition, and a remedy where a person can
//! help. The shell maps dispositions to HTTP answers and queue results in one `match`; nobody else decides that.

mod codes;
mod disposition;
mod finding;

pub use codes::{CODES, Code, documented};
pub use disposition::{Disposition, Fault, Simple};
pub use finding::{Finding, Severity};
