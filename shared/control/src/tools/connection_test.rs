//! Tries the credentials of a connection: a job, because this side can open no secret.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use queue::{Job, TestJob};
use store::Connection;
use vault::Sealed;

use super::simple;
use crate::Arguments;

/// Arguments: `connectionId`. The answer names the test; `connection.get` shows its result as `lastTest`.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let id = arguments.connection("connectionId")?;
    let row: Option<Connection<Sealed>> = app.store.of(tenant).load(id.as_str()).await.map_err(|error| simple(&error))?;
    let row = row.ok_or_else(|| Simple::reject("connection_unknown", format!("connection {id} does not exist")))?;
    if app.connection(tenant, &id).await?.connector.probe.is_none() {
        return Err(Simple::reject("connector_lacks", format!("connector {} cannot be tested", row.connector)));
    }
    let test = app.chance.id("tst_");
    let job = Job::Test(TestJob { tenant: tenant.to_string(), conn: id.to_string(), test: test.clone() });
    app.queues.send_all(&[job.outgoing(0)]).await.map_err(|error| simple(&error))?;
    Ok(json!({ "connectionId": id, "testId": test, "state": "started" }))
}
