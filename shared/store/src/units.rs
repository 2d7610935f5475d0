//! Capacity units as the tables report them: the exact measure of what an event costs.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_dynamodb::types::ConsumedCapacity;

/// Units by `table.operation`, in halves of a unit so that they add up exactly.
#[derive(Debug, Clone, Default)]
pub struct Units(Arc<Mutex<BTreeMap<String, u64>>>);

impl Units {
    pub(crate) fn count(&self, table: &str, operation: &str, consumed: Option<&ConsumedCapacity>) {
        let Some(units) = consumed.and_then(ConsumedCapacity::capacity_units) else { return };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "units are small multiples of a half")]
        let halves = (units * 2.0).round() as u64;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(format!("{table}.{operation}")).or_default() += halves;
    }

    /// Half units by `table.operation` so far.
    #[must_use]
    pub fn halves(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
