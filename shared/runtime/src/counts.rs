//! Counts every request to AWS, each attempt once: what an event costs.

use std::{collections::BTreeMap, sync::{Arc, Mutex, PoisonError}};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeTransmitInterceptorContextRef},
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// Requests by `service.operation`, such as `DynamoDB.GetItem`. Clones share the count.
#[derive(Debug, Clone, Default)]
pub struct Counts(Arc<Mutex<BTreeMap<String, u64>>>);

impl Counts {
    /// The counts so far.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The sum of all counts so far.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }

    /// Begins again at nothing.
    pub fn reset(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn add(&self, name: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += 1;
    }
}

impl Intercept for Counts {
    fn name(&self) -> &'static str {
        "Counts"
    }

    fn read_before_transmit(&self, _context: &BeforeTransmitInterceptorContextRef<'_>, _components: &RuntimeComponents, config: &mut ConfigBag) -> Result<(), BoxError> {
        if let Some(call) = config.load::<Metadata>() {
            self.add(format!("{}.{}", call.service(), call.name()));
        }
        Ok(())
    }
}
