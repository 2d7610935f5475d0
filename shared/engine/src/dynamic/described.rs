//! What conditions of the pagination see of an answer beside its body.

use document::Value;

use super::fetch::Fetched;

/// An answer as conditions see it.
pub(super) struct Described {
    pub(super) headers: Value,
    pub(super) status: String,
    pub(super) count: String,
}

impl Described {
    /// What is told of an answer beside its body, and of how many records are on it.
    pub(super) fn of(fetched: &Fetched, count: usize) -> Self {
        let headers = fetched.response.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), Value::String(value.clone()))).collect();
        Self { headers: Value::Object(headers), status: fetched.response.status.to_string(), count: count.to_string() }
    }
}
