//! Tries the credentials of a connection, and notes what came of it.
//!
//! A job of `poll`, because the function that is asked for it may seal secrets and open none. It changes nothing but the
//! note: a connection that fails its test stays as it is.

use canonical::{ConnectionId, Millis, TenantId};
use engine::Call;
use fault::Simple;
use queue::TestJob;
use store::Tested;

use crate::{App, known::simple, pace::Paced, sessions::Kept};

/// Makes the connector's one harmless call. Twice is twice the call, and the later note stays.
///
/// # Errors
/// When what was found cannot be noted: the job is tried again by its queue.
pub async fn test(app: &App, job: &TestJob, until_ms: Millis) -> Result<(), Simple> {
    let invalid = |_| Simple::reject("argument_invalid", "the job names no connection");
    let tenant = TenantId::parse(&job.tenant).map_err(invalid)?;
    let connection = ConnectionId::parse(&job.conn).map_err(invalid)?;
    // A person tests what was just entered: nothing remembered is good enough.
    app.known.forget();
    let found = Box::pin(probe(app, &tenant, &connection, until_ms)).await.err();
    let tested = Tested { test: job.test.clone(), at: app.now(), code: found.as_ref().map(|fault| fault.code.to_owned()), message: found.map(|fault| fault.message).unwrap_or_default() };
    tracing::info!(step = "test", tenant = tenant.as_str(), conn = connection.as_str(), code = tested.code.as_deref().unwrap_or("ok"), "tested");
    app.store.of(&tenant).note_tested(&connection, &tested).await.map_err(|error| simple(&error))
}

async fn probe(app: &App, tenant: &TenantId, connection: &ConnectionId, until_ms: Millis) -> Result<(), Simple> {
    let known = app.connection(tenant, connection).await?;
    let probe = known.connector.probe.as_ref().ok_or_else(|| Simple::reject("connector_lacks", "the connector cannot be tested"))?;
    let config = app.vault.hydrate(tenant, connection, &known.row.sealed).await.map_err(|error| simple(&error))?;
    let (pace, sessions) = (Paced::until(app, tenant, until_ms).watched(), Kept::of(app, tenant, connection, &config));
    let found = probe.test(Call { pace: &pace, sessions: Some(&sessions), ..Call::new(&config, app.exchange.as_ref(), app.now()) }).await;
    pace.leave().await;
    found
}
