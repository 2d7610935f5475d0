//! What a failure means: for the work, and for what the other side may have done.

use fault::{Disposition, Simple};
use url::{Position, Url};

use super::retry_after::retry_after;
use crate::{Config, ExchangeError, Response};

/// A judged failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) fault: Simple,
    /// The other side may have acted.
    pub(crate) ambiguous: bool,
    pub(crate) status: Option<u16>,
    /// What was refused is what was asked for: it says nothing of the connection.
    pub(crate) narrow: bool,
    /// The answer, for an excerpt.
    pub(crate) body: Vec<u8>,
}

impl Failure {
    /// A failure before anything was sent.
    pub(crate) fn unsent(fault: Simple) -> Self {
        Self { fault, ambiguous: false, status: None, narrow: false, body: Vec::new() }
    }
}

/// The meaning of an answer that is not 2xx; `None` for one that is.
pub(crate) fn status(response: &Response, now_ms: i64) -> Option<Failure> {
    let status = response.status;
    let after = response.header("retry-after").and_then(|text| retry_after(text, now_ms));
    let retry = |code| Simple { code, disposition: Disposition::Retry { after }, message: format!("the other system answered {status}") };
    let reject = |code| Simple::reject(code, format!("the other system answered {status}"));
    let park = |code| Simple::park(code, format!("the other system answered {status}"));
    let (fault, ambiguous) = match status {
        200..=299 => return None,
        408 => (retry("destination_unavailable"), true),
        425 => (retry("destination_unavailable"), false),
        429 => (retry("destination_rate_limited"), false),
        500..=599 => (retry("destination_unavailable"), true),
        401 | 403 => (park("needs_auth"), false),
        410 => (park("destination_gone"), false),
        300..=399 => (reject("destination_redirected"), false),
        _ => (reject("destination_rejected"), false),
    };
    Some(Failure { fault, ambiguous, status: Some(status), narrow: is_narrow(status), body: response.body.clone() })
}

/// What an answer comes to that means something else than its status, with what it says.
pub(crate) fn failure(response: &Response, code: &'static str, disposition: Disposition, message: Option<String>) -> Failure {
    let status = response.status;
    let ambiguous = matches!(disposition, Disposition::Retry { .. }) && matches!(status, 408 | 500..=599);
    Failure { fault: Simple { code, disposition, message: told(status, message) }, ambiguous, status: Some(status), narrow: is_narrow(status), body: response.body.clone() }
}

/// A status, and what the other system says beside it.
pub(crate) fn told(status: u16, message: Option<String>) -> String {
    let said = format!("the other system answered {status}");
    message.map_or(said.clone(), |message| format!("{said}: {message}"))
}

/// Whether a status is about what was asked for, and not about who asks.
pub(crate) fn is_narrow(status: u16) -> bool {
    matches!(status, 403 | 410)
}

/// The meaning of no answer of who was asked, of whom so many bytes would have been read.
pub(crate) fn unanswered(error: &ExchangeError, url: &Url, config: &Config, most: usize) -> Failure {
    // What stands beside the host may be a secret, and a host may be made of one.
    let host = || config.redact(&url[Position::BeforeHost..Position::AfterPort]);
    let (fault, ambiguous) = match error {
        ExchangeError::Connect => (Simple::retry("connect_failed", format!("{error} to {}", host())), false),
        ExchangeError::Forbidden if !url.username().is_empty() || url.password().is_some() => {
            (Simple::reject("address_forbidden", format!("{error}: it names somebody before the host {}; give name and password to `auth`", host())), false)
        }
        ExchangeError::Forbidden => (Simple::reject("address_forbidden", format!("{error}: {}", host())), false),
        ExchangeError::Unanswered => (Simple::retry("destination_unavailable", error.to_string()), true),
        ExchangeError::TooLarge => (Simple::reject("response_too_large", format!("the answer has more than {most} bytes: ask for smaller pages, or with a filter")), true),
    };
    Failure { fault, ambiguous, status: None, narrow: false, body: Vec::new() }
}
