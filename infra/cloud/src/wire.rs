//! The HTTP side: which service and operation a request means, and how answers and errors are written.
//!
//! Both protocols POST JSON with the operation in `X-Amz-Target`. Errors are status 400 with `__type`; SQS adds
//! `x-amzn-query-error`, from which SDKs take the error code.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::refusal::Refusal;
use crate::world::World;
use crate::{chance, kms, sqs};

/// A 1 MiB message may be written as six bytes for each of its own.
const LARGEST_REQUEST: usize = 8 << 20;

/// One endpoint for everything.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new().fallback(answer).layer(DefaultBodyLimit::max(LARGEST_REQUEST)).with_state(world)
}

/// Reads a request's JSON into what the operation takes.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| Refusal::new("SerializationException", error.to_string()))
}

#[derive(Clone, Copy)]
enum Service {
    Sqs,
    Kms,
}

async fn answer(State(world): State<Arc<World>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let caller = Caller::of(&headers);
    match target.split_once('.') {
        Some(("AmazonSQS", operation)) => {
            world.count("sqs", operation);
            written(Service::Sqs, sqs::answer(&world, &caller, operation, &body).await)
        }
        Some(("TrentService", operation)) => {
            world.count("kms", operation);
            written(Service::Kms, kms::answer(&world, &caller, operation, &body))
        }
        _ => written(Service::Kms, Err(Refusal::new("UnknownOperationException", "no service has this target"))),
    }
}

fn written(service: Service, outcome: Result<Value, Refusal>) -> Response<Body> {
    let (status, value, query_error) = match outcome {
        Ok(value) => (StatusCode::OK, value, None),
        Err(refusal) => {
            let status = if refusal.by_sender { StatusCode::BAD_REQUEST } else { StatusCode::INTERNAL_SERVER_ERROR };
            (status, error_body(service, &refusal), query_error(service, &refusal))
        }
    };
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let content_type = match service {
        Service::Sqs => "application/x-amz-json-1.0",
        Service::Kms => "application/x-amz-json-1.1",
    };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(id) = HeaderValue::from_str(&chance::uuid()) {
        headers.insert("x-amzn-requestid", id);
    }
    if let Some(query_error) = query_error {
        headers.insert("x-amzn-query-error", query_error);
    }
    response
}

fn error_body(service: Service, refusal: &Refusal) -> Value {
    let kind = match service {
        Service::Sqs => format!("com.amazonaws.sqs#{}", refusal.kind),
        Service::Kms => refusal.kind.to_owned(),
    };
    json!({ "__type": kind, "message": refusal.message })
}

fn query_error(service: Service, refusal: &Refusal) -> Option<HeaderValue> {
    let at_fault = if refusal.by_sender { "Sender" } else { "Receiver" };
    match service {
        Service::Sqs => HeaderValue::from_str(&format!("{};{at_fault}", refusal.code)).ok(),
        Service::Kms => None,
    }
}
