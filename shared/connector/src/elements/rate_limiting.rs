//! `rate_limiting`: how often the other system may be asked. The budget belongs to the credentials, not to a run.

use document::{Path, Value};

use super::{inject, request, wait::{self, Unit}};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// So many in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How much may be asked.
    pub limit: u32,
    /// In how much time.
    pub per_ms: i64,
}

/// Headers that tell what is left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BudgetHeaders {
    /// How much is left.
    pub remaining: Option<String>,
    /// Of how much.
    pub limit: Option<String>,
    /// When it is full again.
    pub reset: Option<String>,
    /// What a number there means; by its size without it.
    pub reset_unit: Option<Unit>,
}

/// Places in the body of an answer that tell what is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetPlaces {
    /// How much is left.
    pub remaining: Path,
    /// Of how much.
    pub limit: Option<Path>,
    /// How much comes back in a second.
    pub per_second: Option<Path>,
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
static HEADERS: Element = Element {
    name: "rate_headers",
    doc: "Headers that tell what is left of the budget.",
    keys: &[
        Key::required("remaining", Takes::Text, "How much is left."),
        Key::new("limit", Takes::Text, "Of how much."),
        Key::new("reset", Takes::Text, "When it is full again: a number, or a date."),
        Key::new("reset_unit", Takes::Words(wait::UNIT_WORDS), "What a number in `reset` means; without it seconds from now, or since 1970 where it is large."),
    ],
};
static BODY: Element = Element {
    name: "rate_body",
    doc: "Places in the body of an answer that tell what is left of the budget.",
    keys: &[
        Key::required("remaining", Takes::Path { singular: true }, "How much is left."),
        Key::new("limit", Takes::Path { singular: true }, "Of how much."),
        Key::new("per_second", Takes::Path { singular: true }, "How much comes back in a second; without it a second is waited for."),
    ],
};
static ADAPTIVE: Element = Element {
    name: "adaptive",
    doc: "Slow down before anybody refuses.",
    keys: &[Key::required("reserve", Takes::Decimal, "The share of the budget, from 0 to 1, below which requests wait for the budget to be full again.")],
};

/// `rate_limiting`.
pub(crate) static RATE_LIMITING: Element = Element {
    name: "rate_limiting",
    doc: "How often the other system may be asked. The budget belongs to the credentials: all runs of a connection share it.",
    keys: &[
        Key::new("requests_per_second", Takes::Count, "So many requests a second; the same as one window of `PT1S`."),
        Key::new("scope", Takes::Words(&["credential"]), "Whose budget it is."),
        Key::new("windows", Takes::List(&Takes::Of(&WINDOW)), "Budgets; all of them hold."),
        Key::new("cost", Takes::List(&Takes::Of(&COST)), "What requests cost that are not 1; the first that fits counts."),
        Key::new("concurrency", Takes::Count, "How many requests may be on their way at once."),
        Key::new("headers", Takes::Of(&HEADERS), "Headers that tell what is left."),
        Key::new("body", Takes::Of(&BODY), "Places in the body that tell what is left, where no header does."),
        Key::new("adaptive", Takes::Of(&ADAPTIVE), "Slow down before anybody refuses; needs `headers` or `body`."),
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
    let headers = node.get("headers").and_then(|headers| self::headers(cx, &headers)).unwrap_or_default();
    let body = match node.get("body") {
        Some(body) => Some(self::body(cx, &body)?),
        None => None,
    };
    let told = node.get("headers").is_some() || body.is_some();
    let reserve = node.get("adaptive").map_or(Some(0), |adaptive| self::adaptive(cx, &adaptive, told)).unwrap_or(0);
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

fn headers(cx: &mut Check, node: &Node<'_>) -> Option<BudgetHeaders> {
    HEADERS.open(cx, node)?;
    let name = |cx: &mut Check, key: &str| node.get(key).and_then(|name| inject::header_name(cx, &name, true));
    node.need(cx, "remaining");
    let reset_unit = node.get("reset_unit").and_then(|unit| wait::unit(cx, &unit));
    Some(BudgetHeaders { remaining: name(cx, "remaining"), limit: name(cx, "limit"), reset: name(cx, "reset"), reset_unit })
}

fn body(cx: &mut Check, node: &Node<'_>) -> Option<BudgetPlaces> {
    BODY.open(cx, node)?;
    let path = |cx: &mut Check, key: &str| node.get(key).and_then(|path| path.path(cx, true));
    let (limit, per_second) = (path(cx, "limit"), path(cx, "per_second"));
    let remaining = node.need(cx, "remaining").and_then(|path| path.path(cx, true));
    Some(BudgetPlaces { remaining: remaining?, limit, per_second })
}

fn adaptive(cx: &mut Check, node: &Node<'_>, told: bool) -> Option<u32> {
    ADAPTIVE.open(cx, node)?;
    let reserve = node.need(cx, "reserve")?;
    let number = matches!(reserve.value, Value::Number(_));
    let share = reserve.value.plain().filter(|_| number).and_then(|text| thousandths(&text));
    if share.is_none() {
        return reserve.wrong(cx, "a share from 0 to 1");
    }
    if !told {
        cx.error("definition_missing_key", &node.at, "nothing tells what is left", "add `headers` or `body` with `remaining`");
    }
    share
}

/// A share from 0 to 1 in thousandths.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: u32 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let share = whole.parse::<u32>().ok()?.checked_mul(1000)?.checked_add(digits)?;
    (share <= 1000).then_some(share)
}
