//! The client: carries one request out and reads its answer to the end, or says whether the other side may have acted.

use std::{error::Error as _, sync::Arc, time::Duration};

use async_trait::async_trait;
use engine::{Exchange, ExchangeError, Request, Response};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::{Error, policy::{Reach, may_carry}, resolver::{Closed, Resolver}};

/// Time for resolving, connecting and the TLS handshake: all of it is before the request, so its end is not ambiguous.
const CONNECT: Duration = Duration::from_secs(5);
/// Below the five seconds after which common servers drop an idle connection: a request on a dropped one is ambiguous.
const IDLE: Duration = Duration::from_secs(4);
/// So much room is made for a body because its length was told; for more once it comes.
const BELIEVED: usize = 1024 * 1024;

/// The way out: one pool of connections for everyone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    reach: Reach,
}

impl Client {
    /// Speaks https with public addresses, and nothing else.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn guarded() -> Result<Self, Error> {
        Self::build(Reach::Public)
    }

    /// Speaks also with this machine and also plain http: for the command line and development.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn local() -> Result<Self, Error> {
        Self::build(Reach::Local)
    }

    fn build(reach: Reach) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls()?)
            .dns_resolver(Arc::new(Resolver(reach)))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .user_agent(concat!("PullPush/", env!("CARGO_PKG_VERSION")))
            .https_only(reach == Reach::Public)
            .build()?;
        Ok(Self { http, reach })
    }
}

#[async_trait]
impl Exchange for Client {
    async fn send(&self, request: Request) -> Result<Response, ExchangeError> {
        self.reach.judge(&request.url)?;
        let limit = request.max_response_bytes;
        let headers = headers(&request.headers)?;
        let method = reqwest::Method::from_bytes(request.method.word().as_bytes()).map_err(|_| ExchangeError::Connect)?;
        let mut builder = self.http.request(method, request.url).headers(headers).timeout(request.timeout);
        if let Some(body) = request.body {
            builder = builder.body(body);
        }
        let answer = builder.send().await.map_err(|error| meaning(&error))?;
        read(answer, limit).await
    }
}

fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = versions.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// A header that cannot be written is a failure before the first byte.
fn headers(pairs: &[(String, String)]) -> Result<HeaderMap, ExchangeError> {
    let mut headers = HeaderMap::with_capacity(pairs.len());
    for (name, value) in pairs {
        if !may_carry(name) {
            return Err(ExchangeError::Forbidden);
        }
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| ExchangeError::Connect)?;
        let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| ExchangeError::Connect)?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    Ok(headers)
}

async fn read(mut answer: reqwest::Response, limit: usize) -> Result<Response, ExchangeError> {
    let status = answer.status().as_u16();
    let headers = answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect();
    if answer.content_length().is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(ExchangeError::TooLarge);
    }
    let told = answer.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    let mut body = Vec::with_capacity(told.min(BELIEVED));
    while let Some(chunk) = answer.chunk().await.map_err(|_| ExchangeError::Unanswered)? {
        if chunk.len() > limit - body.len() {
            return Err(ExchangeError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response { status, headers, body })
}

/// Only what happened before the connection stood is free of doubt.
fn meaning(error: &reqwest::Error) -> ExchangeError {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<Closed>() {
            return ExchangeError::Forbidden;
        }
        cause = error.source();
    }
    if error.is_connect() || error.is_builder() { ExchangeError::Connect } else { ExchangeError::Unanswered }
}
