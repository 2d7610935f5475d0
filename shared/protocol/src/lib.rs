//! The decisions of delivery, as pure functions over values.
#![doc = include_str!("../README.md")]

mod breaker;
mod guard;
mod ledger;
pub mod line;
mod outcome;
mod rate;
mod retry;
pub mod slot;

pub use breaker::{Breaker, Gate, Window};
pub use guard::{Loop, PollGuard};
pub use ledger::{Entry, FlowHash, Mark, Totals, flow_hash, pack, settle_marks, unpack};
pub use outcome::Outcome;
pub use rate::{Pace, Reservation};
pub use retry::{Schedule, lease_wait_ms};
