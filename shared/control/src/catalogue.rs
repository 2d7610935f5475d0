//! The list of tools: name, scope, arguments, and the function behind each.
//!
//! REST and the command line read it; an argument it does not name is refused, never ignored.

use canonical::TenantId;
use connector::nearest;
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
    /// The argument that names the one thing it is about: what a bare word on the command line is.
    pub id: Option<&'static str>,
    /// Its other arguments.
    pub others: &'static [&'static str],
    /// What it does.
    pub purpose: &'static str,
}

impl Tool {
    /// Every argument it takes.
    pub fn arguments(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.id.into_iter().chain(self.others.iter().copied())
    }

    /// Whether it takes an argument.
    ///
    /// # Errors
    /// `argument_invalid`, with the name that was most likely meant, or those there are.
    pub fn takes(&self, name: &str) -> Result<(), Simple> {
        if self.arguments().any(|known| known == name) {
            return Ok(());
        }
        let meant = if name == "id" { self.id } else { nearest(name, self.arguments()) };
        let known: Vec<_> = self.arguments().collect();
        let hint = match meant {
            Some(meant) => format!("did you mean {meant}?"),
            None if known.is_empty() => "it takes none".to_owned(),
            None => format!("it takes {}", known.join(", ")),
        };
        Err(Simple::reject("argument_invalid", format!("/{name}: {} has no such argument; {hint}", self.name)))
    }
}

macro_rules! tools {
    ($($name:literal, $scope:literal, $id:expr, [$($other:literal),*], $purpose:literal => $function:path;)*) => {
        const TOOLS: &[Tool] = &[$(Tool { name: $name, scope: $scope, id: $id, others: &[$($other),*], purpose: $purpose }),*];

        /// Runs a tool for a tenant.
        ///
        /// # Errors
        /// `tool_unknown`, `argument_invalid`, or what the tool says.
        pub async fn call(app: &App, tenant: &TenantId, name: &str, arguments: &Map<String, Value>) -> Result<Value, Simple> {
            let tool = named(name)?;
            arguments.keys().try_for_each(|argument| tool.takes(argument))?;
            let arguments = Arguments(arguments);
            match tool.name {
                $($name => Box::pin($function(app, tenant, &arguments)).await,)*
                _ => Err(Simple::reject("tool_unknown", format!("no tool is named {name}"))),
            }
        }
    };
}

