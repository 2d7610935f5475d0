//! Runs a connector: what to ask, what the answer means, where the next page is, whether a signature holds.
//!
//! Everything that decides is a pure function over values; a thin async driver does the asking through the one
//! [`Exchange`] port. Nothing here knows queues, tables, the time or the environment: they are handed in.

mod capability;
mod dynamic;
mod exchange;
mod registry;
mod secret;
mod verifier;

pub use capability::{Call, Canonical, Delivered, DeliveryFault, Destination, Headers, Idempotency, Page, Probe, Snapshot, SnapshotPage, Source, Webhook};
pub use dynamic::dynamic;
pub use exchange::{Exchange, ExchangeError, Method, Request, Response};
pub use registry::{Connector, Registry};
pub use secret::{Config, Secret};
pub use verifier::Verifier;
