//! The canonical model: ids, changes, events, snapshots and the versions that order them.
//!
//! Pure: time is a value here, and the [`Clock`] is only the shape in which somebody hands it in.

mod chance;
mod change;
mod clock;
mod event;
mod id;
mod kind;
mod snapshot;
mod version;

pub use chance::Chance;
pub use change::Change;
pub use clock::{Clock, Millis, parse_time};
pub use event::{Event, Key, Occurrence};
pub use id::{ConnectionId, EnvelopeId, EventId, FlowId, IdError, TenantId};
pub use kind::{KINDS, Kind, Order};
pub use snapshot::{Reading, SnapshotItem};
pub use version::Version;
