//! HTTP requests in, JSON answers out: ids, headers, keys and scopes.

use canonical::{Chance, Millis};
use fault::Simple;
use lambda_http::{Body, Request, RequestExt, Response, http::StatusCode, request::RequestContext};
use pipeline::App;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::ApiKey;

use crate::{Field, shell};

/// The id of a request: the platform's, else a fresh one.
#[must_use]
pub fn request_id(request: &Request, chance: &dyn Chance) -> String {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone(),
        _ => None,
    }
    .unwrap_or_else(|| chance.id("req_"))
}

/// Header names and values, as far as they are text.
#[must_use]
pub fn headers(request: &Request) -> Vec<(String, String)> {
    request.headers().iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect()
}

/// What the request's bearer key may do.
///
/// # Errors
/// `missing_api_key` without one, `invalid_tenant_or_key` for one nobody issued.
pub async fn bearer(app: &App, request: &Request) -> Result<ApiKey, Simple> {
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let key = header.strip_prefix("Bearer ").map(str::trim).filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| Simple::reject("missing_api_key", "no bearer key was sent"))?;
    let stranger = || Simple::reject("invalid_tenant_or_key", "the key is not valid");
    if !key.starts_with("pp_") {
        return Err(stranger());
    }
    app.api_key(&key_hash(key)).await?.ok_or_else(stranger)
}

/// The hash under which a key is kept; the key itself is kept nowhere.
#[must_use]
pub fn key_hash(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}

/// Whether a key has a scope; `admin` has all of its tenant's.
///
/// # Errors
/// `forbidden`, naming the scope.
pub fn scope(key: &ApiKey, scope: &str) -> Result<(), Simple> {
    let has = key.scopes.iter().any(|owned| owned == scope || owned == "admin");
    if has { Ok(()) } else { Err(Simple::reject("forbidden", format!("the key lacks the scope `{scope}`"))) }
}

/// A JSON answer.
#[must_use]
pub fn json(status: u16, body: &Value) -> Response<Body> {
    crate::answer::answered(StatusCode::from_u16(status).unwrap_or(StatusCode::OK), body)
}

/// The answer to what failed. A message that begins with a place (`/field: …`) names it as `path`.
#[must_use]
pub fn refusal(fault: &Simple, request_id: &str) -> Response<Body> {
    let place = fault.message.split_once(": ").filter(|(place, _)| place.starts_with('/')).map(|(place, _)| place);
    crate::answer::failed(fault, place, request_id)
}

/// Writes the line of a request: a refusal always, what went well only if its id is one of those that are shown.
pub fn answered(app: &App, id: &str, code: Option<&'static str>, bytes: usize, ms: Millis) {
    shell::write(app, id, |line| {
        let line = line.field(Field::Bytes, bytes).field(Field::Ms, ms);
        match code {
            Some(code) => Some(line.warn().field(Field::Outcome, "refused").field(Field::Code, code)),
            None => app.meter.shows(id).then(|| line.field(Field::Outcome, "ok")),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_does_what_it_has_a_scope_for_and_admin_everything() {
        let key = |scopes: &[&str]| ApiKey { tenant: canonical::TenantId::parse("ten_1").unwrap(), scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(), connection: canonical::ConnectionId::parse("api_1").unwrap() };
        for (scopes, asked, code) in [(&["read"][..], "read", "ok"), (&["read", "operate"], "author", "forbidden"), (&[], "read", "forbidden"), (&["admin"], "author", "ok")] {
            assert_eq!(scope(&key(scopes), asked).map_or_else(|fault| fault.code, |()| "ok"), code, "{scopes:?} {asked}");
        }
    }
}
