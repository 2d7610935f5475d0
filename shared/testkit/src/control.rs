//! The control surface under `/_control/`, for tests in another process: the same verbs the Rust interface has.
//!
//! Verbs of the server are handled here, all others by the system. Control calls are neither counted nor faulted.

use document::{Value, object};

use crate::calls::Calls;
use crate::faults::{Faults, Rule};
use crate::server::{Site, locked};
use crate::sorted::sorted;
use crate::{Answer, Request, System};

/// Where control paths begin.
pub(crate) const PREFIX: &str = "/_control/";

/// Answers one control request: 200 with what it yields, or 400 with the reason.
pub(crate) fn answer<S: System>(site: &Site<S>, request: &Request) -> Answer {
    let verb = request.path.strip_prefix(PREFIX).unwrap_or_default();
    let arguments = if request.body.is_empty() { Ok(Value::Object(Vec::new())) } else { document::parse(&request.body, &document::Limits::default()) };
    let done = match arguments {
        Ok(arguments) => run(site, verb, &arguments),
        Err(error) => Err(error.to_string()),
    };
    match done {
        Ok(value) => Answer::json(200, &sorted(value)),
        Err(reason) => Answer::json(400, &object([("error", Some(reason.into()))])),
    }
}

fn run<S: System>(site: &Site<S>, verb: &str, arguments: &Value) -> Result<Value, String> {
    match verb {
        "state" => return Ok(site.enter().state()),
        "calls" => return Ok(locked(&site.calls).view()),
        "faults" => return Ok(standing(&site.faults)),
        "fault" => site.faults.push(Rule::read(arguments)?),
        "down" => site.faults.down(),
        "up" => site.faults.up(),
        "release" => site.faults.release(),
        "land" => return Ok(object([("landed", Some(count(site.land())))])),
        "reset" => reset(site, arguments)?,
        _ => {
            let mut system = site.enter();
            let value = system.command(verb, arguments)?;
            site.save(&system).map_err(|error| format!("the state was not kept: {error}"))?;
            return Ok(value);
        }
    }
    Ok(standing(&site.faults))
}

/// Forgets `what`: `calls`, `faults`, `state`, or all three when not said.
fn reset<S: System>(site: &Site<S>, arguments: &Value) -> Result<(), String> {
    let what = arguments.get("what").and_then(Value::as_str);
    let forgets = |part: &str| what.is_none_or(|what| what == part);
    let any = ["calls", "faults", "state"].into_iter().any(forgets);
    if !any {
        return Err("what is none of calls, faults, state".to_owned());
    }
    if forgets("faults") {
        site.faults.clear();
    }
    if forgets("calls") {
        *locked(&site.calls) = Calls::default();
    }
    if forgets("state") {
        let mut system = site.enter();
        system.clear();
        site.save(&system).map_err(|error| format!("the state was not kept: {error}"))?;
    }
    Ok(())
}

fn standing(faults: &Faults) -> Value {
    object([("late", Some(count(faults.late()))), ("stalled", Some(count(faults.stalled()))), ("waiting", Some(count(faults.waiting())))])
}

fn count(number: usize) -> Value {
    Value::from(i64::try_from(number).unwrap_or(i64::MAX))
}
