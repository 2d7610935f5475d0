//! The slots: the conditional writes of the slot protocol, in DynamoDB's words.
//!
//! `protocol::slot::accepts` states the same condition as a function; a contract test compares the two over every
//! combination of slot and question.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure};
use canonical::{FlowId, Key, Millis, Version};
use protocol::slot::{Acquired, Ask, Held, Limits, Marks, Purpose, Slot, Write, held, refused};

use crate::{Error, Tenant, attribute::{Row, n, number, s, text}};

const TABLE: &str = "slots";

/// The fence is no longer ours: deliver again soon, step 1 decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost;

/// Names a slot.
#[derive(Debug, Clone, Copy)]
pub struct SlotKey<'a> {
    /// The flow.
    pub flow: &'a FlowId,
    /// The canonical key.
    pub key: &'a Key,
}

impl Tenant<'_> {
    fn slot_pk(&self, slot: SlotKey<'_>) -> String {
        self.pk(&format!("{}#{}", slot.flow, slot.key.hash()))
    }

    /// What is known to be applied.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn slot(&self, slot: SlotKey<'_>) -> Result<Slot, Error> {
        Ok(self.store.get(TABLE, self.slot_pk(slot), ".").await?.as_ref().map(read).unwrap_or_default())
    }

    /// Step 1 of the protocol: one conditional write.
    ///
    /// # Errors
    /// When the table does not answer; a throttled slot counts as held by the caller.
    pub async fn acquire(&self, slot: SlotKey<'_>, ask: &Ask<'_>, now: Millis, limits: &Limits) -> Result<Acquired, Error> {
        let free = "(attribute_not_exists(lo) OR lx < :now)";
        let newer = match ask.purpose {
            Purpose::Deliver => "(attribute_not_exists(av) OR av < :v OR (av = :v AND attribute_exists(ah) AND ah <> :ah))",
            Purpose::Repair => "(attribute_not_exists(av) OR av <= :v)",
            Purpose::Verify => "(av = :v AND (attribute_not_exists(du) OR du <= :now))",
            Purpose::Force => "",
        };
        let known = ask.mark.filter(|_| ask.purpose == Purpose::Deliver);
        let newer = if known.is_some() { format!("{newer} AND NOT contains(re, :re)") } else { newer.to_owned() };
        let condition = if newer.is_empty() { free.to_owned() } else { format!("{newer} AND {free}") };
        let mut call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.slot_pk(slot))).key("sk", s("."));
        call = call.update_expression("SET lo = :me, lx = :lx ADD lt :one").condition_expression(condition);
        call = call.expression_attribute_values(":me", s(ask.me)).expression_attribute_values(":lx", n(now + limits.lease_ms));
        call = call.expression_attribute_values(":one", n(1)).expression_attribute_values(":now", n(now));
        if !newer.is_empty() {
            call = call.expression_attribute_values(":v", s(ask.version.as_str()));
        }
        if ask.purpose == Purpose::Deliver {
            call = call.expression_attribute_values(":ah", s(ask.body_hash));
        }
        if let Some(mark) = known {
            call = call.expression_attribute_values(":re", s(mark));
        }
        call = call.return_values(ReturnValue::AllOld).return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await {
            Ok(answer) => {
                self.store.units.count(TABLE, "acquire", answer.consumed_capacity());
                let old = answer.attributes().map(read).unwrap_or_default();
                Ok(Acquired::Held(held(&old, ask, now, limits)))
            }
            Err(error) => match error.as_service_error() {
                Some(aws_sdk_dynamodb::operation::update_item::UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    let old = failed.item().map(read).unwrap_or_default();
                    Ok(refused(&old, ask, now, limits))
                }
                _ => Err(Error::call(TABLE, &error)),
            },
        }
    }

    /// Step 3 of the protocol: ends the lease while the fence is ours.
    ///
    /// # Errors
    /// When the table does not answer. `Ok(Err(Lost))`: somebody else has the slot.
    pub async fn end_lease(&self, slot: SlotKey<'_>, ask: &Ask<'_>, held: &Held, write: &Write) -> Result<Result<(), Lost>, Error> {
        let mut call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.slot_pk(slot))).key("sk", s("."));
        call = call.condition_expression("lt = :lt").expression_attribute_values(":lt", n(held.fence));
        let dirty = |until: &Millis| (*until > 0).then(|| n(*until));
        let (update, values): (String, Vec<(&str, AttributeValue)>) = match write {
            Write::Commit { dirty_until } => {
                let du = dirty(dirty_until);
                let occurrence = ask.purpose != Purpose::Verify;
                let mut set = format!("SET av = :av, ah = :ah{}{}", if occurrence { ", oc = :oc" } else { "" }, if du.is_some() { ", du = :du" } else { "" });
                if ask.mark.is_some() {
                    set += ", re = :re";
                }
                let remove = format!(" REMOVE lo, lx, n, nv{}", if du.is_some() { "" } else { ", du" });
                let mut values = vec![(":av", s(ask.version.as_str())), (":ah", s(ask.body_hash))];
                values.extend(occurrence.then(|| (":oc", s(ask.occurrence))));
                values.extend(du.map(|du| (":du", du)));
                values.extend(ask.mark.map(|mark| (":re", s(held.recent.with(mark).as_str()))));
                (set + &remove, values)
            }
            Write::Release { dirty_until, attempts } => {
                let du = dirty(dirty_until);
                let set = format!("SET n = :n, nv = :nv{}", if du.is_some() { ", du = :du" } else { "" });
                let remove = format!(" REMOVE lo, lx{}", if du.is_some() { "" } else { ", du" });
                let mut values = vec![(":n", n(attempts)), (":nv", s(ask.version.as_str()))];
                values.extend(du.map(|du| (":du", du)));
                (set + &remove, values)
            }
        };
        call = call.update_expression(update);
        for (name, value) in values {
            call = call.expression_attribute_values(name, value);
        }
        match call.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await {
            Ok(answer) => {
                self.store.units.count(TABLE, "commit", answer.consumed_capacity());
                Ok(Ok(()))
            }
            Err(error) => match Error::call(TABLE, &error) {
                Error::Conflict { .. } => Ok(Err(Lost)),
                other => Err(other),
            },
        }
    }

    /// Remembers an event that was overtaken. `Err(Lost)`: the slot has learned of others since.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn remember(&self, at: SlotKey<'_>, known: &Marks, mark: &str) -> Result<Result<(), Lost>, Error> {
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.slot_pk(at))).key("sk", s("."));
        let call = call.update_expression("SET re = :re").expression_attribute_values(":re", s(known.with(mark).as_str()));
        let call = match known.as_str() {
            "" => call.condition_expression("attribute_not_exists(re)"),
            text => call.condition_expression("re = :known").expression_attribute_values(":known", s(text)),
        };
        match call.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.map_err(|error| Error::call(TABLE, &error)) {
            Ok(answer) => {
                self.store.units.count(TABLE, "remember", answer.consumed_capacity());
                Ok(Ok(()))
            }
            Err(Error::Conflict { .. }) => Ok(Err(Lost)),
            Err(other) => Err(other),
        }
    }

    /// Writes a slot as it is: for tests of the conditions only what a handler could have left.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn put_slot(&self, at: SlotKey<'_>, slot: &Slot) -> Result<(), Error> {
        let version = |version: &Option<Version>| version.as_ref().map(|version| s(version.as_str()));
        let some = |number: i64| (number > 0).then(|| n(number));
        let row = crate::attribute::row(self.slot_pk(at), ".", [
            ("av", version(&slot.applied)),
            ("ah", slot.applied_hash.as_ref().map(s)),
            ("oc", slot.occurrence.as_ref().map(s)),
            ("lt", Some(n(slot.fence))),
            ("lo", slot.owner.as_ref().map(s)),
            ("lx", some(slot.lease_until)),
            ("du", some(slot.dirty_until)),
            ("n", some(i64::from(slot.attempts))),
            ("nv", version(&slot.attempts_of)),
            ("re", (!slot.recent.as_str().is_empty()).then(|| s(slot.recent.as_str()))),
        ]);
        self.store.put(TABLE, row).await
    }
}

fn read(row: &Row) -> Slot {
    Slot {
        applied: text(row, "av").and_then(Version::from_text),
        applied_hash: text(row, "ah").map(str::to_owned),
        occurrence: text(row, "oc").map(str::to_owned),
        fence: number(row, "lt").unwrap_or(0),
        owner: text(row, "lo").map(str::to_owned),
        lease_until: number(row, "lx").unwrap_or(0),
        dirty_until: number(row, "du").unwrap_or(0),
        attempts: number(row, "n").unwrap_or(0),
        attempts_of: text(row, "nv").and_then(Version::from_text),
        recent: text(row, "re").map(Marks::from_text).unwrap_or_default(),
    }
}
