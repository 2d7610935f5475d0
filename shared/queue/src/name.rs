//! The queues by name.

/// One queue we send to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// Changes of latest flows.
    In,
    /// Changes of entities that feed a strict flow.
    InStrict,
    /// Deliveries of latest flows.
    Deliver,
    /// Deliveries of strict flows.
    DeliverStrict,
    /// Replays, backfills, repairs: never in the way of live traffic.
    Bulk,
    /// Poll jobs.
    JobsPoll,
    /// Reconcile jobs.
    JobsReconcile,
}

impl Name {
    /// Every queue.
    pub const ALL: [Name; 7] = [Name::In, Name::InStrict, Name::Deliver, Name::DeliverStrict, Name::Bulk, Name::JobsPoll, Name::JobsReconcile];

    /// The name after the deployment's prefix.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Name::In => "in",
            Name::InStrict => "in-strict.fifo",
            Name::Deliver => "deliver",
            Name::DeliverStrict => "deliver-strict.fifo",
            Name::Bulk => "bulk",
            Name::JobsPoll => "jobs-poll",
            Name::JobsReconcile => "jobs-reconcile",
        }
    }

    /// Whether it keeps order within a group.
    #[must_use]
    pub fn is_fifo(self) -> bool {
        matches!(self, Name::InStrict | Name::DeliverStrict)
    }
}
