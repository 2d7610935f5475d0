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

/// The furthest one call winds: a typing mistake would outlive the data folder, since a clock never goes back.
const FURTHEST_SECONDS: u64 = 10 * 366 * 86_400;

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
        if seconds > FURTHEST_SECONDS {
            return door::plain(StatusCode::BAD_REQUEST, &format!("{seconds} seconds are more than ten years, and the clock never goes back: at most {FURTHEST_SECONDS}"));
        }
        match wind(Duration::from_secs(seconds)) {
            Ok(now_ms) => door::json(StatusCode::OK, &json!({ "now_ms": now_ms, "advanced_seconds": seconds })),
            Err(reason) => door::plain(StatusCode::INTERNAL_SERVER_ERROR, &reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use canonical::{Chance, Clock};

    use super::*;

    struct Still;

    impl Clock for Still {
        fn now_ms(&self) -> i64 {
            0
        }
    }

    impl Chance for Still {
        fn bits(&self) -> u128 {
            0
        }
    }

    #[tokio::test]
    async fn a_clock_is_wound_by_ten_years_at_most() {
        let wound = Arc::new(Mutex::new(Vec::new()));
        let (kept, still) = (Arc::clone(&wound), Arc::new(Still));
        let nobody = || Door::new("nobody", Duration::from_secs(1), Arc::new(|_| Box::pin(std::future::ready(Err("asked".into())))), still.clone(), still.clone());
        let wind: Wind = Arc::new(move |by| {
            kept.lock().unwrap().push(by.as_secs());
            Ok(0)
        });
        let front = Front { ingest: nobody(), api: nobody(), wind: Some(wind), aws: Value::Null };
        for (asked, status, says) in [
            (r#"{"advance_seconds":60}"#, 200, "now_ms"), (r#"{"advance_seconds":316224000}"#, 200, "now_ms"), (r#"{"advance_seconds":316224001}"#, 400, "more than ten years"),
            (r#"{"advance_seconds":99999999999999}"#, 400, "at most 316224000"), (r#"{"advance_seconds":-1}"#, 400, "expected"), ("{}", 400, "expected"),
        ] {
            let answer = front.answer(axum::http::Request::post("http://127.0.0.1/_local/clock").body(Body::from(asked)).unwrap()).await;
            assert_eq!(answer.status().as_u16(), status, "{asked}");
            let body = to_bytes(answer.into_body(), 1 << 10).await.unwrap();
            assert!(String::from_utf8_lossy(&body).contains(says), "{asked}: {body:?}");
        }
        assert_eq!(*wound.lock().unwrap(), [60, 316_224_000]);
    }

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
