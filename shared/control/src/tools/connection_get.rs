//! Shows connections. Of secrets, only the names.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Map, Value, json};

use store::{Compared, Connection, Failing, Flow, Tested, Work};
use vault::Sealed;

use super::simple;
use crate::Arguments;

/// Arguments: `connectionId`. With the connection: what of it fails, by entity or `reconcile:FLOW`; what the last reconcile of
/// each of its flows found; and how its last test went.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let id = arguments.connection("connectionId")?;
    let row: Option<Connection<Sealed>> = app.store.of(tenant).load(id.as_str()).await.map_err(|error| simple(&error))?;
    let row = row.ok_or_else(|| Simple::reject("connection_unknown", format!("connection {id} does not exist")))?;
    let of = app.store.of(tenant);
    let mut failing = Map::new();
    let works = row.polls.keys().map(|entity| (entity.as_str(), Work::Poll(entity))).chain([("release", Work::Release)]);
    for (name, work) in works {
        if let Some(found) = of.failing(&id, work).await.map_err(|error| simple(&error))? {
            failing.insert(name.to_owned(), failure(&found));
        }
    }
    let mut reconciles = Map::new();
    // What was noted of a flow stands at its source, and concerns both ends.
    let flows: Vec<Flow> = of.list().await.map_err(|error| simple(&error))?;
    for flow in flows.iter().filter(|flow| flow.source == id || flow.destination == id) {
        if let Some(found) = of.failing(&flow.source, Work::Reconcile(flow.id.as_str())).await.map_err(|error| simple(&error))? {
            let mut failure = failure(&found);
            failure["type"] = json!(flow.canonical_type);
            failing.insert(format!("reconcile:{}", flow.id), failure);
        }
        if let Some(found) = of.compared(&flow.source, flow.id.as_str()).await.map_err(|error| simple(&error))? {
            reconciles.insert(flow.id.to_string(), compared(&found));
        }
    }
    let mut shown = shown(&row);
    shown["failing"] = Value::Object(failing);
    shown["reconciles"] = Value::Object(reconciles);
    shown["lastTest"] = of.tested(&id).await.map_err(|error| simple(&error))?.map_or(Value::Null, |tested| test(&tested));
    Ok(shown)
}

fn failure(failing: &Failing) -> Value {
    json!({ "at": failing.at, "code": failing.code, "message": failing.message, "remedy": remedy(&failing.code), "tries": failing.tries, "nextAt": failing.next })
}

fn compared(found: &Compared) -> Value {
    json!({
        "at": found.at, "source": found.source, "destination": found.destination, "differences": found.differences, "missing": found.missing,
        "sourceLeftOut": found.source_left_out, "destinationLeftOut": found.destination_left_out, "leftOut": found.left_out,
    })
}

fn test(tested: &Tested) -> Value {
    let code = tested.code.as_deref();
    json!({ "testId": tested.test, "at": tested.at, "ok": code.is_none(), "code": code, "message": tested.message, "remedy": code.and_then(remedy) })
}

fn remedy(code: &str) -> Option<&'static str> {
    fault::documented(code).map(|code| code.remedy)
}

/// No arguments.
pub(crate) async fn list(app: &App, tenant: &TenantId, _: &Arguments<'_>) -> Result<Value, Simple> {
    let rows: Vec<Connection<Sealed>> = app.store.of(tenant).list().await.map_err(|error| simple(&error))?;
    Ok(json!({ "connections": rows.iter().map(shown).collect::<Vec<_>>() }))
}

fn shown(row: &Connection<Sealed>) -> Value {
    json!({ "connectionId": row.id, "connector": row.connector, "state": row.state, "reason": row.reason, "secrets": row.sealed.keys().collect::<Vec<_>>(), "polls": row.polls })
}
