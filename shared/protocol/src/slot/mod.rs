//! The slot protocol: who may call a destination for a key, and what follows the call.
//!
//! A lease keeps two workers apart, a fence keeps a late worker from committing, and a re-assert after the grace window
//! closes the hole no lock can close: a request that timed out here but is executed late there.

mod acquire;
mod marks;
mod settle;
mod state;

pub use acquire::{Acquired, Ask, Held, Purpose, Refusal, accepts, acquire, held, refused};
pub use marks::Marks;
pub use settle::{Called, Next, Settlement, Write, apply, settle};
pub use state::{Limits, Slot};
