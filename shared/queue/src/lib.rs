//! The queues: versioned messages over SQS.
#![doc = include_str!("../README.md")]

mod error;
mod message;
mod name;
mod pack;
mod send;

pub use error::Error;
pub use message::{Attempt, Delivery, Envelope, Item, Job, Message, Opened, PollJob, Purpose, ReconcileJob, Refused, ReleaseJob, TestJob, open};
pub use name::Name;
pub use pack::{CHUNK_BYTES, pack};
pub use send::{LONGEST_DELAY_MS, Outgoing, Queues};
