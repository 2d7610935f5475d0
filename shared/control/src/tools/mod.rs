//! The tools, one file each.

pub(crate) mod connection_create;
pub(crate) mod connection_get;
pub(crate) mod connection_state;
pub(crate) mod connection_test;
pub(crate) mod definition_activate;
pub(crate) mod definition_create;
pub(crate) mod definition_validate;
pub(crate) mod dlq_get;
pub(crate) mod dlq_list;
pub(crate) mod dlq_retry;
pub(crate) mod event_stats;
pub(crate) mod event_trace;
pub(crate) mod flow_create;
pub(crate) mod flow_list;
pub(crate) mod flow_reconcile;
pub(crate) mod flow_resume;
pub(crate) mod flow_schedule;
pub(crate) mod webhook_get;

use fault::{Fault, Simple};

/// A fault as it leaves a tool.
pub(crate) fn simple(error: &dyn Fault) -> Simple {
    Simple::from_fault(error)
}
