//! Cursors: how far a source has been read, under a fenced lease.

use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use canonical::{ConnectionId, Millis};

use crate::{Error, Lost, Tenant, attribute::{Row, n, number, s, text}};

const TABLE: &str = "cursors";

/// Where an entity's reading stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CursorRow {
    /// Opaque to everyone but the connector; absent before the first page.
    pub cursor: Option<String>,
    /// The fencing counter.
    pub fence: u64,
    /// Who holds the lease.
    pub owner: Option<String>,
    /// Until when.
    pub lease_until: Millis,
}

/// A lease on a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CursorLease {
    /// Our fence.
    pub fence: u64,
    /// Where to go on.
    pub cursor: Option<String>,
}

impl Tenant<'_> {
    fn cursor_pk(&self, connection: &ConnectionId, entity: &str) -> String {
        self.pk(&format!("{connection}#{entity}"))
    }

    /// Where reading stands.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn cursor(&self, connection: &ConnectionId, entity: &str) -> Result<CursorRow, Error> {
        Ok(self.store.get(TABLE, self.cursor_pk(connection, entity), ".").await?.as_ref().map(read).unwrap_or_default())
    }

    /// Takes the lease; `None` when somebody else has it.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn lease_cursor(&self, connection: &ConnectionId, entity: &str, me: &str, now: Millis, lease_ms: Millis) -> Result<Option<CursorLease>, Error> {
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.cursor_pk(connection, entity))).key("sk", s("."));
        let call = call.update_expression("SET lo = :me, lx = :lx ADD lt :one").condition_expression("attribute_not_exists(lo) OR lx < :now");
        let call = call.expression_attribute_values(":me", s(me)).expression_attribute_values(":lx", n(now + lease_ms));
        let call = call.expression_attribute_values(":one", n(1)).expression_attribute_values(":now", n(now));
        match call.return_values(ReturnValue::AllNew).return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld).send().await {
            Ok(answer) => {
                let row = answer.attributes().map(read).unwrap_or_default();
                Ok(Some(CursorLease { fence: row.fence, cursor: row.cursor }))
            }
            Err(error) => match Error::call(TABLE, &error) {
                Error::Conflict { .. } => Ok(None),
                other => Err(other),
            },
        }
    }

    /// Saves a cursor and renews the lease, while the fence is ours. Only after what it passed is durably queued. What was
    /// noted of a failure is over with it.
    ///
    /// # Errors
    /// When the table does not answer. `Ok(Err(Lost))`: somebody else reads on.
    pub async fn save_cursor(&self, connection: &ConnectionId, entity: &str, lease: &CursorLease, cursor: &str, lease_until: Millis) -> Result<Result<(), Lost>, Error> {
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.cursor_pk(connection, entity))).key("sk", s("."));
        let call = call.update_expression("SET c = :c, lx = :lx REMOVE er").condition_expression("lt = :lt").expression_attribute_values(":c", s(cursor));
        let call = call.expression_attribute_values(":lx", n(lease_until)).expression_attribute_values(":lt", n(lease.fence));
        fenced(call.send().await.map_err(|error| Error::call(TABLE, &error)))
    }

    /// Renews the lease, while the fence is ours, and changes nothing else.
    ///
    /// # Errors
    /// When the table does not answer. `Ok(Err(Lost))`: somebody else reads on.
    pub async fn renew_cursor(&self, connection: &ConnectionId, entity: &str, lease: &CursorLease, lease_until: Millis) -> Result<Result<(), Lost>, Error> {
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.cursor_pk(connection, entity))).key("sk", s("."));
        let call = call.update_expression("SET lx = :lx").condition_expression("lt = :lt").expression_attribute_values(":lx", n(lease_until)).expression_attribute_values(":lt", n(lease.fence));
        fenced(call.send().await.map_err(|error| Error::call(TABLE, &error)))
    }

    /// Gives the lease back, if it is still ours.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn release_cursor(&self, connection: &ConnectionId, entity: &str, lease: &CursorLease) -> Result<Result<(), Lost>, Error> {
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.cursor_pk(connection, entity))).key("sk", s("."));
        let call = call.update_expression("REMOVE lo, lx").condition_expression("lt = :lt").expression_attribute_values(":lt", n(lease.fence));
        fenced(call.send().await.map_err(|error| Error::call(TABLE, &error)))
    }
}

fn fenced<T>(result: Result<T, Error>) -> Result<Result<(), Lost>, Error> {
    match result {
        Ok(_) => Ok(Ok(())),
        Err(Error::Conflict { .. }) => Ok(Err(Lost)),
        Err(other) => Err(other),
    }
}

fn read(row: &Row) -> CursorRow {
    CursorRow {
        cursor: text(row, "c").map(str::to_owned),
        fence: number(row, "lt").unwrap_or(0),
        owner: text(row, "lo").map(str::to_owned),
        lease_until: number(row, "lx").unwrap_or(0),
    }
}
