//! The requests of a pair of credentials that may be on their way at once: which process holds how many places.
//!
//! Rows of `conn_state`, beside the budget of the same credentials and written in the same way: with the version they were
//! computed from. What a process that died held is free again after a while.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure};
use canonical::Millis;

use crate::{Error, Tenant, attribute::{Row, n, number, s, text}, budget::refused};

const TABLE: &str = "conn_state";

/// The places of one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// How many.
    pub many: u32,
    /// Until when, whatever becomes of the process.
    pub until: Millis,
}

/// Who holds places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeatRow {
    /// Grows with every write; 0: there is no row.
    pub version: u64,
    /// By the name of the process.
    pub seats: BTreeMap<String, Seat>,
    /// A process that found none free, and until when it may still be waiting.
    pub wanted: Option<(String, Millis)>,
}

impl Tenant<'_> {
    fn seats_pk(&self, owner: &str) -> String {
        self.pk(&format!("seats#{owner}"))
    }

    /// Who holds places.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn seats(&self, owner: &str) -> Result<SeatRow, Error> {
        Ok(self.store.get(TABLE, self.seats_pk(owner), ".").await?.as_ref().map(read).unwrap_or_default())
    }

    /// Takes places or gives them back: writes `next` where `seen` is what is still there, and answers with the row as it is
    /// then.
    ///
    /// # Errors
    /// When the table does not answer. `Ok(Err(row))`: somebody else wrote meanwhile; this is there now.
    pub async fn take_seats(&self, owner: &str, seen: &SeatRow, next: SeatRow, expires_s: i64) -> Result<Result<SeatRow, SeatRow>, Error> {
        let next = SeatRow { version: seen.version + 1, ..next };
        let seat = |seat: &Seat| AttributeValue::M(HashMap::from([("n".to_owned(), n(seat.many)), ("u".to_owned(), n(seat.until))]));
        let seats = next.seats.iter().map(|(name, each)| (name.clone(), seat(each))).collect();
        let wanted = next.wanted.clone().unwrap_or_default();
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(self.seats_pk(owner))).key("sk", s("."));
        let call = call.update_expression("SET bv = :next, st = :seats, wb = :by, wu = :wanted, #exp = :exp").expression_attribute_names("#exp", "exp");
        let call = call.expression_attribute_values(":next", n(next.version)).expression_attribute_values(":seats", AttributeValue::M(seats));
        let call = call.expression_attribute_values(":by", s(wanted.0)).expression_attribute_values(":wanted", n(wanted.1)).expression_attribute_values(":exp", n(expires_s));
        let call = match seen.version {
            0 => call.condition_expression("attribute_not_exists(bv)"),
            version => call.condition_expression("bv = :seen").expression_attribute_values(":seen", n(version)),
        };
        let call = call.return_consumed_capacity(ReturnConsumedCapacity::Total).return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match call.send().await {
            Ok(answer) => {
                self.store.units.count(TABLE, "seats", answer.consumed_capacity());
                Ok(Ok(next))
            }
            Err(error) => refused(&error, read).map(Err),
        }
    }
}

fn read(row: &Row) -> SeatRow {
    let seats = row.get("st").and_then(|seats| seats.as_m().ok());
    let seat = |(name, seat): (&String, &AttributeValue)| {
        let seat = seat.as_m().ok()?;
        Some((name.clone(), Seat { many: number(seat, "n")?, until: number(seat, "u")? }))
    };
    let by = text(row, "wb").filter(|by| !by.is_empty());
    SeatRow {
        version: number(row, "bv").unwrap_or(0),
        seats: seats.into_iter().flatten().filter_map(seat).collect(),
        wanted: by.and_then(|by| Some((by.to_owned(), number(row, "wu")?))),
    }
}
