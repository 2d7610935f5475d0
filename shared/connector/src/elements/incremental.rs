//! `incremental`: what is asked for is only what changed since the last run.

use document::Path;
use expr::Template;
use jiff::tz::TimeZone;

use super::{inject::{self, Inject}, paging, request::Request};
use crate::{TimeFormat, check::{Check, Node}, shape::{Element, Key, Takes}, template::template_at};

/// What a cursor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CursorKind {
    /// An instant, in any of these forms; what a text does not say of its zone is taken from `zone`.
    Instant {
        /// The forms, tried in order.
        formats: Vec<TimeFormat>,
        /// The zone of texts that name none.
        zone: TimeZone,
    },
    /// A whole number that grows.
    Integer,
}

/// In which order a listing comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Oldest first.
    Ascending,
    /// Newest first: the run ends at the first record that is known.
    Descending,
    /// Any.
    Unknown,
}

/// A place for an end of the window, and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The place.
    pub inject: Inject,
    /// The form, for instants.
    pub format: TimeFormat,
}

/// What is asked for since when.
#[derive(Debug)]
pub struct Incremental {
    /// Where a record tells when it changed.
    pub cursor: Path,
    /// What stands there.
    pub kind: CursorKind,
    /// Where the start goes; without it the request uses `{{cursor}}` or `{{ window.start }}`.
    pub start: Option<Bound>,
    /// Where the end goes.
    pub end: Option<Bound>,
    /// The form of `{{cursor}}`, `{{ window.start }}` and `{{ window.end }}`.
    pub format: TimeFormat,
    /// Where the very first run begins.
    pub from: Option<Template>,
    /// How far the start is put back, for what commits late: milliseconds, or as many numbers.
    pub lookback: i64,
    /// The longest span asked for at once.
    pub window: Option<i64>,
    /// The smallest step of the source's clock: an end that is inclusive lies one step before the next start.
    pub granularity_ms: i64,
    /// In which order records come.
    pub order: Order,
    /// Records before the start are left out here, because the source does not do it.
    pub client_filter: bool,
    /// One mark for all partitions instead of one for each.
    pub global: bool,
}

const DEFAULT_LOOKBACK_MS: i64 = 5 * 60 * 1000;
const ORDERS: &[&str] = &["asc", "desc", "unknown"];
const STATES: &[&str] = &["per_partition", "global"];

static PLACES: Element = Element {
    name: "inject_window",
    doc: "Where the ends of the window go.",
    keys: &[
        Key::new("start", Takes::Of(&inject::INJECT_TIME), "Where the start goes; it is inclusive."),
        Key::new("end", Takes::Of(&inject::INJECT_TIME), "Where the end goes."),
    ],
};

