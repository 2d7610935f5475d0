//! Runs a connector: pure pieces that decide, and a thin driver that asks through one port.
#![doc = include_str!("../README.md")]

mod capability;
mod decode;
mod dynamic;
mod exchange;
mod records;
mod registry;
mod secret;
mod verifier;

pub use capability::{Call, Canonical, Delivered, DeliveryFault, Destination, Headers, Idempotency, Page, Probe, Snapshot, SnapshotPage, Source, Told, Webhook};
pub use dynamic::dynamic;
pub use exchange::{Exchange, ExchangeError, Method, Request, Response};
pub use registry::{Connector, Registry};
pub use secret::{Config, Secret};
pub use verifier::Verifier;
