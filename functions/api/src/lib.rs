//! The `api` function: health, the tools of the control plane, the door for secrets, and what is asked without HTTP.

mod direct;

pub use direct::invoked;

use canonical::ConnectionId;
use control::SecretKind;
use engine::Secret;
use fault::Simple;
use lambda_http::{Body, Error, Request, RequestExt, Response};
use pipeline::App;
use serde_json::{Map, Value, json};

/// The service string every answer of the health routes carries.
const SERVICE: &str = "kaduno-pullpush-api";

/// Answers one request.
///
/// # Errors
/// Never by itself: every failure is an answer.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let id = runtime::request_id(&request, app.chance.as_ref());
    let began = app.clock.now_ms();
    let path = request.raw_http_path().to_owned();
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let result = match (request.method().as_str(), parts.as_slice()) {
        ("GET", ["health"]) => return Ok(runtime::json(200, &json!({ "ok": true, "service": SERVICE }))),
        ("GET", ["health", "ready"]) => return Ok(ready(app).await),
        ("POST", ["api", "v1", "tools", name]) => Box::pin(tool(app, &request, name)).await,
        ("PUT", ["api", "v1", "connections", connection, "secrets", name]) => secret(app, &request, connection, name).await,
        _ => Err(Simple::reject("not_found", "nothing is served at this address")),
    };
    runtime::answered(app, &id, result.as_ref().err().map(|fault| fault.code), request.body().len(), app.clock.now_ms() - began);
    Ok(match result {
        Ok(answer) => runtime::json(200, &json!({ "ok": true, "result": answer, "requestId": id })),
        Err(fault) => runtime::refusal(&fault, &id),
    })
}

async fn ready(app: &App) -> Response<Body> {
    let (dynamodb, sqs, kms) = (app.store.answers().await, app.queues.answers().await, app.vault.answers().await);
    let ok = dynamodb && sqs && kms;
    runtime::json(if ok { 200 } else { 503 }, &json!({ "ok": ok, "checks": { "dynamodb": dynamodb, "sqs": sqs, "kms": kms }, "service": SERVICE }))
}

async fn tool(app: &App, request: &Request, name: &str) -> Result<Value, Simple> {
    let key = runtime::bearer(app, request).await?;
    let name = if name.starts_with("pullpush_") { name.replace('_', ".") } else { name.to_owned() };
    let tool = control::tool(&name).ok_or_else(|| Simple::reject("tool_unknown", format!("no tool is named {name}")))?;
    runtime::scope(&key, tool.scope)?;
    let arguments: Map<String, Value> = match request.body().as_ref() {
        [] => Map::new(),
        body => serde_json::from_slice(body).map_err(|_| Simple::reject("invalid_body", "a JSON object of arguments is expected"))?,
    };
    control::call(app, &key.tenant, tool.name, &arguments).await
}

/// The body is the secret itself: as text it passes no parser and no log.
async fn secret(app: &App, request: &Request, connection: &str, name: &str) -> Result<Value, Simple> {
    let key = runtime::bearer(app, request).await?;
    runtime::scope(&key, "author")?;
    let connection = ConnectionId::parse(connection).map_err(|_| Simple::reject("connection_unknown", "no such connection"))?;
    let text = std::str::from_utf8(request.body().as_ref()).map_err(|_| Simple::reject("invalid_body", "a secret is UTF-8 text"))?;
    if text.is_empty() || text.len() > 65_536 {
        return Err(Simple::reject("invalid_body", "a secret has 1 to 65,536 bytes"));
    }
    let kind = if name == "webhook_secret" { SecretKind::Webhook } else { SecretKind::Config(name.to_owned()) };
    control::put_secret(app, &key.tenant, &connection, &kind, &Secret::new(text.to_owned())).await?;
    Ok(json!({ "connectionId": connection, "secret": name, "stored": true }))
}
