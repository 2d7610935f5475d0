//! The budget of a pair of credentials: how much of each window is taken, shared by everyone who has them.
//!
//! Rows of `conn_state`, by the tenant and a short hash of the credentials. Several numbers change together, so a write
//! carries the version it was computed from, and one that came too late learns what is there.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::{error::SdkError, operation::update_item::UpdateItemError, types::{AttributeValue, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure}};
use canonical::Millis;

use crate::{Error, Tenant, attribute::{Row, n, number, s}};

const TABLE: &str = "conn_state";

/// What is taken of a budget.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BudgetRow {
    /// Grows with every write; 0: there is no row.
    pub version: u64,
    /// By a window's name: the time at which what is taken will have been given back, in microseconds since 1970.
    pub taken_until_us: BTreeMap<String, i64>,
    /// Nothing may be asked before this time.
    pub hold_until: Millis,
}

impl Tenant<'_> {
    fn budget_pk(&self, owner: &str) -> String {
        self.pk(&format!("budget#{owner}"))
    }

    /// What is taken of a budget.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn budget(&self, owner: &str) -> Result<BudgetRow, Error> {
        Ok(self.store.get(TABLE, self.budget_pk(owner), ".").await?.as_ref().map(read).unwrap_or_default())
    }

    /// Takes turns: writes `next` where `seen` is what is still there, and answers with the row as it is then.
    ///
    /// # Errors
    /// When the table does not answer. `Ok(Err(row))`: somebody else took turns meanwhile; this is there now.
    pub async fn take_budget(&self, owner: &str, seen: &BudgetRow, next: BudgetRow, expires_s: i64) -> Result<Result<BudgetRow, BudgetRow>, Error> {
        let next = BudgetRow { version: seen.version + 1, ..next };
        let taken = next.taken_until_us.iter().map(|(name, until)| (name.clone(), n(until))).collect::<HashMap<_, _>>();
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.budget_pk(owner))).key("sk", s("."));
        let call = call.update_expression("SET bv = :next, tu = :taken, hu = :hold, #exp = :exp").expression_attribute_names("#exp", "exp");
        let call = call.expression_attribute_values(":next", n(next.version)).expression_attribute_values(":taken", AttributeValue::M(taken));
        let call = call.expression_attribute_values(":hold", n(next.hold_until)).expression_attribute_values(":exp", n(expires_s));
        let call = match seen.version {
            0 => call.condition_expression("attribute_not_exists(bv)"),
            version => call.condition_expression("bv = :seen").expression_attribute_values(":seen", n(version)),
        };
        let call = call.return_consumed_capacity(ReturnConsumedCapacity::Total).return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.send().await {
            Ok(answer) => {
                self.store.units.count(TABLE, "budget", answer.consumed_capacity());
                Ok(Ok(next))
            }
            Err(error) => refused(&error, read).map(Err),
        }
    }

    /// Keeps everyone from asking before a time the other system named; an earlier time changes nothing.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn hold_budget(&self, owner: &str, until: Millis, expires_s: i64) -> Result<BudgetRow, Error> {
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.budget_pk(owner))).key("sk", s("."));
        let call = call.update_expression("SET hu = :hold, #exp = :exp ADD bv :one").condition_expression("attribute_not_exists(hu) OR hu < :hold").expression_attribute_names("#exp", "exp");
        let call = call.expression_attribute_values(":hold", n(until)).expression_attribute_values(":exp", n(expires_s)).expression_attribute_values(":one", n(1));
        let call = call.return_values(ReturnValue::AllNew).return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await {
            Ok(answer) => {
                self.store.units.count(TABLE, "budget", answer.consumed_capacity());
                Ok(answer.attributes().map(read).unwrap_or_default())
            }
            Err(error) => refused(&error, read),
        }
    }
}

/// The row a condition was refused by.
pub(crate) fn refused<T: Default, R>(error: &SdkError<UpdateItemError, R>, read: impl FnOnce(&Row) -> T) -> Result<T, Error> {
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => Ok(failed.item().map(read).unwrap_or_default()),
        _ => Err(Error::call(TABLE, error)),
    }
}

fn read(row: &Row) -> BudgetRow {
    let taken = row.get("tu").and_then(|taken| taken.as_m().ok());
    let window = |(name, until): (&String, &AttributeValue)| Some((name.clone(), until.as_n().ok()?.parse().ok()?));
    BudgetRow {
        version: number(row, "bv").unwrap_or(0),
        taken_until_us: taken.into_iter().flatten().filter_map(window).collect(),
        hold_until: number(row, "hu").unwrap_or(0),
    }
}
