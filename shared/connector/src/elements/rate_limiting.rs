//! `rate_limiting`: how often the other system may be asked. The budget belongs to the credentials, not to a run.

use document::Value;

use super::{rate_told::{self, BudgetHeaders, BudgetPlaces}, request, wait};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// So many in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How much may be asked.
    pub limit: u32,
    /// In how much time.
    pub per_ms: i64,
}

/// How often the other system may be asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RateLimiting {
    /// All of these hold.
    pub windows: Vec<Window>,
    /// What requests cost that are not 1: method, beginning of the path, and the cost.
    pub costs: Vec<(Option<String>, String, u32)>,
    /// How many requests may be on their way at once.
    pub concurrency: Option<u32>,
    /// Headers that tell what is left.
    pub headers: BudgetHeaders,
    /// Places in the body that tell what is left.
    pub body: Option<BudgetPlaces>,
    /// The share of the budget, in thousandths, that is left to others: below it we slow down before anybody refuses.
    pub reserve: u32,
}

impl RateLimiting {
    /// The most requests per second by the windows of one second and less than a minute.
    #[must_use]
    pub fn per_second(&self) -> Option<u32> {
        self.windows.iter().filter(|window| window.per_ms == 1_000).map(|window| window.limit).min()
    }

    /// What a request costs.
    #[must_use]
    pub fn cost(&self, method: &str, path: &str) -> u32 {
        let found = self.costs.iter().find(|(known, start, _)| known.as_ref().is_none_or(|known| known == method) && path.starts_with(start.as_str()));
        found.map_or(1, |(_, _, cost)| *cost)
    }
}

static WINDOW: Element = Element {
    name: "rate_window",
    doc: "So many in so much time.",
    keys: &[Key::required("limit", Takes::Count, "How much may be asked."), Key::required("per", Takes::Duration, "In how much time, such as `PT1S` or `PT24H`.")],
};
static COST: Element = Element {
    name: "rate_cost",
    doc: "What some requests cost.",
    keys: &[Key::required("match", Takes::Text, "A method and the beginning of a path, such as `POST /reports`; the method may be left out."), Key::required("cost", Takes::Count, "The cost; other requests cost 1.")],
};
/// `rate_limiting`.
pub(crate) static RATE_LIMITING: Element = Element {
    name: "rate_limiting",
    doc: "How often the other system may be asked. The budget belongs to the credentials: all runs of a connection share it.",
    keys: &[
        Key::new("requests_per_second", Takes::Count, "So many requests a second; the same as one window of `PT1S`."),
        Key::new("scope", Takes::Words(&["credential"]), "Whose budget it is."),
        Key::new("windows", Takes::List(&Takes::Of(&WINDOW)), "Budgets; all of them hold, in every span of their length, whoever shares the credentials. As much as the limit may go at once; after that each request waits until enough of those before it are as old as the window is long."),
        Key::new("cost", Takes::List(&Takes::Of(&COST)), "What requests cost that are not 1; the first that fits counts."),
        Key::new("concurrency", Takes::Count, "How many requests with the same credentials may be on their way at once, in all runs together."),
        Key::new("headers", Takes::Of(&rate_told::HEADERS), "Headers that tell what is left."),
        Key::new("body", Takes::Of(&rate_told::BODY), "Places in the body that tell what is left, where no header does."),
        Key::new("adaptive", Takes::Of(&rate_told::ADAPTIVE), "Slow down before anybody refuses; needs `headers` or `body`."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<RateLimiting> {
    RATE_LIMITING.open(cx, node)?;
    if let Some(scope) = node.get("scope") {
        scope.word(cx, &["credential"]);
    }
    let mut windows = Vec::new();
    if let Some(each) = node.get("requests_per_second") {
        windows.extend(each.count(cx).map(|limit| Window { limit, per_ms: 1_000 }));
    }
    for item in node.get("windows").and_then(|windows| windows.items(cx)).unwrap_or_default() {
        windows.extend(window(cx, &item));
    }
    let told = node.get("cost").and_then(|costs| costs.items(cx)).unwrap_or_default();
    let costs: Vec<_> = told.iter().filter_map(|item| cost(cx, item)).collect();
    for item in &told {
        let cost = item.value.get("cost").and_then(Value::as_i64).unwrap_or(0);
        if let Some(window) = windows.iter().find(|window| cost > i64::from(window.limit)) {
            cx.error("definition_unknown_value", &format!("{}/cost", item.at), format!("a request would cost more than the {} a window holds, and never have its turn", window.limit), "make the window larger, or the cost smaller");
        }
    }
    let concurrency = node.get("concurrency").and_then(|count| count.count(cx));
    let headers = node.get("headers").and_then(|headers| rate_told::headers(cx, &headers)).unwrap_or_default();
    let body = match node.get("body") {
        Some(body) => Some(rate_told::body(cx, &body)?),
        None => None,
    };
    let told = node.get("headers").is_some() || body.is_some();
    let reserve = node.get("adaptive").map_or(Some(0), |adaptive| rate_told::adaptive(cx, &adaptive, told)).unwrap_or(0);
    if ["requests_per_second", "windows", "headers", "body", "concurrency", "adaptive"].iter().all(|key| node.get(key).is_none()) {
        cx.error("definition_missing_key", &node.at, "nothing is limited", "add `requests_per_second`, `windows`, `headers` or `body`");
    }
    Some(RateLimiting { windows, costs, concurrency, headers, body, reserve })
}

fn window(cx: &mut Check, node: &Node<'_>) -> Option<Window> {
    WINDOW.open(cx, node)?;
    let (limit, per) = (node.need(cx, "limit").and_then(|limit| limit.count(cx)), node.need(cx, "per").and_then(|per| wait::some_time(cx, &per)));
    Some(Window { limit: limit?, per_ms: per? })
}

fn cost(cx: &mut Check, node: &Node<'_>) -> Option<(Option<String>, String, u32)> {
    COST.open(cx, node)?;
    let pattern = node.need(cx, "match").and_then(|pattern| self::pattern(cx, &pattern));
    let cost = node.need(cx, "cost").and_then(|cost| cost.count(cx));
    let (method, path) = match pattern?.split_once(' ') {
        Some((method, path)) => (Some(method.to_owned()), path.trim().to_owned()),
        None => (None, pattern?.to_owned()),
    };
    Some((method, path, cost?))
}

/// A method and the beginning of a path; what is neither would fit no request.
fn pattern<'v>(cx: &mut Check, node: &Node<'v>) -> Option<&'v str> {
    let text = node.text(cx)?;
    let (method, path) = text.split_once(' ').unwrap_or(("GET", text));
    if !path.trim().starts_with('/') || !request::METHODS.contains(&method) {
        let hint = crate::nearest(method, request::METHODS.iter().copied()).filter(|near| *near != method).map_or_else(|| "write it like `POST /reports` or `/reports`".to_owned(), |near| format!("did you mean `{near}`?"));
        cx.error("definition_unknown_value", &node.at, format!("`{text}` fits no request"), hint);
        return None;
    }
    Some(text)
}
