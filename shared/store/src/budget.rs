//! The budget of a pair of credentials: which turns are taken, shared by everyone who has them.
//!
//! Rows of `conn_state`, by the tenant and a short hash of the credentials. Several numbers change together, so a
//! write carries the version it was computed from.

use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure};
use canonical::Millis;

use crate::{Error, Tenant, attribute::{Row, n, number, s, text}, versioned::{Versioned, refused}};

const TABLE: &str = "conn_state";

/// What is taken of a budget.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BudgetRow {
    /// Grows with every write; 0: there is no row.
    pub version: u64,
    /// What went lately, or may still go.
    pub taken: Vec<TakenTurns>,
    /// Nothing may be asked before this time.
    pub hold_until: Millis,
}

/// Turns that were taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenTurns {
    /// The last moment at which one of them may go.
    pub until: Millis,
    /// What they cost.
    pub cost: u64,
    /// The version of the row they were taken with; 0: they are several, counted as one.
    pub name: u64,
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
        let set = [("tk", s(written(&next.taken))), ("hu", n(next.hold_until))];
        let row = Versioned { table: TABLE, pk: self.budget_pk(owner), kind: "budget", seen: seen.version, set: &set, expires_s };
        Ok(self.write_version(row, read).await?.map(|()| next))
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
            Err(error) => refused(TABLE, &error, read),
        }
    }
}

fn read(row: &Row) -> BudgetRow {
    BudgetRow { version: number(row, "bv").unwrap_or(0), taken: text(row, "tk").map(taken).unwrap_or_default(), hold_until: number(row, "hu").unwrap_or(0) }
}

/// `UNTIL,COST,NAME UNTIL,COST …`: times and names as what they are beyond those before, so that a row stays small.
fn written(taken: &[TakenTurns]) -> String {
    let (mut until, mut name) = (0, 0);
    let one = |turns: &TakenTurns| {
        let mut text = format!("{},{}", turns.until.wrapping_sub(until), turns.cost);
        until = turns.until;
        if turns.name > 0 {
            text.push_str(&format!(",{}", turns.name.cast_signed().wrapping_sub(name)));
            name = turns.name.cast_signed();
        }
        text
    };
    taken.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// What was written. What is not understood counts for nothing.
fn taken(text: &str) -> Vec<TakenTurns> {
    let (mut until, mut name) = (0_i64, 0_i64);
    let one = |text: &str| {
        let mut parts = text.split(',');
        until = until.wrapping_add(parts.next()?.parse().ok()?);
        let cost = parts.next()?.parse().ok()?;
        let named = parts.next().and_then(|beyond| beyond.parse().ok()).map(|beyond| {
            name = name.wrapping_add(beyond);
            name.cast_unsigned()
        });
        Some(TakenTurns { until, cost, name: named.unwrap_or(0) })
    };
    text.split_ascii_whitespace().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_read_as_they_were_written() {
        let turns = |list: &[(i64, u64, u64)]| list.iter().map(|(until, cost, name)| TakenTurns { until: *until, cost: *cost, name: *name }).collect::<Vec<_>>();
        for (list, text) in [
            (&[][..], ""), (&[(1_769_850_100_000, 25, 0)], "1769850100000,25"), (&[(1_769_850_100_000, 25, 412), (1_769_850_100_250, 2, 0), (1_769_850_100_250, 3, 410)], "1769850100000,25,412 250,2 0,3,-2"),
            (&[(i64::MIN, u64::MAX, u64::MAX), (i64::MAX, 1, 1)], "-9223372036854775808,18446744073709551615,-1 -1,1,2"),
        ] {
            assert_eq!((written(&turns(list)).as_str(), taken(text)), (text, turns(list)));
        }
    }

    #[test]
    fn what_is_not_understood_counts_for_nothing() {
        for (text, read) in [("x", 0), ("1", 0), ("1,x", 0), ("1,2,x", 1), ("99999999999999999999,1", 0), ("1,2 , 3,4", 2)] {
            assert_eq!(taken(text).len(), read, "{text}");
        }
    }

    #[test]
    fn a_row_that_is_full_costs_one_unit_to_write() {
        // As many as are kept of it, a minute apart, each of some hundred turns, after a year of four writes a second.
        let full: Vec<_> = (0..48).map(|at| TakenTurns { until: 1_769_850_100_000 + at * 60_000, cost: 250, name: 126_000_000 + at.cast_unsigned() * 240 }).collect();
        assert!(written(&full).len() < 800, "{}", written(&full).len());
    }
}
