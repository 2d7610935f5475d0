//! The queues: versioned messages over SQS.
#![doc = include_str!("../README.md")]

mod error;
mod job;
mod message;
mod name;
mod pack;
mod send;

pub use error::Error;
pub use job::{Job, PollJob, ReconcileJob, ReleaseJob, TestJob};
pub use message::{Attempt, Delivery, Envelope, Item, Message, Opened, Purpose, Refused, open};
pub use name::Name;
pub use pack::{CHUNK_BYTES, pack};
pub use send::{LONGEST_DELAY_MS, Outgoing, Queues};
