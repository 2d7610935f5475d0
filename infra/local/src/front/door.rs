//! A function behind a URL: one request in, one response out, and the service's answer when the function fails.
//!
//! [`crate::front`] picks the door. The invocation runs in a task of its own: a panic costs one request.

use std::{pin::Pin, sync::Arc, time::Duration};

use axum::{body::Body, http::{Response, StatusCode, header}};
use canonical::{Chance, Clock};
use lambda_http::RequestExt;

use crate::function;

/// What an HTTP handler returns.
pub type Answer = Pin<Box<dyn Future<Output = Result<lambda_http::Response<lambda_http::Body>, lambda_http::Error>> + Send>>;

/// An HTTP handler.
pub type Handler = Arc<dyn Fn(lambda_http::Request) -> Answer + Send + Sync>;

/// A function behind a URL.
#[derive(Clone)]
pub struct Door {
    name: &'static str,
    timeout: Duration,
    handler: Handler,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

impl Door {
    /// A door to a handler; request ids and deadlines come from what is handed in.
    #[must_use]
    pub fn new(name: &'static str, timeout: Duration, handler: Handler, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self { name, timeout, handler, clock, chance }
    }

    pub(super) async fn ask(&self, asked: &super::event::Asked<'_>) -> Response<Body> {
        let context = function::context(self.name, self.timeout, &*self.clock, &*self.chance);
        let event = super::event::written(asked, &context.request_id, self.clock.now_ms()).to_string();
        let handler = Arc::clone(&self.handler);
        // Reading the event belongs to the invocation: lambda_http panics on a host it cannot parse.
        let task = tokio::spawn(async move {
            let request = lambda_http::request::from_str(&event)?;
            handler(request.with_lambda_context(context)).await
        });
        match function::finished(task, self.timeout).await {
            Ok(answer) => answer.map(body),
            Err(reason) => {
                tracing::warn!(function = self.name, reason, "invocation failed");
                plain(StatusCode::BAD_GATEWAY, "Internal Server Error")
            }
        }
    }
}

fn body(body: lambda_http::Body) -> Body {
    match body {
        lambda_http::Body::Text(text) => Body::from(text),
        lambda_http::Body::Binary(bytes) => Body::from(bytes),
        _ => Body::empty(),
    }
}

/// An answer of the service itself.
pub(super) fn plain(status: StatusCode, message: &str) -> Response<Body> {
    json(status, &serde_json::json!({ "message": message }))
}

/// A JSON answer.
pub(super) fn json(status: StatusCode, value: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}
