//! A recorded exchange: what is asked and what is answered.

use document::Value;

use super::super::request::Verb;
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The method.
    pub method: Verb,
    /// The address with its query; relative ones follow `base_url`.
    pub url: String,
    /// Headers that must be there.
    pub headers: Vec<(String, String)>,
    /// The body: JSON compared by value, or a text.
    pub body: Option<Value>,
    /// The status of the answer.
    pub status: u16,
    /// Its headers.
    pub answer_headers: Vec<(String, String)>,
    /// Its body: JSON, or bytes.
    pub answer: Answered,
}

/// The body of a recorded answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// Nothing.
    Empty,
    /// JSON.
    Json(Value),
    /// A text.
    Text(String),
    /// Bytes, in base64.
    Base64(String),
}

static REQUESTED: Element = Element {
    name: "recorded_request",
    doc: "A recorded request.",
    keys: &[
        Key::new("method", Takes::Words(METHODS), "The method; GET without it."),
        Key::required("url", Takes::Text, "The address with its query; a relative one follows `base_url`."),
        Key::new("headers", Takes::Map(&Takes::Text), "Headers that must be there."),
        Key::new("body", Takes::Any, "The body: JSON is compared by value, a text as it stands."),
    ],
};
static ANSWER: Element = Element {
    name: "recorded_response",
    doc: "A recorded answer.",
    keys: &[
        Key::new("status", Takes::Count, "Its status; 200 without it."),
        Key::new("headers", Takes::Map(&Takes::Text), "Its headers."),
        Key::new("body", Takes::Any, "Its body as JSON."),
        Key::new("text", Takes::Text, "Its body as a text."),
        Key::new("base64", Takes::Text, "Its body as bytes in base64."),
    ],
};
pub(super) static EXCHANGE: Element = Element {
    name: "recorded_exchange",
    doc: "A request and its answer.",
    keys: &[Key::required("request", Takes::Of(&REQUESTED), "The request."), Key::required("response", Takes::Of(&ANSWER), "Its answer.")],
};

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];
const VERBS: &[Verb] = &[Verb::Get, Verb::Post, Verb::Put, Verb::Patch, Verb::Delete];

pub(super) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Recording> {
    EXCHANGE.open(cx, node)?;
    let (request, response) = (node.need(cx, "request"), node.need(cx, "response"));
    let (request, response) = (request?, response?);
    let opened = (REQUESTED.open(cx, &request), ANSWER.open(cx, &response));
    opened.0.and(opened.1)?;
    let method = request.get("method").map_or(Some("GET"), |method| method.word(cx, METHODS));
    let method = method.and_then(|method| METHODS.iter().position(|known| *known == method)).and_then(|at| VERBS.get(at).copied());
    let url = request.need(cx, "url").and_then(|url| url.text(cx)).map(str::to_owned);
    let pairs = |cx: &mut Check, node: &Node<'_>| {
        let entries = node.get("headers").and_then(|headers| headers.entries(cx)).unwrap_or_default();
        entries.iter().filter_map(|entry| Some((entry.name(), entry.text(cx)?.to_owned()))).collect()
    };
    let (headers, answer_headers) = (pairs(cx, &request), pairs(cx, &response));
    let status = response.get("status").map_or(Some(200), |status| {
        let known = status.integer(cx)?;
        let fits = u16::try_from(known).ok().filter(|known| (100..600).contains(known));
        if fits.is_none() {
            cx.error("definition_unknown_value", &status.at, "no status", "write it like 200 or 429");
        }
        fits
    });
    let answer = match (response.get("body"), response.get("text"), response.get("base64")) {
        (Some(body), None, None) => Answered::Json(body.value.clone()),
        (None, Some(text), None) => Answered::Text(text.text(cx)?.to_owned()),
        (None, None, Some(bytes)) => Answered::Base64(bytes.text(cx)?.to_owned()),
        (None, None, None) => Answered::Empty,
        _ => {
            cx.error("definition_unknown_key", &response.at, "an answer has one body", "keep one of `body`, `text` and `base64`");
            return None;
        }
    };
    Some(Recording { method: method?, url: url?, headers, body: request.get("body").map(|body| body.value.clone()), status: status?, answer_headers, answer })
}
