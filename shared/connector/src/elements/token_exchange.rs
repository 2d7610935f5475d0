//! `auth` of type `token_exchange`: a request of its own answers with a token, and perhaps with the address to go on at.

use document::Path;

use super::{apply::{self, Apply}, auth, capture::{self, Capture}, errors::{self, When}, request::{self, Request}, wait};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// A login.
#[derive(Debug)]
pub struct TokenExchange {
    /// The request.
    pub request: Request,
    /// Where the token stands in the answer.
    pub token: Path,
    /// Where its life in seconds stands.
    pub expires_in: Option<Path>,
    /// Its life in milliseconds, where the answer does not say.
    pub lifetime_ms: Option<i64>,
    /// What else is taken from the answer.
    pub capture: Vec<Capture>,
    /// Where the token goes.
    pub apply: Apply,
    /// Answers that mean that the token is no longer good, beside 401.
    pub expired_when: Vec<When>,
}

/// `auth` of type `token_exchange`.
pub(crate) static TOKEN_EXCHANGE: Element = Element {
    name: "token_exchange",
    doc: "A login: a request of its own answers with a token, and perhaps with the address to go on at. Made anew when the token ends or is refused.",
    keys: &[
        Key::required("type", Takes::Word("token_exchange"), ""),
        Key::required("request", Takes::Of(&request::REQUEST), "The request; it sees `config` only. One at least of the values it sends is marked as a `secret` there."),
        Key::required("token", Takes::Path { singular: true }, "Where the token stands in the answer; `$` where the answer is the token."),
        Key::new("expires_in", Takes::Path { singular: true }, "Where its life in seconds stands."),
        Key::new("lifetime", Takes::Duration, "Its life, where the answer does not say; an hour without it."),
        Key::new("capture", capture::CAPTURES, "Values of the answer that later requests use as `{{ token.NAME }}`."),
        Key::required("apply", Takes::Of(&apply::APPLY), "Where the token goes."),
        Key::new("expired_when", Takes::List(&Takes::Of(&errors::WHEN)), "Answers that mean that the token is no longer good; a 401 always does."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<TokenExchange> {
    TOKEN_EXCHANGE.open(cx, node)?;
    let request = node.need(cx, "request").and_then(|request| request::read(cx, &request, auth::ROOTS));
    let path = |cx: &mut Check, key: &str| node.get(key).and_then(|path| path.path(cx, true));
    node.need(cx, "token");
    let (token, expires_in) = (path(cx, "token"), path(cx, "expires_in"));
    let lifetime_ms = node.get("lifetime").and_then(|life| wait::some_time(cx, &life));
    let capture = capture::read(cx, node);
    let apply = node.need(cx, "apply").and_then(|apply| apply::read(cx, &apply));
    if let (Some(apply), Some(at)) = (&apply, node.get("apply").and_then(|apply| apply.get("value")))
        && !crate::tree::uses(&apply.value, "token")
    {
        cx.error("definition_missing_key", &at.at, "the token goes nowhere", "use `{{ token }}` in it");
    }
    let when = node.get("expired_when").and_then(|when| when.items(cx)).unwrap_or_default();
    let when: Vec<_> = when.iter().map(|when| errors::when(cx, when)).collect();
    Some(TokenExchange { request: request?, token: token?, expires_in, lifetime_ms, capture, apply: apply?, expired_when: when.into_iter().collect::<Option<_>>()? })
}
