//! Parked messages: what waits longer than a queue can delay, and the lines behind a failed strict key.

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use canonical::{ConnectionId, Millis};

use crate::{Error, Lost, SlotKey, Store, Tenant, attribute::{n, number, row, s, text}};

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

/// The head of a strict key's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its sequence number.
    pub sequence: String,
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
        self.store.put(TABLE, row(self.pk(&format!("p#{connection}")), format!("{due_ms:013}#{name}"), [("due", Some(n(due_ms))), ("b", Some(s(body)))])).await?;
        self.store.note_due(crate::due::minute_after(due_ms), self.id, connection).await
    }

    /// The parked messages of a connection that are due, oldest first.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn parked(&self, connection: &ConnectionId, until_ms: Millis, limit: usize) -> Result<Vec<ParkedRow>, Error> {
        let rows = self.store.range(TABLE, self.pk(&format!("p#{connection}")), "0", &format!("{until_ms:013}#~"), false, limit).await?;
        let read = |row: &crate::attribute::Row| Some(ParkedRow { place: text(row, "sk")?.to_owned(), due_ms: number(row, "due")?, body: text(row, "b")?.to_owned() });
        Ok(rows.iter().filter_map(read).collect())
    }

    /// Removes a parked message, after it was sent.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn unpark(&self, connection: &ConnectionId, place: &str) -> Result<(), Error> {
        self.store.delete(TABLE, self.pk(&format!("p#{connection}")), place).await
    }

    fn line_pk(&self, slot: SlotKey<'_>) -> String {
        self.pk(&format!("k#{}#{}", slot.flow, slot.key.hash()))
    }

    /// Halts a strict key: nothing of it is tried until its line moves.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn halt(&self, slot: SlotKey<'_>, sequence: &str) -> Result<(), Error> {
        let call = self.slot_update(slot).update_expression("SET hl = :one, ps = if_not_exists(ps, :ps)");
        let call = call.expression_attribute_values(":one", n(1)).expression_attribute_values(":ps", s(sequence));
        call.send().await.map_err(|error| Error::call("slots", &error))?;
        Ok(())
    }

    /// Whether a strict key is halted.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn halted(&self, slot: SlotKey<'_>) -> Result<bool, Error> {
        let row = self.store.get("slots", self.slot_name(slot), ".").await?;
        Ok(row.is_some_and(|row| row.contains_key("hl")))
    }

    /// Joins the line behind a halted key: the slot learns of it first, then the row is written. `Err(Lost)`: the key is
    /// no longer halted, try it instead.
    ///
    /// # Errors
    /// When a table does not answer.
    pub async fn join_line(&self, slot: SlotKey<'_>, sequence: &str, body: &str) -> Result<Result<(), Lost>, Error> {
        let call = self.slot_update(slot).update_expression("SET ps = :ps").condition_expression("attribute_exists(hl)").expression_attribute_values(":ps", s(sequence));
        match call.send().await.map_err(|error| Error::call("slots", &error)) {
            Ok(_) => {}
            Err(Error::Conflict { .. }) => return Ok(Err(Lost)),
            Err(other) => return Err(other),
        }
        self.keep_in_line(slot, sequence, body).await.map(Ok)
    }

    /// Writes a row of the line; the same sequence number twice is one row.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn keep_in_line(&self, slot: SlotKey<'_>, sequence: &str, body: &str) -> Result<(), Error> {
        self.store.put(TABLE, row(self.line_pk(slot), sequence, [("b", Some(s(body)))])).await
    }

    /// The first of the line.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn head_of_line(&self, slot: SlotKey<'_>) -> Result<Option<Line>, Error> {
        let rows = self.store.range(TABLE, self.line_pk(slot), " ", "~", false, 1).await?;
        Ok(rows.first().and_then(|row| Some(Line { sequence: text(row, "sk")?.to_owned(), body: text(row, "b")?.to_owned() })))
    }

    /// Removes a row of the line: it is terminal.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn leave_line(&self, slot: SlotKey<'_>, sequence: &str) -> Result<(), Error> {
        self.store.delete(TABLE, self.line_pk(slot), sequence).await
    }

    /// Ends the halt if nobody joined since `sequence`.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn resume(&self, slot: SlotKey<'_>, sequence: &str) -> Result<Result<(), Lost>, Error> {
        let call = self.slot_update(slot).update_expression("REMOVE hl, ps").condition_expression("attribute_not_exists(ps) OR ps <= :ps");
        match call.expression_attribute_values(":ps", s(sequence)).send().await.map_err(|error| Error::call("slots", &error)) {
            Ok(_) => Ok(Ok(())),
            Err(Error::Conflict { .. }) => Ok(Err(Lost)),
            Err(other) => Err(other),
        }
    }

    /// The mark that an event's effect on a strict flow is done.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn effect(&self, slot: SlotKey<'_>, event: &str) -> Result<Option<String>, Error> {
        let row = self.store.get("slots", self.slot_name(slot), &format!("e#{event}")).await?;
        Ok(row.as_ref().and_then(|row| text(row, "oc")).map(str::to_owned))
    }

    /// Marks an event's effect as done by an occurrence.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn mark_effect(&self, slot: SlotKey<'_>, event: &str, occurrence: &str, expires_s: i64) -> Result<(), Error> {
        self.store.put("slots", row(self.slot_name(slot), format!("e#{event}"), [("oc", Some(s(occurrence))), ("exp", Some(n(expires_s)))])).await
    }

    fn slot_name(&self, slot: SlotKey<'_>) -> String {
        self.pk(&format!("{}#{}", slot.flow, slot.key.hash()))
    }

    fn slot_update(&self, slot: SlotKey<'_>) -> aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder {
        let store: &Store = self.store;
        let call = store.client.update_item().table_name(store.table("slots")).key("pk", s(self.slot_name(slot))).key("sk", s("."));
        call.return_consumed_capacity(ReturnConsumedCapacity::Total)
    }
}
