//! `tests`: recorded exchanges and what comes of them, run offline.

use document::Value;

use super::request::Verb;
use crate::{check::{Check, Named, Node}, shape::{Element, Key, Takes}};

/// A recorded test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its name.
    pub name: String,
    /// The entity that is read.
    pub entity: String,
    /// The values of the connection; secrets are made up.
    pub config: Vec<(String, String)>,
    /// The cursor the run begins at.
    pub cursor: Option<String>,
    /// The present of the run, by RFC 3339.
    pub now: Option<String>,
    /// Reading stops behind so many records.
    pub limit: Option<i64>,
    /// What is asked and answered, in order.
    pub exchanges: Vec<Recording>,
    /// What comes of it.
    pub expect: Expect,
}

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

/// What comes of a recorded test; what is absent is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expect {
    /// How many records are read.
    pub records: Option<i64>,
    /// How many requests are made.
    pub requests: Option<i64>,
    /// The records, in order.
    pub data: Option<Vec<Value>>,
    /// The canonical events, in order: members named here must be equal, fields as a whole.
    pub events: Option<Vec<Value>>,
    /// The code it fails with.
    pub error: Option<String>,
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
static EXCHANGE: Element = Element {
    name: "recorded_exchange",
    doc: "A request and its answer.",
    keys: &[Key::required("request", Takes::Of(&REQUESTED), "The request."), Key::required("response", Takes::Of(&ANSWER), "Its answer.")],
};
static EXPECT: Element = Element {
    name: "expect",
    doc: "What comes of it; what is not named is not looked at.",
    keys: &[
        Key::new("records", Takes::Integer, "How many records are read."), Key::new("requests", Takes::Integer, "How many requests are made."),
        Key::new("data", Takes::List(&Takes::Any), "The records, in order."),
        Key::new("events", Takes::List(&Takes::Any), "The canonical events, in order: each member named must be equal."),
        Key::new("error", Takes::Text, "The code it fails with."),
    ],
};
static TEST: Element = Element {
    name: "test",
    doc: "A recorded test: what is asked and answered, and what comes of it.",
    keys: &[
        Key::required("name", Takes::Text, "What it shows."), Key::required("entity", Takes::Text, "The entity that is read."),
        Key::new("config", Takes::Map(&Takes::Any), "The values of the connection; those that are not given are made up."),
        Key::new("cursor", Takes::Text, "The cursor the run begins at."), Key::new("now", Takes::Text, "The present of the run, by RFC 3339."),
        Key::new("limit", Takes::Integer, "Reading stops behind so many records; without it, behind the last."),
        Key::required("exchanges", Takes::List(&Takes::Of(&EXCHANGE)), "What is asked and answered, in order."), Key::required("expect", Takes::Of(&EXPECT), "What comes of it."),
    ],
};
/// `tests`.
pub(crate) const TESTS: Takes = Takes::List(&Takes::Of(&TEST));

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];
const VERBS: &[Verb] = &[Verb::Get, Verb::Post, Verb::Put, Verb::Patch, Verb::Delete];

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<Recorded> {
    let items = node.items(cx).unwrap_or_default();
    items.iter().filter_map(|item| test(cx, item)).collect()
}

fn test(cx: &mut Check, node: &Node<'_>) -> Option<Recorded> {
    TEST.open(cx, node)?;
    let text = |cx: &mut Check, key: &str| node.need(cx, key).and_then(|value| value.text(cx)).map(str::to_owned);
    let (name, entity) = (text(cx, "name"), node.need(cx, "entity").and_then(|entity| cx.refer(Named::Tested, &entity)));
    let given = node.get("config").and_then(|config| config.entries(cx)).unwrap_or_default();
    let config = given.iter().filter_map(|entry| setting(cx, entry)).collect();
    let optional = |cx: &mut Check, key: &str| node.get(key).and_then(|value| value.text(cx)).map(str::to_owned);
    let (cursor, now) = (optional(cx, "cursor"), optional(cx, "now"));
    if let (Some(now), Some(node)) = (&now, node.get("now"))
        && expr::instant(now).is_none()
    {
        cx.error("definition_unknown_value", &node.at, "no instant", "write it by RFC 3339, such as `2026-01-31T12:00:00Z`");
    }
    let limit = node.get("limit").and_then(|limit| {
        let count = limit.integer(cx)?;
        if count < 1 {
            cx.error("definition_unknown_value", &limit.at, "a test reads at least one record", "write 1 or more");
        }
        Some(count)
    });
    let listed = node.need(cx, "exchanges").and_then(|exchanges| exchanges.items(cx));
    let exchanges: Vec<_> = listed.iter().flatten().map(|item| exchange(cx, item)).collect();
    let expect = node.need(cx, "expect").and_then(|expect| self::expect(cx, &expect));
    listed?;
    Some(Recorded { name: name?, entity: entity?, config, cursor, now, limit, exchanges: exchanges.into_iter().collect::<Option<_>>()?, expect: expect? })
}

fn setting(cx: &mut Check, node: &Node<'_>) -> Option<(String, String)> {
    if !cx.config_names.contains(&node.name()) {
        let hint = crate::nearest(&node.name(), cx.config_names.iter().map(String::as_str)).map_or_else(|| "name one of `config`".to_owned(), |near| format!("did you mean `{near}`?"));
        cx.error("definition_unknown_key", &node.at, format!("`config` has no `{}`", node.name()), hint);
    }
    if cx.config.iter().any(|entry| entry.name == node.name() && entry.derive.is_some()) {
        cx.error("definition_unknown_key", &node.at, format!("`{}` is made of other values", node.name()), "give what it is made of");
    }
    let text = node.value.plain().or_else(|| node.value.items().map(|_| node.value.to_string()));
    text.map_or_else(|| node.wrong(cx, "a scalar or an array"), |text| Some((node.name(), text)))
}

fn exchange(cx: &mut Check, node: &Node<'_>) -> Option<Recording> {
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

fn expect(cx: &mut Check, node: &Node<'_>) -> Option<Expect> {
    EXPECT.open(cx, node)?;
    let number = |cx: &mut Check, key: &str| {
        let number = node.get(key)?;
        let count = number.integer(cx)?;
        if count < 0 {
            cx.error("definition_unknown_value", &number.at, "there are never fewer than none", "write 0 or more");
        }
        Some(count)
    };
    let list = |cx: &mut Check, key: &str| node.get(key).and_then(|list| list.items(cx)).map(|items| items.iter().map(|item| item.value.clone()).collect());
    let error = node.get("error").and_then(|error| error.text(cx)).map(str::to_owned);
    if let (Some(error), Some(at)) = (&error, node.get("error"))
        && fault::CODES.iter().all(|code| code.name != error)
    {
        let hint = crate::nearest(error, fault::CODES.iter().map(|code| code.name)).map_or_else(|| "write the code a run fails with".to_owned(), |near| format!("did you mean `{near}`?"));
        cx.error("definition_unknown_value", &at.at, format!("no code `{error}`"), hint);
    }
    let expect = Expect { records: number(cx, "records"), requests: number(cx, "requests"), data: list(cx, "data"), events: list(cx, "events"), error };
    if ["records", "requests", "data", "events", "error"].iter().all(|key| node.get(key).is_none()) {
        cx.error("definition_missing_key", &node.at, "nothing is expected", "add `records`, `requests`, `data`, `events` or `error`");
    }
    Some(expect)
}
