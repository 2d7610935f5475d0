//! The canonical model: ids, changes, events, snapshots and the versions that order them.
#![doc = include_str!("../README.md")]

mod chance;
mod change;
mod clock;
mod event;
mod id;
mod kind;
mod schema;
mod snapshot;
mod status;
mod version;

pub use chance::Chance;
pub use change::Change;
pub use clock::{Clock, Millis, parse_time};
pub use event::{Event, Key, Occurrence};
pub use id::{ConnectionId, EnvelopeId, EventId, FlowId, IdError, TenantId};
pub use kind::{KINDS, Kind, Order};
pub use schema::{Entry, Form, FormField, Schema, compatible};
pub use snapshot::{Reading, SnapshotItem};
pub use status::{STATUSES, StatusTable};
pub use version::Version;
