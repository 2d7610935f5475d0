//! What is to be started when: schedules are rows, not resources of the cloud.

use canonical::{ConnectionId, FlowId, Millis, TenantId};
use document::hash_bytes;

use crate::{Error, Store, attribute::{n, number, row, s, text}};

const TABLE: &str = "due";

/// The intervals there are, in minutes.
pub const EVERY: [u32; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440];

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

    /// What starts at a minute (minutes since 1970): message texts.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn due_at(&self, minute: i64) -> Result<Vec<String>, Error> {
        let mut bodies = Vec::new();
        for every in EVERY {
            let phase = minute.rem_euclid(i64::from(every));
            let rows = self.range(TABLE, format!("every#{every}#{phase}"), " ", "~", false, 100_000).await?;
            bodies.extend(rows.iter().filter_map(|row| text(row, "b").map(str::to_owned)));
        }
        Ok(bodies)
    }

    /// Notes that something of a connection falls due at a minute; the same note twice is one.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn note_due(&self, minute: i64, tenant: &TenantId, connection: &ConnectionId) -> Result<(), Error> {
        self.put(TABLE, row(format!("at#{minute}"), format!("release#{tenant}#{connection}"), [("t", Some(s(tenant.as_str()))), ("c", Some(s(connection.as_str())))])).await
    }

    /// The connections with something due at a minute.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn releases_at(&self, minute: i64) -> Result<Vec<(String, String)>, Error> {
        let rows = self.range(TABLE, format!("at#{minute}"), "release#", "release#~", false, 100_000).await?;
        Ok(rows.iter().filter_map(|row| Some((text(row, "t")?.to_owned(), text(row, "c")?.to_owned()))).collect())
    }

    /// Forgets what was due at a minute, after it was started.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn forget_due(&self, minute: i64, tenant: &str, connection: &str) -> Result<(), Error> {
        self.delete(TABLE, format!("at#{minute}"), &format!("release#{tenant}#{connection}")).await
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
