//! SQS and KMS on loopback, for one machine.
//!
//! `pullpush` and the tests start a [`Cloud`] beside their own code and point the AWS SDK at it. It speaks the wire
//! protocols of SQS (AWS JSON 1.0) and KMS (AWS JSON 1.1), keeps everything in one SQLite file and survives `kill -9`.
//! It never checks signatures, never asks the machine for the time, and binds nothing by itself.
//!
//! Left out on purpose: the 60-second waits after `PurgeQueue` and `DeleteQueue`, policies, tags, and the weighing of
//! message groups on standard queues (a group id is kept and returned, the order is by age).

mod address;
mod caller;
mod chance;
mod error;
mod kms;
mod place;
mod refusal;
mod schema;
mod server;
mod sqs;
mod wire;
mod world;

pub use error::Error;
pub use place::Place;
pub use server::Cloud;
