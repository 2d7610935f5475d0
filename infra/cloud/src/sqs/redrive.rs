//! Where messages go that were received too often.
//!
//! A queue's `RedrivePolicy` names its dead-letter queue. A message that has been received `maxReceiveCount` times is
//! moved when it would be received once more, as AWS does; until then it stays where it is.

use rusqlite::params;
use serde_json::Value;

use super::queue::Queue;
use super::{Call, fault};
use crate::address;
use crate::refusal::Refusal;

/// A redrive policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redrive {
    /// The ARN of the dead-letter queue.
    pub(crate) target_arn: String,
    /// How often a message may be received.
    pub(crate) max_receives: i64,
}

impl Redrive {
    /// Reads the policy's JSON; the count may be a number or its text.
    pub(crate) fn parse(text: &str) -> Option<Redrive> {
        let policy: Value = serde_json::from_str(text).ok()?;
        let target_arn = policy.get("deadLetterTargetArn")?.as_str()?.to_owned();
        let count = policy.get("maxReceiveCount")?;
        let max_receives = count.as_i64().or_else(|| count.as_str()?.parse().ok())?;
        (1..=1000).contains(&max_receives).then_some(Redrive { target_arn, max_receives })
    }

    /// The dead-letter queue, while it exists.
    pub(crate) fn target(&self, call: &Call<'_>) -> Result<Option<Queue>, Refusal> {
        let name = self.target_arn.rsplit(':').next().unwrap_or_default();
        Queue::named(call, name)
    }

    /// Refuses a policy whose dead-letter queue is missing or of the other kind.
    pub(crate) fn check(&self, call: &Call<'_>, fifo: bool) -> Result<(), Refusal> {
        let refusal = |reason| fault::invalid_value("RedrivePolicy", &self.target_arn, reason);
        match self.target(call)? {
            None => Err(refusal("Dead letter target does not exist.")),
            Some(target) if target.fifo() != fifo => {
                Err(refusal("Dead-letter queue must be same type of queue as the source."))
            }
            Some(_) => Ok(()),
        }
    }
}

/// Moves one message to the end of its road. Its count of receives stays; so does its age, except on a FIFO queue.
pub(crate) fn bury(call: &Call<'_>, source: &Queue, target: &Queue, message: i64) -> Result<(), Refusal> {
    call.db
        .prepare_cached(
            "UPDATE message SET queue = ?2, visible_ms = ?3, receipt = NULL, received_ms = NULL, source_arn = ?4,
                 sent_ms = CASE WHEN ?5 THEN ?3 ELSE sent_ms END
             WHERE id = ?1",
        )?
        .execute(params![
            message,
            target.id,
            call.now,
            address::queue_arn(&source.region, &source.name),
            target.fifo(),
        ])?;
    Ok(())
}
