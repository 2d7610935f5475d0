//! A batch of queue records, as a handler gets it.

use canonical::Millis;

/// One queue record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// The queue's id of it: what is reported when it failed.
    pub id: String,
    /// Its body.
    pub body: String,
    /// How often it was received. Our own faults are re-sent, so this counts crashes.
    pub receives: u32,
    /// When it was sent; zero where the queue does not say.
    pub sent_ms: Millis,
    /// What it is held by while it is worked on; empty where the queue does not say.
    pub receipt: String,
    /// Its sequence number, on a FIFO queue.
    pub sequence: String,
}

/// One invocation's records.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Names the invocation; the same in a repeated write.
    pub request: String,
    /// When the handler must have stopped: five seconds before its limit.
    pub until_ms: Millis,
    /// The records.
    pub works: Vec<Work>,
}
