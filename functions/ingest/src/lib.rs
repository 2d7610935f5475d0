//! The `ingest` function: webhooks and the event endpoint. Verifies, queues, and only then answers.

use canonical::{ConnectionId, TenantId};
use fault::Simple;
use lambda_http::{Body, Error, Request, RequestExt, Response};
use pipeline::{App, Received};

/// Answers one request.
///
/// # Errors
/// Never by itself: every failure is an answer.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let id = runtime::request_id(&request, app.chance.as_ref());
    let began = app.clock.now_ms();
    let result = Box::pin(route(app, &request)).await;
    runtime::answered(app, &id, result.as_ref().err().map(|fault| fault.code), request.body().len(), app.clock.now_ms() - began);
    Ok(match result {
        Ok(accepted) => runtime::json(200, &accepted.answer(&id)),
        Err(fault) => runtime::refusal(&fault, &id),
    })
}

enum Accepted {
    Webhook(Received),
    Event(Received),
}

impl Accepted {
    fn answer(&self, request: &str) -> serde_json::Value {
        match self {
            Accepted::Webhook(received) => serde_json::json!({ "ok": true, "events": received.events, "requestId": request }),
            Accepted::Event(received) => serde_json::json!({ "ok": true, "eventId": received.events.first(), "requestId": request }),
        }
    }
}

async fn route(app: &App, request: &Request) -> Result<Accepted, Simple> {
    let path = request.raw_http_path().to_owned();
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let headers = runtime::headers(request);
    match (request.method().as_str(), parts.as_slice()) {
        ("POST", ["webhooks", connection]) => {
            let unknown = |_| Simple::reject("connection_unknown", "no such connection takes webhooks");
            let connection = ConnectionId::parse(connection).map_err(unknown)?;
            pipeline::receive_webhook(app, &connection, &headers, request.body().as_ref()).await.map(Accepted::Webhook)
        }
        ("POST", ["api", "v1", "tenants", tenant, "events"]) => {
            let key = runtime::bearer(app, request).await?;
            let stranger = || Simple::reject("invalid_tenant_or_key", "the key is not one of this tenant");
            let tenant = TenantId::parse(tenant).map_err(|_| stranger())?;
            if key.tenant != tenant {
                return Err(stranger());
            }
            runtime::scope(&key, "ingest")?;
            pipeline::receive_event(app, &tenant, &key.connection, request.body().as_ref()).await.map(Accepted::Event)
        }
        _ => Err(Simple::reject("not_found", "nothing is served at this address")),
    }
}
