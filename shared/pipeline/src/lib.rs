//! The use cases behind the functions: receive, transform, deliver, poll, reconcile, and what people ask about them.
#![doc = include_str!("../README.md")]

mod account;
mod adapt;
mod again;
mod api_source;
mod app;
mod bury;
mod count;
mod deliver;
mod discard;
mod drain;
mod hold;
mod known;
mod meter;
mod poll;
mod receive;
mod refused;
mod reconcile;
mod release;
mod replay;
mod send;
mod sweep;
mod test;
mod transform;
mod work;

pub use account::{Account, accounting};
pub use app::App;
pub use bury::{bury, fingerprint};
pub use deliver::{deliver, hasten_line, resume_line};
pub use discard::discard;
pub use drain::drain;
pub use hold::Hold;
pub use known::{Known, KnownConnection};
pub use meter::{Group, Meter, Metric, Tally};
pub use poll::{poll, poll_job};
pub use receive::{Received, receive_event, receive_webhook};
pub use reconcile::{Difference, diff, reconcile, reconcile_job};
pub use release::release;
pub use replay::replay;
pub use send::{retry_later, to_delivery_queue};
pub use sweep::sweep;
pub use test::test;
pub use transform::transform;
pub use work::{Batch, Work};
