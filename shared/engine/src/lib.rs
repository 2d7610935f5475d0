//! Runs a connector: pure pieces that decide, and a thin driver that asks through one port.
#![doc = include_str!("../README.md")]

mod budget;
mod capability;
mod decode;
mod dynamic;
mod encoded;
mod exchange;
mod heard;
mod left_out;
mod pace;
mod readable;
mod recorded;
mod records;
mod registry;
mod resolved;
mod secret;
mod session;
mod sought;
mod taken;
mod verifier;

pub use budget::Budget;
pub use capability::{Call, Canonical, Delivered, DeliveryFault, Destination, Headers, Idempotency, Page, Probe, Snapshot, SnapshotPage, Source, Told, Webhook};
pub use dynamic::{Reader, ReaderPage, dynamic};
pub use exchange::{Exchange, ExchangeError, Method, Request, Response};
pub use heard::{Heard, heard};
pub use left_out::{LeftOut, Silence};
pub use pace::{Pace, Place, Unpaced};
pub use recorded::{Outcome, Ran, Recorder, Unsought, play, play_seen, refused, told, told_item};
pub use registry::{Connector, Registry};
pub use secret::{Config, Secret};
pub use session::{Session, Sessions, Turn};
pub use taken::{Taken, Turns};
pub use verifier::Verifier;
