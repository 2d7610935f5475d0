//! Parked messages: what waits longer than a queue can delay.

use canonical::{ConnectionId, Millis};

use crate::{Error, Tenant, attribute::{n, number, row, text}, body};

const TABLE: &str = "parked";

/// One parked message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedRow {
    /// Its place: unique within the connection, sorted by when it is due.
    pub place: String,
    /// When it is due.
    pub due_ms: Millis,
    /// The message.
    pub body: String,
}

impl Tenant<'_> {
    /// Parks a message until it is due, and notes the minute in which the sweep will release it. `name` is the message's
    /// own, so that parking it twice parks it once.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn park(&self, connection: &ConnectionId, due_ms: Millis, name: &str, body: &str) -> Result<(), Error> {
        let place = format!("{due_ms:013}#{name}");
        self.store.put(TABLE, row(self.pk(&format!("p#{connection}")), &place, [("due", Some(n(due_ms))), ("b", Some(body::kept(TABLE, body)?))])).await?;
        self.store.note_due(crate::due::minute_after(due_ms), self.id, connection, &place).await
    }

    /// The parked messages of a connection that are due, oldest first.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn parked(&self, connection: &ConnectionId, until_ms: Millis, limit: usize) -> Result<Vec<ParkedRow>, Error> {
        self.parked_behind(connection, "", until_ms, limit).await
    }

    /// The same, behind a place.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn parked_behind(&self, connection: &ConnectionId, place: &str, until_ms: Millis, limit: usize) -> Result<Vec<ParkedRow>, Error> {
        // Nothing stands between a place and the same with a blank.
        let rows = self.store.range(TABLE, self.pk(&format!("p#{connection}")), &format!("{place} "), &format!("{until_ms:013}#~"), false, limit).await?;
        let read = |row: &crate::attribute::Row| {
            // A body that cannot be read holds up nobody: who opens it says what it is.
            let body = body::body(TABLE, row).ok().flatten().unwrap_or_default();
            Some(ParkedRow { place: text(row, "sk")?.to_owned(), due_ms: number(row, "due")?, body })
        };
        Ok(rows.iter().filter_map(read).collect())
    }

    /// Removes a parked message, after it was sent.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn unpark(&self, connection: &ConnectionId, place: &str) -> Result<(), Error> {
        self.store.delete(TABLE, self.pk(&format!("p#{connection}")), place).await
    }
}
