//! The one mapping of a fault to an HTTP answer. Nobody else decides a status.
//!
//! The answer holds the code, the message and the remedy of the fault; never its source, which may quote another system.

use std::time::Duration;

use fault::{Disposition, Fault};
use lambda_http::{Body, Response, http::{HeaderValue, StatusCode, header}};
use serde_json::{Value, json};

/// How long a caller waits when the fault does not say.
const WAIT: Duration = Duration::from_secs(5);

/// The answer for a fault; `path` is the place inside the caller's own input.
#[must_use]
pub fn failed(fault: &dyn Fault, path: Option<&str>, request_id: &str) -> Response<Body> {
    let status = status(fault.code(), fault.disposition());
    let mut body = json!({ "ok": false, "error": fault.code(), "message": fault.to_string(), "remedy": fault.remedy() });
    if let Some(path) = path {
        body["path"] = path.into();
    }
    body["requestId"] = request_id.into();
    let mut answer = answered(status, &body);
    if let Disposition::Retry { after } = fault.disposition() {
        // Rounded up: a caller who comes early is turned away again.
        let wait = after.unwrap_or(WAIT);
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.max(1).into());
    }
    if matches!(fault.code(), "missing_api_key" | "invalid_tenant_or_key") {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    answer
}

/// A JSON answer.
#[must_use]
pub fn answered(status: StatusCode, body: &Value) -> Response<Body> {
    let mut answer = Response::new(Body::Text(body.to_string()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// The status of a fault.
#[must_use]
pub fn status(code: &str, disposition: Disposition) -> StatusCode {
    match disposition {
        Disposition::Retry { .. } if code.ends_with("rate_limited") => StatusCode::TOO_MANY_REQUESTS,
        Disposition::Retry { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Disposition::Park => StatusCode::CONFLICT,
        Disposition::Reject => rejection(code),
    }
}

fn rejection(code: &str) -> StatusCode {
    match code {
        "missing_api_key" | "invalid_tenant_or_key" | "signature_missing" | "signature_invalid" | "timestamp_missing" | "timestamp_stale" => StatusCode::UNAUTHORIZED,
        "forbidden" => StatusCode::FORBIDDEN,
        "not_found" | "connection_unknown" | "flow_unknown" => StatusCode::NOT_FOUND,
        "body_too_large" | "event_too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "canonical_invalid" => StatusCode::UNPROCESSABLE_ENTITY,
        "internal" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

#[cfg(test)]
mod tests {
    use fault::Simple;

    use super::*;

    fn text(answer: &Response<Body>) -> &str {
        let Body::Text(text) = answer.body() else { panic!("not text") };
        text
    }

    #[test]
    fn every_rejection_has_its_status() {
        for (code, status) in [
            ("missing_api_key", 401), ("invalid_tenant_or_key", 401), ("signature_missing", 401), ("signature_invalid", 401), ("timestamp_missing", 401), ("timestamp_stale", 401),
            ("forbidden", 403), ("not_found", 404), ("connection_unknown", 404), ("flow_unknown", 404), ("body_too_large", 413), ("event_too_large", 413), ("canonical_invalid", 422),
            ("invalid_body", 400), ("json_invalid", 400), ("definition_invalid", 400), ("internal", 500),
        ] {
            assert!(fault::documented(code).is_some(), "{code}");
            assert_eq!(super::status(code, Disposition::Reject).as_u16(), status, "{code}");
        }
    }

    #[test]
    fn a_retry_names_when_to_come_back() {
        let after = |after| Simple { code: "destination_rate_limited", disposition: Disposition::Retry { after }, message: "slow down".into() };
        for (fault, status, seconds) in [
            (Simple::retry("unavailable", "a table does not answer"), 503, "5"), (after(Some(Duration::from_millis(1200))), 429, "2"), (after(Some(Duration::ZERO)), 429, "1"), (after(None), 429, "5"),
        ] {
            let answer = failed(&fault, None, "req");
            assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (status, seconds));
        }
    }

    #[test]
    fn a_parked_fault_is_a_conflict() {
        let answer = failed(&Simple::park("connection_paused", "the connection is paused"), None, "req");
        assert_eq!(answer.status().as_u16(), 409);
        assert!(!answer.headers().contains_key("retry-after"));
    }

    #[test]
    fn the_body_answers_what_why_and_what_now() {
        let answer = failed(&Simple::reject("invalid_body", "`quantity` is not a number"), Some("/records/0/quantity"), "req-1");
        assert_eq!(
            text(&answer),
            r#"{"ok":false,"error":"invalid_body","message":"`quantity` is not a number","remedy":"correct what the message names, and send again","path":"/records/0/quantity","requestId":"req-1"}"#
        );
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert!(!text(&failed(&Simple::reject("not_found", "nothing here"), None, "r")).contains("path\":"));
    }

    #[test]
    fn a_missing_key_is_asked_for() {
        assert_eq!(failed(&Simple::reject("missing_api_key", "no key"), None, "r").headers()["www-authenticate"], "Bearer");
    }
}
