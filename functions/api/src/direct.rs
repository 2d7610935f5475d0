//! What `api` is invoked with: HTTP events, and what only principals of the account may ask for, because only they may
//! invoke the function itself.
//!
//! A direct invocation is the whole event and nothing else. Whatever a request holds, its body and its query, is text
//! inside an event that the service writes, with keys of its own; so no request can be taken for a direct invocation.

use fault::Simple;
use lambda_http::{Adapter, Error, LambdaEvent, Request, Service, request::LambdaRequest, service_fn};
use pipeline::App;
use serde_json::{Value, json};

/// Answers one invocation: an HTTP event, or `{"kind":"tenant.create"}`, which makes a tenant and shows its key once.
///
/// # Errors
/// When the event is neither, or the tenant could not be made. An HTTP event never fails: every failure is an answer.
pub async fn invoked(app: &App, event: LambdaEvent<Value>) -> Result<Value, Error> {
    let LambdaEvent { payload, context } = event;
    if payload == json!({ "kind": "tenant.create" }) {
        return Box::pin(tenant_create(app)).await.map_err(|fault| Error::from(fault.to_string()));
    }
    // The reader's own words would quote the payload.
    let unknown = || Error::from("the event is neither an HTTP event nor {\"kind\":\"tenant.create\"}");
    if payload.pointer("/requestContext/http").is_none() {
        return Err(unknown());
    }
    let request: LambdaRequest = serde_json::from_str(&payload.to_string()).map_err(|_| unknown())?;
    let mut service = Adapter::from(service_fn(|request: Request| crate::handle(app, request)));
    let answer = Box::pin(service.call(LambdaEvent::new(request, context))).await?;
    Ok(serde_json::to_value(answer)?)
}

/// Asked twice, it makes two: a tenant whose key nobody has is empty, and stays so.
async fn tenant_create(app: &App) -> Result<Value, Simple> {
    let made = control::bootstrap(app).await?;
    tracing::info!(step = "tenant", tenant = made.tenant.as_str(), "made");
    Ok(json!({ "ok": true, "tenant": made.tenant, "key": made.key }))
}
