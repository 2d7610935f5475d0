//! The one port through which a connector asks another system.

use std::time::Duration;

use crate::readable::readable;

/// An HTTP method a definition may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

impl Method {
    /// The word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// A request ready to be sent. It carries secrets, so it cannot be printed.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The address; its host is one the definition declares.
    pub url: url::Url,
    /// Header names and values, without CR, LF or NUL.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Vec<u8>>,
    /// The time for everything, from connecting to the last byte of the answer.
    pub timeout: Duration,
    /// The largest body that is read.
    pub max_response_bytes: usize,
    /// Whether it asks for a session: its answer is made of secrets.
    pub login: bool,
}

/// An answer, read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body, decoded.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of a name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value.as_str()))
    }

    /// The body as a reader would see it; `None` where it is no text that can be told, such as what is packed.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        readable(&self.body, self.header("content-type"), false).map(|read| read.text)
    }
}

/// Why there is no answer. What matters is whether the other side may have acted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// No byte of the request left: it can be repeated at once.
    #[error("no connection could be made")]
    Connect,
    /// The address is not one we may speak to.
    #[error("the address is forbidden")]
    Forbidden,
    /// Sent, and no complete answer came: the other side may have acted, now or later.
    #[error("no whole answer came: the connection ended, or it took too long")]
    Unanswered,
    /// The answer is larger than allowed.
    #[error("the answer is too large")]
    TooLarge,
}

/// Sends one request and reads its answer.
///
/// Contract: redirects are not followed; nothing is retried; the address is judged after resolution; the timeout of
/// the request bounds everything; dropping the future abandons the exchange, which then counts as unanswered.
#[async_trait::async_trait]
pub trait Exchange: Send + Sync {
    /// Sends one request.
    ///
    /// # Errors
    /// [`ExchangeError`], which tells whether the other side may have acted.
    async fn send(&self, request: Request) -> Result<Response, ExchangeError>;
}
