//! How often each method and path was asked, and how often the system really carried it out.

use std::collections::BTreeMap;

use document::{Value, object};

/// Counts per method and path, such as `POST /rest/V1/orders`.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    arrived: BTreeMap<String, u64>,
    executed: BTreeMap<String, u64>,
}

impl Calls {
    /// A request came in, whatever becomes of it.
    pub(crate) fn arrived(&mut self, method: &str, path: &str) {
        *self.arrived.entry(format!("{method} {path}")).or_default() += 1;
    }

    /// A request was carried out.
    pub(crate) fn executed(&mut self, method: &str, path: &str) {
        *self.executed.entry(format!("{method} {path}")).or_default() += 1;
    }

    /// All counts of requests that came in.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        self.arrived.clone()
    }

    /// Requests that came in for a method and the beginning of a path.
    pub(crate) fn arrived_at(&self, method: &str, path_prefix: &str) -> u64 {
        total(&self.arrived, method, path_prefix)
    }

    /// Requests carried out for a method and the beginning of a path.
    pub(crate) fn executed_at(&self, method: &str, path_prefix: &str) -> u64 {
        total(&self.executed, method, path_prefix)
    }

    /// Both counts as JSON.
    pub(crate) fn view(&self) -> Value {
        object([("arrived", Some(counted(&self.arrived))), ("executed", Some(counted(&self.executed)))])
    }
}

fn total(counts: &BTreeMap<String, u64>, method: &str, path_prefix: &str) -> u64 {
    let begin = format!("{method} {path_prefix}");
    counts.iter().filter(|(call, _)| call.starts_with(&begin)).map(|(_, count)| count).sum()
}

fn counted(counts: &BTreeMap<String, u64>) -> Value {
    Value::Object(counts.iter().map(|(call, count)| (call.clone(), Value::from(i64::try_from(*count).unwrap_or(i64::MAX)))).collect())
}
