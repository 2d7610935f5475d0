//! An HTTP request as the event of a function URL, and back into what the handler takes.
//!
//! The event is written as the service writes it (payload version 2.0) and read by `lambda_http` itself, so that a
//! request takes the same path on one machine as in AWS. Nothing here routes or judges a request.

use axum::http::{HeaderMap, HeaderName, Method, Uri, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use canonical::Millis;
use serde_json::{Map, Value, json};

/// What was asked, apart from the body.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// The event of a function URL.
pub(super) fn written(asked: &Asked<'_>, request_id: &str, now_ms: Millis) -> Value {
    let path = asked.uri.path();
    let agent = asked.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let host = asked.headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("127.0.0.1");
    let cookies: Vec<&str> = asked.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split("; ")).collect();
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": asked.uri.query().unwrap_or_default(),
        "headers": headers(asked.headers),
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "local",
            "domainName": host,
            "domainPrefix": "local",
            "http": { "method": asked.method.as_str(), "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": agent },
            "requestId": request_id,
            "routeKey": "$default",
            "stage": "$default",
            "timeEpoch": now_ms,
        },
        "isBase64Encoded": false,
    });
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    if !asked.body.is_empty() {
        let text = std::str::from_utf8(asked.body).ok().filter(|_| is_text(asked.headers));
        event["isBase64Encoded"] = json!(text.is_none());
        event["body"] = Value::String(text.map_or_else(|| STANDARD.encode(asked.body), str::to_owned));
    }
    event
}

/// Names in lower case, several values of one name in one, cookies apart.
fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let mut written = Map::new();
    for name in headers.keys().filter(|name| *name != header::COOKIE) {
        written.insert(name.as_str().to_owned(), Value::String(joined(headers, name)));
    }
    written.insert("x-forwarded-proto".into(), "http".into());
    written.insert("x-forwarded-for".into(), "127.0.0.1".into());
    written
}

fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    values.join(",")
}

/// Whether the service hands a body of this type over as text.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.starts_with("text/")
        || matches!(kind.as_str(), "application/json" | "application/xml" | "application/javascript")
        || kind.starts_with("application/") && (kind.ends_with("+json") || kind.ends_with("+xml"))
}

#[cfg(test)]
mod tests {
    use lambda_http::{Body, RequestExt};

    use super::*;

    fn read(method: &Method, uri: &str, fields: &[(&str, &str)], body: &[u8]) -> lambda_http::Request {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        }
        let asked = Asked { method, uri: &uri.parse().unwrap(), headers: &headers, body };
        lambda_http::request::from_str(&written(&asked, "id", 1).to_string()).unwrap()
    }

    #[test]
    fn a_request_arrives_as_it_was_sent() {
        let fields = [("host", "127.0.0.1:4264"), ("content-type", "application/json"), ("x-many", "a"), ("x-many", "b"), ("cookie", "s=1; t=2")];
        let request = read(&Method::POST, "/webhooks/c%201?a=1&a=2", &fields, br#"{"n":1.10}"#);
        assert_eq!(request.method(), Method::POST);
        assert_eq!(request.uri().to_string(), "http://127.0.0.1:4264/webhooks/c%201?a=1&a=2");
        assert_eq!(request.raw_http_path(), "/webhooks/c%201");
        assert_eq!(request.query_string_parameters().all("a"), Some(vec!["1", "2"]));
        assert_eq!(request.headers()["x-many"], "a,b");
        assert_eq!(request.headers()["cookie"], "s=1; t=2");
        assert!(matches!(request.body(), Body::Text(text) if text == r#"{"n":1.10}"#));
    }

    #[test]
    fn bytes_survive_whatever_their_type_says() {
        for (kind, body) in [("application/json", &[0xff, 0x00, 0x7b][..]), ("application/octet-stream", b"plain"), ("application/x-www-form-urlencoded", b"a=1")] {
            let request = read(&Method::POST, "/", &[("content-type", kind)], body);
            assert!(matches!(request.body(), Body::Binary(bytes) if bytes == body), "{kind}");
        }
        assert!(matches!(read(&Method::GET, "/", &[], b"").body(), Body::Empty));
    }
}
