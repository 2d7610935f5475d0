//! The last answer that refused, so that whoever writes a definition sees why: what was asked, and how the answer begins,
//! without secrets.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use engine::{Config, Exchange, ExchangeError, Request, Response, Secret};

/// How much of an answer is shown.
const SHOWN_BYTES: usize = 400;
/// Masking shortens; so much is masked before it is cut.
const MASKED_BYTES: usize = 16 * 1024;

/// An exchange that remembers the last answer if it refused.
pub(crate) struct Watched<'e> {
    exchange: &'e dyn Exchange,
    last: Mutex<Option<(String, Response)>>,
}

impl<'e> Watched<'e> {
    pub(crate) fn new(exchange: &'e dyn Exchange) -> Self {
        Self { exchange, last: Mutex::default() }
    }

    /// What was asked last and how it was refused; `None` where it was not.
    pub(crate) fn told(&self, config: &Config, tokens: &[(String, Secret)]) -> Option<String> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (asked, response) = last.as_ref()?;
        let tokens = Config::new(tokens.iter().cloned());
        let masked = |text: &str| tokens.redact(&config.redact(text));
        let body = match response.text() {
            Some(text) if text.trim().is_empty() => "nothing".to_owned(),
            Some(text) => masked(text[..text.floor_char_boundary(MASKED_BYTES)].trim()),
            // In what cannot be read no secret is found.
            None => format!("{} bytes that are no text", response.body.len()),
        };
        let mut text = format!("{} was answered {}: {body}", masked(asked), response.status);
        // A terminal is not to be painted by whoever answers.
        text = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
        text.truncate(text.floor_char_boundary(SHOWN_BYTES));
        Some(text)
    }
}

#[async_trait]
impl Exchange for Watched<'_> {
    async fn send(&self, request: Request) -> Result<Response, ExchangeError> {
        let asked = format!("{} {}{}", request.method.word(), request.url.host_str().unwrap_or_default(), request.url.path());
        let answer = self.exchange.send(request).await;
        let refused = answer.as_ref().ok().filter(|response| response.status >= 400).cloned();
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = refused.map(|response| (asked, response));
        answer
    }
}