/// `incremental`.
pub(crate) static INCREMENTAL: Element = Element {
    name: "incremental",
    doc: "What is asked for is only what changed since the last run. The start is inclusive, and records that were read before are left out by their key and content.",
    keys: &[
        Key::required("cursor", Takes::Path { singular: true }, "Where a record tells when it changed; what `records.add` adds is seen. Where records do not tell, add `{{ window.end }}`: the next run then asks from when this one began."),
        Key::new("type", Takes::Words(&["datetime", "integer"]), "What stands there; `datetime` without it."),
        Key::new("formats", Takes::List(&Takes::Text), "The forms of the instant in records, tried in order: `iso8601`, `date`, `epoch_s`, `epoch_ms`, `epoch_us`, `rfc2822`, `dotnet` or a pattern; `iso8601` without it."),
        Key::new("zone", Takes::Text, "The zone of instants that name none, such as `Europe/Stockholm`; UTC without it. Requests are written in it too."),
        Key::new("format", Takes::Text, "The form of `{{cursor}}`, `{{ window.start }}` and `{{ window.end }}`; that of `inject.start` without it, else the first of `formats`."),
        Key::new("granularity", Takes::Duration, "The smallest step of the source's clock; `PT1S` without it. The end of a window is one step before the start of the next."),
        Key::new("start", Takes::Template, "Where the very first run begins, such as `{{ config.start_date }}`; at the beginning without it."),
        Key::new("lookback", Takes::Either(&[Takes::Duration, Takes::Integer]), "How far the start is put back, for what commits late; `PT5M` without it, 0 for integers."),
        Key::new("window", Takes::Either(&[Takes::Duration, Takes::Count]), "The longest span asked for at once."),
        Key::new("inject", Takes::Of(&PLACES), "Where the ends of the window go."),
        Key::new("order", Takes::Words(ORDERS), "In which order records come. Of `desc` the run ends at the first record before the start."),
        Key::new("client_filter", Takes::Boolean, "Leave out records before the start, because the source does not."),
        Key::new("state", Takes::Words(STATES), "Whether each partition of a fan-out has its own mark; `per_partition` without it."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>, request: Option<&Request>) -> Option<Incremental> {
    INCREMENTAL.open(cx, node)?;
    let cursor = node.need(cx, "cursor").and_then(|cursor| cursor.path(cx, true));
    let integer = node.get("type").map_or(Some("datetime"), |kind| kind.word(cx, &["datetime", "integer"]))? == "integer";
    let formats = formats(cx, node);
    let zone = match node.get("zone") {
        Some(zone) => self::zone(cx, &zone)?,
        None => TimeZone::UTC,
    };
    let formats = formats?;
    let first = formats.first().cloned().unwrap_or(TimeFormat::Iso8601);
    let said = match node.get("format") {
        Some(format) => Some(self::format(cx, &format)?),
        None => None,
    };
    let (mut start, mut end) = (None, None);
    if let Some(places) = node.get("inject") {
        PLACES.open(cx, &places)?;
        start = bound(cx, &places, "start", said.as_ref().unwrap_or(&first), request)?;
        end = bound(cx, &places, "end", said.as_ref().unwrap_or(&first), request)?;
    }
    let format = said.or_else(|| start.as_ref().map(|start| start.format.clone())).unwrap_or(first);
    let from = match node.get("start") {
        Some(start) => Some(start.text(cx).and_then(|text| template_at(cx, &start, text, &["config"]))?),
        None => None,
    };
    let amount = |cx: &mut Check, key: &str, usual: Option<i64>| match node.get(key) {
        Some(value) if integer => value.integer(cx).map(Some),
        Some(value) => value.duration(cx).map(Some),
        None => Some(usual),
    };
    let lookback = amount(cx, "lookback", Some(if integer { 0 } else { DEFAULT_LOOKBACK_MS }))?;
    let window = amount(cx, "window", None)?;
    let granularity_ms = node.get("granularity").map_or(Some(1_000), |step| step.duration(cx))?;
    let order = match node.get("order").map_or(Some("unknown"), |order| order.word(cx, ORDERS))? {
        "asc" => Order::Ascending,
        "desc" => Order::Descending,
        _ => Order::Unknown,
    };
    let client_filter = node.get("client_filter").and_then(|filter| filter.boolean(cx)).unwrap_or(false);
    let global = node.get("state").map_or(Some("per_partition"), |state| state.word(cx, STATES))? == "global";
    if window.is_some_and(|window| window <= 0) {
        cx.error("definition_unknown_value", &format!("{}/window", node.at), "a window without length", "write a length above 0");
    }
    if window.is_some() && end.is_none() && request.is_some_and(|request| !request.uses("window")) {
        cx.error("definition_missing_key", &node.at, "the end of the window goes nowhere, so every window would be the whole", "add `inject.end`, or use `{{ window.end }}` in the request");
    }
    let kind = if integer { CursorKind::Integer } else { CursorKind::Instant { formats, zone } };
    Some(Incremental { cursor: cursor?, kind, start, end, format, from, lookback: lookback.unwrap_or(0), window, granularity_ms, order, client_filter, global })
}

/// An end of the window.
#[expect(clippy::option_option, reason = "the outer tells a mistake, the inner that nothing is said")]
fn bound(cx: &mut Check, node: &Node<'_>, key: &str, usual: &TimeFormat, request: Option<&Request>) -> Option<Option<Bound>> {
    let Some(place) = node.get(key) else { return Some(None) };
    inject::INJECT_TIME.open(cx, &place)?;
    let format = match place.get("format") {
        Some(format) => self::format(cx, &format)?,
        None => usual.clone(),
    };
    Some(Some(Bound { inject: paging::fits(cx, &place, request)?, format }))
}

fn formats(cx: &mut Check, node: &Node<'_>) -> Option<Vec<TimeFormat>> {
    let Some(formats) = node.get("formats") else { return Some(vec![TimeFormat::Iso8601]) };
    let items = formats.items(cx)?;
    let formats: Vec<_> = items.iter().map(|item| format(cx, item)).collect();
    formats.into_iter().collect()
}

fn format(cx: &mut Check, node: &Node<'_>) -> Option<TimeFormat> {
    let text = node.text(cx)?;
    match TimeFormat::parse(text) {
        Ok(format) => Some(format),
        Err(reason) => {
            cx.error("definition_unknown_value", &node.at, format!("`{text}` is no time format: {reason}"), "use iso8601, date, epoch_s, epoch_ms, epoch_us, rfc2822, dotnet or a pattern such as `%Y-%m-%d %H:%M:%S`");
            None
        }
    }
}

fn zone(cx: &mut Check, node: &Node<'_>) -> Option<TimeZone> {
    let zone = expr::zone(node.text(cx)?);
    if zone.is_none() {
        cx.error("definition_unknown_value", &node.at, "no time zone", "write it like `Europe/Stockholm` or `+02:00`");
    }
    zone
}

