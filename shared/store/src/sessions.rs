//! Sessions of connections: what credentials were exchanged for, sealed, and who renews it.
//!
//! Rows of `conn_state`, beside the connection's own. A lease lets one process renew at a time: a refresh token is often
//! good for one use.

use aws_sdk_dynamodb::{operation::update_item::UpdateItemError, types::{ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure}};
use canonical::{ConnectionId, Millis};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, Lost, Tenant, attribute::{Row, n, number, s, text}};

const TABLE: &str = "conn_state";

/// Names a session: a connection may have had others, by what was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionKey<'a> {
    /// The connection.
    pub connection: &'a ConnectionId,
    /// Which credentials.
    pub owner: &'a str,
}

/// A kept session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow<S> {
    /// The session, sealed.
    pub sealed: S,
    /// Grows with every renewal.
    pub version: u64,
}

/// What who asks for a lease finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionLease<S> {
    /// It is ours; the session so far.
    Ours(Option<SessionRow<S>>),
    /// A newer session is kept.
    Newer(SessionRow<S>),
    /// Somebody else renews it.
    Taken,
}

impl Tenant<'_> {
    /// The session that is kept.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn session<S: DeserializeOwned>(&self, key: SessionKey<'_>) -> Result<Option<SessionRow<S>>, Error> {
        self.store.get(TABLE, self.pk(key.connection.as_str()), &sk(key)).await?.as_ref().map_or(Ok(None), read)
    }

    /// Takes the right to renew a session, unless one newer than `stale` is kept or somebody else has the right.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn lease_session<S: DeserializeOwned>(&self, key: SessionKey<'_>, me: &str, stale: u64, now: Millis, lease_ms: Millis, expires_s: i64) -> Result<SessionLease<S>, Error> {
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.pk(key.connection.as_str()))).key("sk", s(sk(key)));
        // A row that holds nothing but a lease is forgotten; one that holds a session keeps its own time.
        let call = call.update_expression("SET lo = :me, lx = :lx, #exp = if_not_exists(#exp, :exp)").expression_attribute_names("#exp", "exp");
        let call = call.condition_expression("(attribute_not_exists(lo) OR lx < :now) AND (attribute_not_exists(sv) OR sv <= :stale)");
        let call = call.expression_attribute_values(":me", s(me)).expression_attribute_values(":lx", n(now + lease_ms)).expression_attribute_values(":now", n(now));
        let call = call.expression_attribute_values(":stale", n(stale)).expression_attribute_values(":exp", n(expires_s));
        let call = call.return_values(ReturnValue::AllNew).return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await {
            Ok(answer) => {
                self.store.units.count(TABLE, "session", answer.consumed_capacity());
                Ok(SessionLease::Ours(answer.attributes().map_or(Ok(None), read)?))
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    let kept: Option<SessionRow<S>> = failed.item().map_or(Ok(None), read)?;
                    Ok(kept.filter(|kept| kept.version > stale).map_or(SessionLease::Taken, SessionLease::Newer))
                }
                _ => Err(Error::call(TABLE, &error)),
            },
        }
    }

    /// Keeps a renewed session and ends the lease, while it is ours.
    ///
    /// # Errors
    /// When the table does not answer. `Ok(Err(Lost))`: our lease ran out, and somebody else took it.
    pub async fn keep_session<S: Serialize>(&self, key: SessionKey<'_>, me: &str, session: &SessionRow<S>, expires_s: i64) -> Result<Result<(), Lost>, Error> {
        let sealed = serde_json::to_string(&session.sealed).map_err(|error| Error::unreadable(TABLE, error.to_string()))?;
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.pk(key.connection.as_str()))).key("sk", s(sk(key)));
        let call = call.update_expression("SET sd = :sealed, sv = :version, #exp = :exp REMOVE lo, lx").expression_attribute_names("#exp", "exp").condition_expression("lo = :me OR attribute_not_exists(sv) OR sv < :version");
        let call = call.expression_attribute_values(":sealed", s(sealed)).expression_attribute_values(":version", n(session.version));
        let call = call.expression_attribute_values(":exp", n(expires_s)).expression_attribute_values(":me", s(me));
        match call.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.map_err(|error| Error::call(TABLE, &error)) {
            Ok(answer) => {
                self.store.units.count(TABLE, "session", answer.consumed_capacity());
                Ok(Ok(()))
            }
            Err(Error::Conflict { .. }) => Ok(Err(Lost)),
            Err(other) => Err(other),
        }
    }

    /// Ends a lease without a session, if it is still ours.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn give_up_session(&self, key: SessionKey<'_>, me: &str) -> Result<(), Error> {
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.pk(key.connection.as_str()))).key("sk", s(sk(key)));
        let call = call.update_expression("REMOVE lo, lx").condition_expression("lo = :me").expression_attribute_values(":me", s(me));
        match call.send().await.map_err(|error| Error::call(TABLE, &error)) {
            Ok(_) | Err(Error::Conflict { .. }) => Ok(()),
            Err(other) => Err(other),
        }
    }
}

fn sk(key: SessionKey<'_>) -> String {
    format!("session#{}", key.owner)
}

/// The session in a row; `None` where it holds a lease alone.
fn read<S: DeserializeOwned>(row: &Row) -> Result<Option<SessionRow<S>>, Error> {
    let (Some(sealed), Some(version)) = (text(row, "sd"), number(row, "sv")) else { return Ok(None) };
    let sealed = serde_json::from_str(sealed).map_err(|error| Error::unreadable(TABLE, format!("a session at column {}", error.column())))?;
    Ok(Some(SessionRow { sealed, version }))
}
