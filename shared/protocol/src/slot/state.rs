//! What is known to be applied for one (flow, key).

use canonical::{Millis, Version};

use super::Marks;

/// One slot. A slot that does not exist yet is `Slot::default()`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slot {
    /// The applied version (`av`).
    pub applied: Option<Version>,
    /// Hash of what was applied (`ah`), hex.
    pub applied_hash: Option<String>,
    /// The occurrence that set it (`oc`).
    pub occurrence: Option<String>,
    /// The fencing counter (`lt`): one more with every lease.
    pub fence: u64,
    /// Who holds the lease (`lo`); it stays until released, even when it has run out.
    pub owner: Option<String>,
    /// When the lease runs out (`lx`).
    pub lease_until: Millis,
    /// Until when a late write may still land at the destination (`du`). It stays after it has passed; 0 once a call made
    /// after it has been committed.
    pub dirty_until: Millis,
    /// Failed attempts (`n`) …
    pub attempts: u32,
    /// … of this version (`nv`).
    pub attempts_of: Option<Version>,
    /// The events seen lately (`re`).
    pub recent: Marks,
}

/// The durations of the protocol. `call_ms < lease_ms`, and `grace_ms` covers the latest a destination may still execute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// H: the whole call.
    pub call_ms: Millis,
    /// L: a lease.
    pub lease_ms: Millis,
    /// G: the window in which a timed-out write may still land; at most 900 s, the longest delay of a queue.
    pub grace_ms: Millis,
}

impl Default for Limits {
    fn default() -> Self {
        Self { call_ms: 28_000, lease_ms: 40_000, grace_ms: 300_000 }
    }
}
