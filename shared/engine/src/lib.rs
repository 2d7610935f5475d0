//! Runs a connector: pure pieces that decide, and a thin driver that asks through one port.
#![doc = include_str!("../README.md")]

mod budget;
mod capability;
mod decode;
mod dynamic;
mod encoded;
mod exchange;
mod gathered;
mod heard;
mod left_out;
mod pace;
mod readable;
mod recorded;
mod records;
mod registry;
mod resolved;
mod sayings;
mod secret;
mod session;
mod snapshot;
mod sought;
mod taken;
mod verifier;

pub use budget::Budget;
pub use capability::{Call, Canonical, Delivered, DeliveryFault, Destination, Headers, Idempotency, Page, Probe, Source, Told, Webhook};
pub use dynamic::{Reader, ReaderPage, dynamic, unread_cursor};
pub use exchange::{Exchange, ExchangeError, Method, Request, Response};
pub use gathered::Gathered;
pub use heard::{Heard, heard};
pub use left_out::{LeftOut, Silence};
pub use pace::{Pace, Place, Unpaced};
pub use recorded::{Outcome, Ran, Recorder, Unsought, play, play_seen, refused, told, told_item};
pub use registry::{Connector, Registry};
pub use sayings::{Sayings, once};
pub use secret::{Config, Secret};
pub use session::{Session, Sessions, Turn};
pub use snapshot::{Scanned, Snapshot, SnapshotPage, Standing};
pub use taken::{Taken, Turns};
pub use verifier::Verifier;
