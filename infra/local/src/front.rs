//! The front: one HTTP port on loopback, behind it the functions `ingest` and `api`.
//!
//! Stands in for the function URLs and the distribution before them. Beside the product's own addresses it answers
//! `/_local/…`, which exists on one machine only: winding the clock, and where the local AWS endpoints are.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::{Body, to_bytes}, extract::{Request, State}, http::{Method, Response, StatusCode}, serve::ListenerExt};
use serde_json::{Value, json};
use tokio::net::TcpListener;

mod door;
mod event;

pub use door::{Answer, Door, Handler};

/// The largest body a function URL takes.
const LARGEST_BODY: usize = 6 << 20;

/// Winds the clock forward and wakes whoever waits; the answer is the new present in milliseconds.
pub type Wind = Arc<dyn Fn(Duration) -> Result<i64, String> + Send + Sync>;

/// What is behind the port.
#[derive(Clone)]
pub struct Front {
    /// Webhooks and events.
    pub ingest: Door,
    /// Everything else.
    pub api: Door,
    /// The clock, where it can be wound.
    pub wind: Option<Wind>,
    /// The local AWS endpoints, as they are shown.
    pub aws: Value,
}

impl Front {
    /// Answers on `listener` until the future is dropped.
    pub async fn serve(self, listener: TcpListener) {
        // Answers are small and awaited; without this each waits for Nagle's timer.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let router = Router::new().fallback(answer).with_state(Arc::new(self));
        // axum retries accept errors itself, so this ends only with the future.
        drop(axum::serve(listener, router).await);
    }
}

async fn answer(State(front): State<Arc<Front>>, request: Request) -> Response<Body> {
    Box::pin(front.answer(request)).await
}

/// Whether a request is for `ingest`.
fn goes_in(method: &Method, path: &str) -> bool {
    let steps: Vec<&str> = path.split('/').skip(1).collect();
    method == Method::POST && matches!(steps.as_slice(), ["webhooks", _, ..] | ["api", "v1", "tenants", _, "events"])
}

impl Front {
    /// Answers one request, through the event the service would make of it.
    pub async fn answer(&self, request: Request) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
            return door::plain(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
        };
        if let Some(local) = parts.uri.path().strip_prefix("/_local/") {
            return self.local(&parts.method, local, &body);
        }
        let asked = event::Asked { method: &parts.method, uri: &parts.uri, headers: &parts.headers, body: &body };
        let door = if goes_in(&parts.method, parts.uri.path()) { &self.ingest } else { &self.api };
        Box::pin(door.ask(&asked)).await
    }

    fn local(&self, method: &Method, path: &str, body: &[u8]) -> Response<Body> {
        match (method, path) {
            (&Method::GET, "aws") => door::json(StatusCode::OK, &self.aws),
            (&Method::POST, "clock") => self.clock(body),
            _ => door::plain(StatusCode::NOT_FOUND, "known here: GET /_local/aws, POST /_local/clock"),
        }
    }

    fn clock(&self, body: &[u8]) -> Response<Body> {
        let Some(wind) = &self.wind else { return door::plain(StatusCode::CONFLICT, "this clock cannot be wound") };
        let asked: Option<Value> = serde_json::from_slice(body).ok();
        let Some(seconds) = asked.and_then(|asked| asked.get("advance_seconds")?.as_u64()) else {
            return door::plain(StatusCode::BAD_REQUEST, r#"expected {"advance_seconds": N}, a whole number of seconds from 0"#);
        };
        match wind(Duration::from_secs(seconds)) {
            Ok(now_ms) => door::json(StatusCode::OK, &json!({ "now_ms": now_ms, "advanced_seconds": seconds })),
            Err(reason) => door::plain(StatusCode::INTERNAL_SERVER_ERROR, &reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_brings_events_goes_to_ingest() {
        for (method, path, ingest) in [
            (Method::POST, "/webhooks/conn_1", true), (Method::POST, "/webhooks/conn_1/orders", true), (Method::GET, "/webhooks/conn_1", false), (Method::POST, "/webhooks", false),
            (Method::POST, "/api/v1/tenants/t1/events", true), (Method::GET, "/api/v1/tenants/t1/events", false), (Method::POST, "/api/v1/tenants/t1/events/e1", false),
            (Method::POST, "/api/v1/tools/pullpush.event.trace", false), (Method::POST, "/mcp", false), (Method::GET, "/health", false),
        ] {
            assert_eq!(goes_in(&method, path), ingest, "{method} {path}");
        }
    }
}
