//! Why a record cannot be mapped: which operation, where in the mapping, where in the record.

use fault::{Disposition, Fault};

/// A record an operation cannot go on with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at `{pointer}`, operation `{name}` at `{op}`")]
pub struct Failure {
    /// The registered code.
    pub code: &'static str,
    /// JSON Pointer to the operation in the mapping: `/ops/3`, `/ops/3/ops/0`.
    pub op: String,
    /// The name of the operation.
    pub name: &'static str,
    /// The path the operation names.
    pub path: String,
    /// JSON Pointer to the value in the record.
    pub pointer: String,
    /// What is wrong, a lowercase fragment without any of the data.
    pub message: String,
    /// The value, shortened, where it is no secret.
    pub excerpt: Option<String>,
}

impl Failure {
    /// The same failure, of an element or member of the value it names.
    pub(crate) fn below(mut self: Box<Self>, step: impl std::fmt::Display) -> Box<Self> {
        self.pointer.push('/');
        self.pointer.push_str(&document::token(&step.to_string()));
        self
    }

    /// The same failure, of an operation.
    pub(crate) fn of(mut self: Box<Self>, op: &str, name: &'static str) -> Box<Self> {
        if self.op.is_empty() {
            op.clone_into(&mut self.op);
            self.name = name;
        }
        self
    }
}

impl Fault for Failure {
    fn code(&self) -> &'static str {
        self.code
    }

    fn disposition(&self) -> Disposition {
        Disposition::Reject
    }
}
