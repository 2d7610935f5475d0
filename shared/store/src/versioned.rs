//! Rows of several numbers that change together: a write carries the version it was computed from, and one that came too
//! late learns what is there.

use aws_sdk_dynamodb::{error::SdkError, operation::update_item::UpdateItemError, types::{AttributeValue, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure}};

use crate::{Error, Tenant, attribute::{Row, n, s}};

/// A row of a table, the version that was seen, and until when its new form means anything.
pub(crate) struct Versioned<'r> {
    pub(crate) table: &'static str,
    pub(crate) pk: String,
    /// What its writes are counted as.
    pub(crate) kind: &'static str,
    /// 0: there is no row.
    pub(crate) seen: u64,
    /// Attributes of two letters, and their values.
    pub(crate) set: &'r [(&'static str, AttributeValue)],
    pub(crate) expires_s: i64,
}

impl Tenant<'_> {
    /// Writes a row where its version is still the one that was seen; else what is there now.
    pub(crate) async fn write_version<T: Default>(&self, row: Versioned<'_>, read: impl FnOnce(&Row) -> T) -> Result<Result<(), T>, Error> {
        let set: String = row.set.iter().map(|(name, _)| format!(", {name} = :{name}")).collect();
        let mut call = self.store.client.update_item().table_name(self.store.table(row.table)).key("pk", s(row.pk)).key("sk", s("."));
        call = call.update_expression(format!("SET bv = :next, #exp = :exp{set}")).expression_attribute_names("#exp", "exp");
        call = call.expression_attribute_values(":next", n(row.seen + 1)).expression_attribute_values(":exp", n(row.expires_s));
        for (name, value) in row.set {
            call = call.expression_attribute_values(format!(":{name}"), value.clone());
        }
        call = match row.seen {
            0 => call.condition_expression("attribute_not_exists(bv)"),
            version => call.condition_expression("bv = :seen").expression_attribute_values(":seen", n(version)),
        };
        let call = call.return_consumed_capacity(ReturnConsumedCapacity::Total).return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.send().await {
            Ok(answer) => {
                self.store.units.count(row.table, row.kind, answer.consumed_capacity());
                Ok(Ok(()))
            }
            Err(error) => refused(row.table, &error, read).map(Err),
        }
    }
}

/// The row a condition was refused by.
pub(crate) fn refused<T: Default, R>(table: &'static str, error: &SdkError<UpdateItemError, R>, read: impl FnOnce(&Row) -> T) -> Result<T, Error> {
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => Ok(failed.item().map(read).unwrap_or_default()),
        _ => Err(Error::call(table, error)),
    }
}
