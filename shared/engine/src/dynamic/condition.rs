//! Conditions on records: whether one counts, is a parent, or has children.

use document::{Arena, Fuel, Item, Value};
use fault::Simple;

use super::{Dynamic, names::{self, Values}};
use crate::Call;

/// Whether a condition holds: what is absent is compared as null, so that no record is lost for a member it does not have. A condition
/// that is itself absent or null does not hold; one that is neither true nor false is a mistake.
pub(crate) fn truth(values: &Values<'_>, filter: &expr::Template, now_ms: i64) -> Result<bool, Simple> {
    let (arena, fuel) = (Arena::new(), Fuel::default());
    let value = values.scene(&arena, &fuel, now_ms).condition(filter).map_err(|error| Simple::from_fault(&error))?;
    match value {
        Some(Item::Bool(truth)) => Ok(truth),
        None | Some(Item::Null) => Ok(false),
        Some(_) => Err(Simple::reject("definition_records", format!("`{}`, a condition on a record, is neither true nor false", filter.source()))),
    }
}

impl Dynamic {
    /// Whether a condition on a record holds.
    pub(crate) fn holds(&self, call: Call<'_>, filter: &expr::Template, record: Item<'_>, parents: Option<&Value>) -> Result<bool, Simple> {
        let lists = names::lists(self.connector.config(), call.config);
        let values = Values { lists: lists.as_ref(), record: Some(record), parent: parents, ..Values::of(self.connector.config(), call.config) };
        truth(&values, filter, call.now_ms)
    }
}
