//! An answer on its way out, whole or stopping in the middle.

use std::io;
use std::task::Poll;

use axum::body::Body;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

use crate::{Answer, Ending};

/// The answer as the server sends it.
pub(crate) fn sent(answer: Answer) -> Response {
    let whole = answer.body.len();
    let body = if answer.ending == Ending::Middle { halved(answer.body) } else { Body::from(answer.body) };
    let mut response = Response::new(body);
    if answer.ending == Ending::Middle {
        response.headers_mut().insert(CONTENT_LENGTH, whole.into());
    }
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// The first half of a body, and then an error, which closes the connection. Between the two it waits once, so that the half leaves.
fn halved(mut body: Vec<u8>) -> Body {
    body.truncate(body.len() / 2);
    let mut steps = vec![Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionAborted)))), Poll::Pending, Poll::Ready(Some(Ok(body)))];
    Body::from_stream(futures::stream::poll_fn(move |context| {
        let step = steps.pop().unwrap_or(Poll::Ready(None));
        if step.is_pending() {
            context.waker().wake_by_ref();
        }
        step
    }))
}
