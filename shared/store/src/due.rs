//! What is to be started when: schedules are rows, not resources of the cloud.

use canonical::{ConnectionId, FlowId, Millis, TenantId};
use document::hash_bytes;

use crate::{Error, Store, attribute::{Row, n, number, row, s, text}};

const TABLE: &str = "due";
/// Partitions of what is due: a connection keeps to one.
const SHARDS: u8 = 4;

/// The intervals there are, in minutes.
pub const EVERY: [u32; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440];

/// Ids that start together: every so many minutes, at one phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Partition {
    every: u32,
    phase: u32,
}

/// The partitions whose turn came in a span of minutes, each once: after a gap what was missed many times starts once.
#[must_use]
pub fn partitions(first: i64, last: i64) -> Vec<Partition> {
    let of = |every: u32| {
        let turns = (last - first + 1).clamp(0, i64::from(every));
        // Invariant: a remainder of `every` is one of its phases.
        (0..turns).map(move |turn| Partition { every, phase: u32::try_from((last - turn).rem_euclid(i64::from(every))).expect("a phase is below its interval") })
    };
    EVERY.into_iter().flat_map(of).collect()
}

/// A note that something parked of a connection falls due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// At which minute (since 1970).
    pub minute: i64,
    /// Whose.
    pub tenant: String,
    /// Of which connection.
    pub connection: String,
    /// Who noted it last.
    pub mark: String,
}

impl Due {
    fn pk(&self) -> String {
        format!("at#{}", hash_bytes(format!("{}#{}", self.tenant, self.connection).as_bytes())[0] % SHARDS)
    }

    fn sk(&self) -> String {
        format!("{:010}#release#{}#{}", self.minute, self.tenant, self.connection)
    }
}

impl Store {
    /// Starts `body` (a message's text) every so many minutes, from the list of intervals; the phase comes from the id.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn schedule(&self, id: &str, minutes: u32, body: &str) -> Result<(), Error> {
        self.unschedule(id).await?;
        if minutes == 0 {
            return Ok(());
        }
        let every = EVERY.into_iter().rev().find(|every| *every <= minutes).unwrap_or(1);
        let phase = u32::from(hash_bytes(id.as_bytes())[0]) % every;
        self.put(TABLE, row(format!("every#{every}#{phase}"), id, [("b", Some(s(body)))])).await
    }

    /// Stops starting an id.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn unschedule(&self, id: &str) -> Result<(), Error> {
        for every in EVERY {
            let phase = u32::from(hash_bytes(id.as_bytes())[0]) % every;
            self.delete(TABLE, format!("every#{every}#{phase}"), id).await?;
        }
        Ok(())
    }

    /// What one partition of the schedules starts: message texts.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn scheduled(&self, Partition { every, phase }: Partition) -> Result<Vec<String>, Error> {
        let rows = self.range(TABLE, format!("every#{every}#{phase}"), " ", "~", false, 100_000).await?;
        Ok(rows.iter().filter_map(|row| text(row, "b").map(str::to_owned)).collect())
    }

    /// Notes that something of a connection falls due at a minute; the same note twice is one. `mark` tells apart who
    /// noted it last, so that nobody strikes out what was noted after it looked.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn note_due(&self, minute: i64, tenant: &TenantId, connection: &ConnectionId, mark: &str) -> Result<(), Error> {
        let mark = hex::encode(&hash_bytes(mark.as_bytes())[..4]);
        let due = Due { minute, tenant: tenant.to_string(), connection: connection.to_string(), mark };
        self.put(TABLE, row(due.pk(), due.sk(), [("m", Some(n(minute))), ("t", Some(s(&due.tenant))), ("c", Some(s(&due.connection))), ("k", Some(s(&due.mark)))])).await
    }

    /// Everything that is due by a minute, however long ago it fell due.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn due_by(&self, minute: i64) -> Result<Vec<Due>, Error> {
        let read = |row: &Row| Some(Due { minute: number(row, "m")?, tenant: text(row, "t")?.to_owned(), connection: text(row, "c")?.to_owned(), mark: text(row, "k")?.to_owned() });
        let mut all = Vec::new();
        for shard in 0..SHARDS {
            let rows = self.range(TABLE, format!("at#{shard}"), "0", &format!("{minute:010}#~"), false, 100_000).await?;
            all.extend(rows.iter().filter_map(read));
        }
        Ok(all)
    }

    /// Strikes out what was due, after it was done. What was noted anew in between stays.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn forget_due(&self, due: &Due) -> Result<(), Error> {
        let call = self.client.delete_item().table_name(self.table(TABLE)).key("pk", s(due.pk())).key("sk", s(due.sk()));
        let call = call.condition_expression("k = :k").expression_attribute_values(":k", s(&due.mark));
        match call.send().await.map_err(|error| Error::call(TABLE, &error)) {
            Ok(_) | Err(Error::Conflict { .. }) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// The last minute that was swept.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn swept(&self) -> Result<Option<i64>, Error> {
        Ok(self.get(TABLE, "sweep".into(), ".").await?.as_ref().and_then(|row| number(row, "m")))
    }

    /// Saves the last minute that was swept.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn save_swept(&self, minute: i64) -> Result<(), Error> {
        self.put(TABLE, row("sweep".into(), ".", [("m", Some(n(minute)))])).await
    }
}

/// The id under which a poll is scheduled.
#[must_use]
pub fn poll_id(tenant: &TenantId, connection: &ConnectionId, entity: &str) -> String {
    format!("poll#{tenant}#{connection}#{entity}")
}

/// The id under which a reconcile is scheduled.
#[must_use]
pub fn reconcile_id(tenant: &TenantId, flow: &FlowId) -> String {
    format!("reconcile#{tenant}#{flow}")
}

/// The minute of an instant, rounded up: what falls due at it is started not before.
#[must_use]
pub fn minute_after(at: Millis) -> i64 {
    at.div_euclid(60_000) + i64::from(at.rem_euclid(60_000) > 0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_gap_is_every_partition_of_its_minutes_and_each_once() {
        for (first, last) in [(100, 100), (100, 101), (1_000_000, 1_000_058), (29_000_001, 29_001_441), (5, 4)] {
            let minute_by_minute: BTreeSet<_> = (first..=last).flat_map(|minute| partitions(minute, minute)).collect();
            let at_once = partitions(first, last);
            assert_eq!(at_once.len(), minute_by_minute.len(), "{first}..={last}");
            assert_eq!(at_once.into_iter().collect::<BTreeSet<_>>(), minute_by_minute);
        }
        let phase = |minute: i64, every: u32| partitions(minute, minute).iter().find(|partition| partition.every == every).unwrap().phase;
        assert_eq!((phase(61, 60), phase(1439, 1440), phase(7, 1)), (1, 1439, 0));
    }
}