tools! {
    "pullpush.connection.create", "author", Some("id"), ["connector", "polls"], "create a connection in paused state without secrets" => tools::connection_create::run;
    "pullpush.connection.get", "read", Some("connectionId"), [], "one connection, secrets never included" => tools::connection_get::run;
    "pullpush.connection.list", "read", None, [], "connections with their state" => tools::connection_get::list;
    "pullpush.connection.pause", "operate", Some("connectionId"), [], "stop polling and delivery" => tools::connection_state::pause;
    "pullpush.connection.resume", "operate", Some("connectionId"), ["now"], "start again from the stored cursor" => tools::connection_state::resume;
    "pullpush.connection.test", "operate", Some("connectionId"), [], "try the credentials of a connection; connection.get shows how it went" => tools::connection_test::run;
    "pullpush.connector.definition.activate", "author", Some("id"), [], "make a stored definition usable" => tools::definition_activate::run;
    "pullpush.connector.definition.create", "author", None, ["definition"], "store a definition document as draft" => tools::definition_create::run;
    "pullpush.connector.definition.validate", "read", None, ["definition"], "every finding, with its place and what to do" => tools::definition_validate::run;
    "pullpush.dlq.clusters", "read", Some("flowId"), [], "dead letters grouped by error fingerprint" => tools::dlq_list::clusters;
    "pullpush.dlq.discard", "operate", Some("id"), ["flowId", "fingerprint", "reason"], "drop one dead letter, or those of one cause, for a reason" => tools::dlq_discard::run;
    "pullpush.dlq.get", "read", Some("id"), ["flowId"], "payload, error and attempts of a dead letter" => tools::dlq_get::run;
    "pullpush.dlq.list", "read", Some("flowId"), ["limit"], "dead letters of a flow" => tools::dlq_list::run;
    "pullpush.dlq.retry", "operate", Some("id"), ["flowId", "force"], "retry one dead letter, or all of a flow; what could not go is named, what was not tried is left" => tools::dlq_retry::run;
    "pullpush.dlq.retryCluster", "operate", Some("fingerprint"), ["flowId"], "retry every dead letter of one cause" => tools::dlq_retry::cluster;
    "pullpush.event.list", "read", Some("key"), ["type", "limit"], "the history of a key, newest first" => tools::event_trace::history;
    "pullpush.event.stats", "read", Some("flowId"), ["hours"], "the accounting of a flow" => tools::event_stats::run;
    "pullpush.event.trace", "read", Some("eventId"), [], "every occurrence and step of an event" => tools::event_trace::run;
    "pullpush.flow.activate", "operate", Some("flowId"), ["mode"], "let a flow deliver, live or in shadow; what it parked goes on within minutes" => tools::flow_state::activate;
    "pullpush.flow.create", "author", Some("id"), ["source", "destination", "type", "order", "mode", "retry", "skipDead", "atLeastOnce", "reconcileMinutes", "mapping"], "create a flow" => tools::flow_create::run;
    "pullpush.flow.list", "read", None, [], "flows with their state" => tools::flow_list::run;
    "pullpush.flow.pause", "operate", Some("flowId"), [], "stop delivery of a flow; what comes meanwhile is parked" => tools::flow_state::pause;
    "pullpush.flow.reconcile", "operate", Some("flowId"), [], "compare both ends and deliver the differences" => tools::flow_reconcile::run;
    "pullpush.flow.resume", "operate", Some("flowId"), ["key"], "release the line of a halted strict key" => tools::flow_resume::run;
    "pullpush.flow.setSchedule", "operate", Some("flowId"), ["reconcileMinutes", "pollMinutes"], "set how often a flow is polled and reconciled" => tools::flow_schedule::run;
    "pullpush.webhook.get", "read", Some("connectionId"), [], "the webhook address of a connection" => tools::webhook_get::run;
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

/// The tool of a name.
///
/// # Errors
/// `tool_unknown`, with the name that was most likely meant.
pub fn named(name: &str) -> Result<&'static Tool, Simple> {
    let hint = || nearest(name, TOOLS.iter().map(|tool| tool.name)).map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
    tool(name).ok_or_else(|| Simple::reject("tool_unknown", format!("no tool is named {name}{}", hint())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_argument_is_told_its_nearest_name() {
        for (name, argument, hint) in [
            ("event.trace", "id", "did you mean eventId?"),
            ("event.trace", "evntId", "did you mean eventId?"),
            ("flow.create", "reconcile_minutes", "did you mean reconcileMinutes?"),
            ("flow.reconcile", "zebra", "it takes flowId"),
            ("flow.list", "zebra", "it takes none"),
        ] {
            let fault = named(&format!("pullpush.{name}")).unwrap().takes(argument).unwrap_err();
            assert!(fault.code == "argument_invalid" && fault.message.starts_with(&format!("/{argument}: ")) && fault.message.ends_with(hint), "{}", fault.message);
        }
    }

    #[test]
    fn an_unknown_tool_is_told_its_nearest_name() {
        assert_eq!(named("pullpush.flow.lst").unwrap_err().message, "no tool is named pullpush.flow.lst; did you mean pullpush.flow.list?");
    }

    #[test]
    fn no_tool_and_no_argument_is_named_twice() {
        for (index, tool) in TOOLS.iter().enumerate() {
            assert!(TOOLS[..index].iter().all(|other| !other.name.eq_ignore_ascii_case(tool.name)), "{}", tool.name);
            let arguments: Vec<_> = tool.arguments().collect();
            assert!((1..arguments.len()).all(|at| !arguments[..at].contains(&arguments[at])), "{}", tool.name);
        }
    }
}
