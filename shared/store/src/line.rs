//! The lines of halted strict keys, and what is known of an event's effect: rows and conditions only. Who is tried, who
//! waits and who is woken is decided in `protocol::line`.
//!
//! The slot says that a key is halted (`hl`) and which sequence number last announced itself (`ps`); the rows stand in
//! `parked`; an effect has a row beside its slot.

use aws_sdk_dynamodb::{
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    types::{AttributeValue, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure},
};
use canonical::Millis;
use protocol::line::{self, Effect, Head};

use crate::{Error, Lost, SlotKey, Tenant, attribute::{Row, n, number, row, s, text}, body};

const TABLE: &str = "parked";

/// The head of a strict key's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place.
    pub place: String,
    /// Before then it is not tried.
    pub due_ms: Millis,
    /// The message.
    pub body: String,
}

impl Line {
    /// What decisions need of it.
    #[must_use]
    pub fn head(&self) -> Head<'_> {
        Head { place: &self.place, due: self.due_ms }
    }
}

impl Tenant<'_> {
    /// Halts a strict key, and lets its slot know of a sequence number.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn halt(&self, slot: SlotKey<'_>, sequence: &str) -> Result<(), Error> {
        let call = self.slot_update(slot).update_expression("SET hl = :one, ps = :ps").condition_expression("attribute_not_exists(ps) OR ps < :ps");
        let call = call.expression_attribute_values(":one", n(1)).expression_attribute_values(":ps", s(sequence));
        match call.send().await.map_err(|error| Error::call("slots", &error)) {
            // A later one has announced itself: the halt is all that may be missing.
            Err(Error::Conflict { .. }) => {
                let call = self.slot_update(slot).update_expression("SET hl = :one").expression_attribute_values(":one", n(1));
                call.send().await.map(drop).map_err(|error| Error::call("slots", &error))
            }
            other => other.map(drop),
        }
    }

    /// Whether a strict key is halted.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn halted(&self, slot: SlotKey<'_>) -> Result<bool, Error> {
        let row = self.store.get("slots", self.slot_name(slot), ".").await?;
        Ok(row.is_some_and(|row| row.contains_key("hl")))
    }

    /// Lets the slot of a halted key know that somebody is about to join its line: the halt then stays until it has ended.
    /// `Err(Lost)`: the key is no longer halted.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn announce(&self, slot: SlotKey<'_>, sequence: &str) -> Result<Result<(), Lost>, Error> {
        let call = self.slot_update(slot).update_expression("SET ps = :ps").condition_expression("attribute_exists(hl) AND (attribute_not_exists(ps) OR ps < :ps)");
        let call = call.expression_attribute_values(":ps", s(sequence)).return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.send().await {
            Ok(_) => Ok(Ok(())),
            Err(error) => match error.as_service_error() {
                // Halted, and a sequence number as high is known.
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => Ok(if failed.item().is_some_and(|old| old.contains_key("hl")) { Ok(()) } else { Err(Lost) }),
                _ => Err(Error::call("slots", &error)),
            },
        }
    }

    /// Writes a row of the line, unless it is there: what is there may know of attempts.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn join_line(&self, slot: SlotKey<'_>, place: &str, body: &str) -> Result<(), Error> {
        let row = line_row(self.line_pk(slot), place, 0, body)?;
        let call = self.store.client.put_item().table_name(self.store.table(TABLE)).set_item(Some(row)).condition_expression("attribute_not_exists(sk)");
        match call.send().await.map_err(|error| Error::call(TABLE, &error)) {
            Ok(_) | Err(Error::Conflict { .. }) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Writes a row of the line; the same place twice is one row, and the later counts.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn keep_in_line(&self, slot: SlotKey<'_>, place: &str, due_ms: Millis, body: &str) -> Result<(), Error> {
        self.store.put(TABLE, line_row(self.line_pk(slot), place, due_ms, body)?).await
    }

    /// Gives the head of the line another time, unless it has left or was tried meanwhile.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn hasten(&self, slot: SlotKey<'_>, head: &Line, due_ms: Millis) -> Result<(), Error> {
        let row = line_row(self.line_pk(slot), &head.place, due_ms, &head.body)?;
        let call = self.store.client.put_item().table_name(self.store.table(TABLE)).set_item(Some(row)).condition_expression("due = :old");
        match call.expression_attribute_values(":old", n(head.due_ms)).send().await.map_err(|error| Error::call(TABLE, &error)) {
            Ok(_) | Err(Error::Conflict { .. }) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// The first of the line.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn head_of_line(&self, slot: SlotKey<'_>) -> Result<Option<Line>, Error> {
        let rows = self.store.range(TABLE, self.line_pk(slot), " ", "~", false, 1).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let place = text(row, "sk").unwrap_or_default().to_owned();
        Ok(Some(Line { place, due_ms: number(row, "due").unwrap_or(0), body: body::body(TABLE, row)?.unwrap_or_default() }))
    }

    /// Writes the grave of a sequence number: who died, and of which code.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn dig(&self, slot: SlotKey<'_>, sequence: &str, body: &str, code: &str) -> Result<(), Error> {
        let mut row = line_row(self.line_pk(slot), &line::grave(sequence), 0, body)?;
        row.insert("dc".to_owned(), s(code));
        self.store.put(TABLE, row).await
    }

    /// Who lies in the grave of a sequence number, and of which code it died.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn grave(&self, slot: SlotKey<'_>, sequence: &str) -> Result<Option<(String, String)>, Error> {
        let Some(row) = self.store.get(TABLE, self.line_pk(slot), &line::grave(sequence)).await? else { return Ok(None) };
        Ok(Some((body::body(TABLE, &row)?.unwrap_or_default(), text(&row, "dc").unwrap_or_default().to_owned())))
    }

    /// Removes a row of the line: it is terminal.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn leave_line(&self, slot: SlotKey<'_>, place: &str) -> Result<(), Error> {
        self.store.delete(TABLE, self.line_pk(slot), place).await
    }

    /// Ends the halt if nobody has announced itself since `sequence`.
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

    /// What is known of an event's effect on a strict flow.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn effect(&self, slot: SlotKey<'_>, event: &str) -> Result<Effect, Error> {
        let Some(row) = self.store.get("slots", self.slot_name(slot), &format!("e#{event}")).await? else { return Ok(Effect::default()) };
        let of = |name: &str| text(&row, name).map(str::to_owned);
        let dead = row.get("dd").and_then(|dead| dead.as_ss().ok()).cloned().unwrap_or_default();
        Ok(Effect { done: of("oc"), begun: of("bg"), dead, code: of("dc").unwrap_or_default() })
    }

    /// Marks an event's effect as done by an occurrence.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn effect_done(&self, slot: SlotKey<'_>, event: &str, occurrence: &str, expires_s: i64) -> Result<(), Error> {
        self.update_effect(slot, event, "SET oc = :oc, #exp = :exp REMOVE bg", [(":oc", s(occurrence)), (":exp", n(expires_s))]).await
    }

    /// Marks that an occurrence is about to make a call whose repetition could double the effect.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn effect_begun(&self, slot: SlotKey<'_>, event: &str, occurrence: &str, expires_s: i64) -> Result<(), Error> {
        self.update_effect(slot, event, "SET bg = :oc, #exp = :exp", [(":oc", s(occurrence)), (":exp", n(expires_s))]).await
    }

    /// Marks that the call got a clear answer: nothing was done.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn effect_refused(&self, slot: SlotKey<'_>, event: &str, expires_s: i64) -> Result<(), Error> {
        self.update_effect(slot, event, "SET #exp = :exp REMOVE bg", [(":exp", n(expires_s))]).await
    }

    /// Remembers that an occurrence died, of this code.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn effect_died(&self, slot: SlotKey<'_>, event: &str, occurrence: &str, code: &str, expires_s: i64) -> Result<(), Error> {
        let values = [(":dc", s(code)), (":exp", n(expires_s)), (":dd", AttributeValue::Ss(vec![occurrence.to_owned()]))];
        self.update_effect(slot, event, "SET dc = :dc, #exp = :exp ADD dd :dd", values).await
    }

    async fn update_effect<const N: usize>(&self, slot: SlotKey<'_>, event: &str, update: &str, values: [(&str, AttributeValue); N]) -> Result<(), Error> {
        let call = self.update(slot, &format!("e#{event}")).update_expression(update).expression_attribute_names("#exp", "exp");
        let call = values.into_iter().fold(call, |call, (name, value)| call.expression_attribute_values(name, value));
        call.send().await.map(drop).map_err(|error| Error::call("slots", &error))
    }

    fn line_pk(&self, slot: SlotKey<'_>) -> String {
        self.pk(&format!("k#{}#{}", slot.flow, slot.key.hash()))
    }

    fn slot_name(&self, slot: SlotKey<'_>) -> String {
        self.pk(&format!("{}#{}", slot.flow, slot.key.hash()))
    }

    fn slot_update(&self, slot: SlotKey<'_>) -> UpdateItemFluentBuilder {
        self.update(slot, ".")
    }

    fn update(&self, slot: SlotKey<'_>, sk: &str) -> UpdateItemFluentBuilder {
        let call = self.store.client.update_item().table_name(self.store.table("slots")).key("pk", s(self.slot_name(slot))).key("sk", s(sk));
        call.return_consumed_capacity(ReturnConsumedCapacity::Total)
    }
}

fn line_row(pk: String, place: &str, due_ms: Millis, text: &str) -> Result<Row, Error> {
    Ok(row(pk, place, [("due", (due_ms > 0).then(|| n(due_ms))), ("b", Some(body::kept(TABLE, text)?))]))
}
