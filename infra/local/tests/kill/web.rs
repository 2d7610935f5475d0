//! A plain HTTP client, the product's own way out.

use std::time::Duration;

use engine::{Exchange, ExchangeError, Method, Request, Response};

/// Longer than any answer takes; a killed server ends the wait at once.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The client.
#[derive(Clone)]
pub(crate) struct Web(outbound::Client);

impl Web {
    pub(crate) fn new() -> Self {
        Self(outbound::Client::local().unwrap())
    }

    pub(crate) async fn get(&self, url: &str) -> Result<Response, ExchangeError> {
        self.send(Method::Get, url, &[], None).await
    }

    pub(crate) async fn post(&self, url: &str, headers: &[(String, String)], body: impl Into<Vec<u8>>) -> Result<Response, ExchangeError> {
        self.send(Method::Post, url, headers, Some(body.into())).await
    }

    pub(crate) async fn put(&self, url: &str, headers: &[(String, String)], body: impl Into<Vec<u8>>) -> Result<Response, ExchangeError> {
        self.send(Method::Put, url, headers, Some(body.into())).await
    }

    async fn send(&self, method: Method, url: &str, headers: &[(String, String)], body: Option<Vec<u8>>) -> Result<Response, ExchangeError> {
        let request = Request { method, url: url.parse().unwrap(), headers: headers.to_vec(), body, timeout: TIMEOUT, max_response_bytes: 1 << 20, login: false };
        Box::pin(self.0.send(request)).await
    }
}
