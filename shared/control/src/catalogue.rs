//! The list of tools: name, scope, and the function behind each.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Map, Value};

use crate::{Arguments, tools};

/// One tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tool {
    /// The documented name.
    pub name: &'static str,
    /// The scope a key needs.
    pub scope: &'static str,
    /// What it does.
    pub purpose: &'static str,
}

macro_rules! tools {
    ($($name:literal $scope:literal $purpose:literal => $function:path;)*) => {
        const TOOLS: &[Tool] = &[$(Tool { name: $name, scope: $scope, purpose: $purpose }),*];

        /// Runs a tool for a tenant.
        ///
        /// # Errors
        /// `tool_unknown`, `argument_invalid`, or what the tool says.
        pub async fn call(app: &App, tenant: &TenantId, name: &str, arguments: &Map<String, Value>) -> Result<Value, Simple> {
            let arguments = Arguments(arguments);
            match name {
                $($name => Box::pin($function(app, tenant, &arguments)).await,)*
                _ => Err(Simple::reject("tool_unknown", format!("no tool is named {name}"))),
            }
        }
    };
}

tools! {
    "pullpush.connection.create" "author" "create a connection in paused state without secrets" => tools::connection_create::run;
    "pullpush.connection.get" "read" "one connection, secrets never included" => tools::connection_get::run;
    "pullpush.connection.list" "read" "connections with their state" => tools::connection_get::list;
    "pullpush.connection.pause" "operate" "stop polling and delivery" => tools::connection_state::pause;
    "pullpush.connection.resume" "operate" "start again from the stored cursor" => tools::connection_state::resume;
    "pullpush.connector.definition.activate" "author" "make a stored definition usable" => tools::definition_activate::run;
    "pullpush.connector.definition.create" "author" "store a definition document as draft" => tools::definition_create::run;
    "pullpush.connector.definition.validate" "read" "every finding, with its place and what to do" => tools::definition_validate::run;
    "pullpush.dlq.clusters" "read" "dead letters grouped by error fingerprint" => tools::dlq_list::clusters;
    "pullpush.dlq.get" "read" "payload, error and attempts of a dead letter" => tools::dlq_get::run;
    "pullpush.dlq.list" "read" "dead letters of a flow" => tools::dlq_list::run;
    "pullpush.dlq.retry" "operate" "retry one dead letter, or all of a flow" => tools::dlq_retry::run;
    "pullpush.dlq.retryCluster" "operate" "retry every dead letter of one cause" => tools::dlq_retry::cluster;
    "pullpush.event.list" "read" "the history of a key, newest first" => tools::event_trace::history;
    "pullpush.event.stats" "read" "the accounting of a flow" => tools::event_stats::run;
    "pullpush.event.trace" "read" "every occurrence and step of an event" => tools::event_trace::run;
    "pullpush.flow.create" "author" "create a flow" => tools::flow_create::run;
    "pullpush.flow.list" "read" "flows with their state" => tools::flow_list::run;
    "pullpush.flow.reconcile" "operate" "compare both ends and deliver the differences" => tools::flow_reconcile::run;
    "pullpush.flow.resume" "operate" "release the line of a halted strict key" => tools::flow_resume::run;
    "pullpush.webhook.get" "read" "the webhook address of a connection" => tools::webhook_get::run;
}

/// Every tool.
#[must_use]
pub fn every_tool() -> &'static [Tool] {
    TOOLS
}

/// The tool of a name.
#[must_use]
pub fn tool(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}
