//! The tables: keys and conditions over DynamoDB.
#![doc = include_str!("../README.md")]

mod attribute;
mod body;
mod budget;
mod conn_state;
mod core;
mod cursors;
mod dead;
mod doors;
pub mod due;
mod error;
mod events;
mod hours;
mod ledger;
mod line;
mod parked;
mod seats;
mod sessions;
mod slots;
mod standing;
mod tables;
mod tenant;
mod totals;
mod turns;
mod units;
mod versioned;

pub use body::can_keep;
pub use budget::{BudgetRow, TakenTurns};
pub use conn_state::ConnState;
pub use core::{Connection, ConnectionState, Definition, DefinitionState, Flow, FlowMode, Kept};
pub use cursors::{CursorLease, CursorRow};
pub use dead::{DeadEntry, DeadKey};
pub use doors::{ApiKey, Hook};
pub use error::Error;
pub use events::{IndexRow, Step, Trace};
pub use line::Line;
pub use parked::ParkedRow;
pub use seats::{Seat, SeatRow};
pub use sessions::{SessionKey, SessionLease, SessionRow};
pub use slots::{Lost, SlotKey};
pub use standing::{Compared, Failing, Tested, Work};
pub use tables::{TABLES, TableSpec};
pub use tenant::Tenant;
pub use totals::{HourTotals, Unsettled};
pub use units::Units;

use aws_sdk_dynamodb::Client;
use canonical::TenantId;

/// All tables of one deployment.
#[derive(Clone)]
pub struct Store {
    client: Client,
    prefix: String,
    units: Units,
    turns: turns::Turns,
    hours: hours::Hours,
}

impl Store {
    /// The tables with a name prefix (`pullpush-prod-`).
    #[must_use]
    pub fn new(client: Client, prefix: impl Into<String>) -> Self {
        Self { client, prefix: prefix.into(), units: Units::default(), turns: turns::Turns::default(), hours: hours::Hours::default() }
    }

    /// Everything of one tenant: the only way to its keys.
    #[must_use]
    pub fn of<'s>(&'s self, tenant: &'s TenantId) -> Tenant<'s> {
        Tenant { store: self, id: tenant }
    }

    /// Capacity used so far, by table and operation.
    #[must_use]
    pub fn units(&self) -> &Units {
        &self.units
    }

    /// Whether the tables answer.
    pub async fn answers(&self) -> bool {
        self.client.describe_table().table_name(self.table("core")).send().await.is_ok()
    }

    fn table(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}
