//! The state of a connection that every batch shares: rate reservation and breaker, one write per batch.

use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValue};
use canonical::{ConnectionId, Millis};
use protocol::{Breaker, Pace, Reservation, Window};

use crate::{Error, Tenant, attribute::{Row, n, number, s}};

const TABLE: &str = "conn_state";

/// What a batch learns when it reserves its turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnState {
    /// When its requests may go.
    pub reservation: Reservation,
    /// The breaker as it was.
    pub breaker: Breaker,
    /// Requests ever reserved, these included.
    pub reserved: u64,
    /// Paused until then because the other side asked; 0 when not.
    pub paused_until: Millis,
}

impl Tenant<'_> {
    /// Reserves `count` requests in one write. GCRA: the stored time moves on by count × interval, from now minus the
    /// allowed burst at the earliest; the old item tells whose turn is when.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn reserve(&self, connection: &ConnectionId, pace: Pace, count: u32, now: Millis) -> Result<ConnState, Error> {
        let floor = now.saturating_mul(1000).saturating_sub(1_000_000);
        let step = pace.interval_us.saturating_mul(i64::from(count));
        // First form: the stored time lies ahead of the burst's floor. Second form: it lies behind, and starts at the floor.
        let mut forms = [("SET tat = tat + :step ADD cc :count", "tat >= :floor", step), ("SET tat = :step ADD cc :count", "attribute_not_exists(tat) OR tat < :floor", floor.saturating_add(step))];
        // What this process saw last tells which is likely: a refused write is paid like one that went through.
        let place = self.pk(connection.as_str());
        if self.store.turns.seen(&place).is_none_or(|tat| tat < floor) {
            forms.reverse();
        }
        for _ in 0..4 {
            for (update, condition, value) in forms {
                let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.pk(connection.as_str()))).key("sk", s("."));
                let call = call.update_expression(update).condition_expression(condition).return_values(ReturnValue::AllOld);
                let call = call.expression_attribute_values(":step", n(value)).expression_attribute_values(":floor", n(floor)).expression_attribute_values(":count", n(count));
                match call.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await {
                    Ok(answer) => {
                        self.store.units.count(TABLE, "reserve", answer.consumed_capacity());
                        let old = answer.attributes.unwrap_or_default();
                        let tat: i64 = number(&old, "tat").unwrap_or(0);
                        self.store.turns.saw(&place, tat.max(floor).saturating_add(step));
                        let (_, reservation) = pace.reserve(tat, count, now);
                        let reserved = number::<u64>(&old, "cc").unwrap_or(0) + u64::from(count);
                        return Ok(ConnState { reservation, reserved, breaker: breaker(&old), paused_until: number(&old, "pu").unwrap_or(0) });
                    }
                    Err(error) => match Error::call(TABLE, &error) {
                        Error::Conflict { .. } => {}
                        other => return Err(other),
                    },
                }
            }
        }
        Err(Error::Conflict { table: TABLE })
    }

    /// Stores the breaker after a batch with failures, or one that ended a half-open state, and a pause the other side asked for.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn save_breaker(&self, connection: &ConnectionId, breaker: &Breaker, paused_until: Millis) -> Result<(), Error> {
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.pk(connection.as_str()))).key("sk", s("."));
        let call = call.update_expression("SET bo = :bo, bn = :bn, bs = :bs, ws = :ws, wb = :wb, wf = :wf, pu = :pu");
        let call = call.expression_attribute_values(":bo", n(breaker.open_until)).expression_attribute_values(":bn", n(breaker.opens));
        let call = call.expression_attribute_values(":bs", n(breaker.successes)).expression_attribute_values(":ws", n(breaker.window.since));
        let call = call.expression_attribute_values(":wb", n(breaker.window.before)).expression_attribute_values(":wf", n(breaker.window.failures));
        let call = call.expression_attribute_values(":pu", n(paused_until)).return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = call.send().await.map_err(|error| Error::call(TABLE, &error))?;
        self.store.units.count(TABLE, "breaker", answer.consumed_capacity());
        Ok(())
    }

    /// The breaker as it is, without reserving anything.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn breaker(&self, connection: &ConnectionId) -> Result<Breaker, Error> {
        Ok(self.store.get(TABLE, self.pk(connection.as_str()), ".").await?.as_ref().map(breaker).unwrap_or_default())
    }
}

fn breaker(row: &Row) -> Breaker {
    Breaker {
        open_until: number(row, "bo").unwrap_or(0),
        opens: number(row, "bn").unwrap_or(0),
        successes: number(row, "bs").unwrap_or(0),
        window: Window { since: number(row, "ws").unwrap_or(0), before: number(row, "wb").unwrap_or(0), failures: number(row, "wf").unwrap_or(0) },
    }
}
