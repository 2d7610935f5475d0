//! What `incremental` says has to hold together: windows follow each other, and somebody looks at the start.

use expr::Template;
use jiff::tz::TimeZone;

use super::{super::request::Request, Order};
use crate::{TimeFormat, check::{Check, Node}};

/// Where the first run begins, if it is written out.
pub(super) fn first(cx: &mut Check, node: &Node<'_>, from: Option<&Template>, integer: bool, formats: &[TimeFormat]) {
    let Some(text) = from.filter(|from| from.names().is_empty() && !from.source().contains("{{")).map(Template::source) else { return };
    let instant = || formats.iter().chain(&[TimeFormat::Iso8601, TimeFormat::Date]).any(|format| format.read(text, &TimeZone::UTC).is_some());
    if integer && text.parse::<i64>().is_err() {
        cx.error("definition_unknown_value", &node.at, "no whole number", "write it like `0`, or `{{ config.NAME }}`");
    } else if !integer && !instant() {
        cx.error("definition_unknown_value", &node.at, "no instant", "write it like `2026-01-31T00:00:00Z`, or `{{ config.NAME }}`");
    }
}

/// What windows need to follow one another.
pub(super) fn windows(cx: &mut Check, node: &Node<'_>, order: Option<Order>, request: Option<&Request>) {
    let Some(window) = node.get("window") else { return };
    if node.get("start").is_none() {
        cx.error("definition_missing_key", &window.at, "nothing says where the first window begins", "add `start`, such as `{{ config.start_date }}`");
    }
    if order == Some(Order::Descending) {
        cx.error("definition_unknown_key", &window.at, "windows go from the oldest on, and of `desc` the run ends at the first record that is known", "remove `window`, or `order`");
    }
    let end = node.get("inject").is_some_and(|inject| inject.get("end").is_some());
    if !end && request.is_some_and(|request| !request.uses("window")) {
        cx.error("definition_missing_key", &window.at, "the end of the window goes nowhere, so every window would be the whole", "add `inject.end`, or use `{{ window.end }}` in the request");
    }
}

/// Somebody has to look at the start: the other system, or we.
pub(super) fn goes_somewhere(cx: &mut Check, node: &Node<'_>, order: Option<Order>, client_filter: bool, request: Option<&Request>) {
    let injected = node.get("inject").is_some_and(|inject| inject.get("start").is_some() || cx.is_meant(&inject.at, "start"));
    let used = request.is_none_or(|request| request.uses("cursor") || request.uses("window"));
    if !injected && !used && !client_filter && order.is_some_and(|order| order != Order::Descending) {
        cx.error("definition_missing_key", &node.at, "the start goes nowhere, so every run would read everything", "add `inject.start`, use `{{ cursor }}` in the request, or set `client_filter`");
    }
}

