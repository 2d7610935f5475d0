//! What answers tell of the budget, in `rate_limiting`: headers or places in the body, and how much of it is left to others.

use document::{Path, Value};

use super::{inject, wait::{self, Unit}};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

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

pub(super) static HEADERS: Element = Element {
    name: "rate_headers",
    doc: "Headers that tell what is left of the budget.",
    keys: &[
        Key::required("remaining", Takes::Text, "How much is left."),
        Key::new("limit", Takes::Text, "Of how much."),
        Key::new("reset", Takes::Text, "When it is full again: a number, or a date."),
        Key::new("reset_unit", Takes::Words(wait::UNIT_WORDS), "What a number in `reset` means; without it seconds from now, or since 1970 where it is large."),
    ],
};
pub(super) static BODY: Element = Element {
    name: "rate_body",
    doc: "Places in the body of an answer that tell what is left of the budget.",
    keys: &[
        Key::required("remaining", Takes::Path { singular: true }, "How much is left."),
        Key::new("limit", Takes::Path { singular: true }, "Of how much."),
        Key::new("per_second", Takes::Path { singular: true }, "How much comes back in a second; without it a second is waited for."),
    ],
};
pub(super) static ADAPTIVE: Element = Element {
    name: "adaptive",
    doc: "Slow down before anybody refuses.",
    keys: &[Key::required("reserve", Takes::Decimal, "The share of the budget, from 0 to 1, below which requests wait for the budget to be full again.")],
};

pub(super) fn headers(cx: &mut Check, node: &Node<'_>) -> Option<BudgetHeaders> {
    HEADERS.open(cx, node)?;
    let name = |cx: &mut Check, key: &str| node.get(key).and_then(|name| inject::header_name(cx, &name, true));
    node.need(cx, "remaining");
    let reset_unit = node.get("reset_unit").and_then(|unit| wait::unit(cx, &unit));
    Some(BudgetHeaders { remaining: name(cx, "remaining"), limit: name(cx, "limit"), reset: name(cx, "reset"), reset_unit })
}

pub(super) fn body(cx: &mut Check, node: &Node<'_>) -> Option<BudgetPlaces> {
    BODY.open(cx, node)?;
    let path = |cx: &mut Check, key: &str| node.get(key).and_then(|path| path.path(cx, true));
    let (limit, per_second) = (path(cx, "limit"), path(cx, "per_second"));
    let remaining = node.need(cx, "remaining").and_then(|path| path.path(cx, true));
    Some(BudgetPlaces { remaining: remaining?, limit, per_second })
}

pub(super) fn adaptive(cx: &mut Check, node: &Node<'_>, told: bool) -> Option<u32> {
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
