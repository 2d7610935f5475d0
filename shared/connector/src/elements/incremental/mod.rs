//! `incremental`: what is asked for is only what changed since the last run.

mod bound;
mod honest;
mod length;

use document::Path;
use expr::Template;
use jiff::tz::TimeZone;

use super::{request::Request, wait};
use crate::{TimeFormat, check::{Check, Node}, shape::{Element, Key, Takes}, template::template_at};

pub use bound::Bound;
pub(super) use bound::{formats, zone};
pub use length::{Length, Measure};

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
    /// Any, for nothing is said.
    Unsaid,
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
    /// How far the start is put back, for what commits late; where the configuration gives none, as far as without it.
    pub lookback: Length,
    /// The longest span asked for at once; none where the configuration gives none.
    pub window: Option<Length>,
    /// The smallest step of the source's clock, where it is said: then the end of a window lies one step before the next start.
    pub granularity_ms: Option<i64>,
    /// In which order records come.
    pub order: Order,
    /// Records before the start are left out here, because the source does not do it.
    pub client_filter: bool,
    /// One mark for all partitions instead of one for each.
    pub global: bool,
}

impl Incremental {
    /// What its windows are measured in.
    #[must_use]
    pub fn measure(&self) -> Measure {
        Measure { integer: self.kind == CursorKind::Integer, nothing: false }
    }

    /// How far the start is put back where nothing is said.
    #[must_use]
    pub fn usual_lookback(&self) -> i64 {
        usual_lookback(self.kind == CursorKind::Integer)
    }
}

const DEFAULT_LOOKBACK_MS: i64 = 5 * 60 * 1000;
/// The names the beginning of everything may be made of.
pub(crate) const START: &[&str] = &["config"];
const ORDERS: &[&str] = &["asc", "desc", "unknown"];
const STATES: &[&str] = &["per_partition", "global"];

/// `incremental`.
pub(crate) static INCREMENTAL: Element = Element {
    name: "incremental",
    doc: "What is asked for is only what changed since the last run. The start is inclusive, and records that were read before are left out by their key and content: a thousand of those that lie within the `lookback`, in all partitions together three thousand. Of more, the others are told again until a later change moves the mark on; a shorter `lookback` makes them fewer.",
    keys: &[
        Key::required("cursor", Takes::Path { singular: true }, "Where a record tells when it changed; what `records.add` adds is seen. Where records do not tell, add `{{ window.end }}`: the next run then asks from when this one began."),
        Key::new("type", Takes::Words(&["datetime", "integer"]), "What stands there; `datetime` without it."),
        Key::new("formats", Takes::List(&Takes::Text), "The forms of the instant in records, tried in order: `iso8601`, `date`, `epoch_s`, `epoch_ms`, `epoch_us`, `rfc2822`, `dotnet` or a pattern, in which `%Y` is a year of four digits and `%y` one of two; `iso8601` without it."),
        Key::new("zone", Takes::Text, "The zone of instants that name none, such as `Europe/Stockholm`; UTC without it. Requests are written in it too."),
        Key::new("format", Takes::Text, "The form of `{{cursor}}`, `{{ window.start }}` and `{{ window.end }}`; that of `inject.start` without it, else the first of `formats`."),
        Key::new("granularity", Takes::Duration, "The smallest step of the source's clock. Where it is said, the end of a window is asked for one step earlier, for sources whose end is inclusive, and the start of the next lies one step before that end as it was meant; without it a second. What lies there is read twice and told once."),
        Key::new("start", Takes::Template, "Where the very first run begins, such as `{{ config.start_date }}`; at the beginning without it."),
        Key::new("lookback", Takes::Either(&[Takes::Duration, Takes::Integer, Takes::Template]), "How far the start is put back, for what commits late; `PT5M` without it. It is a second at least, or the `granularity`, or 1 for integers: some sources count what lies on the start, and some do not. The configuration may give it, as it may `window`."),
        Key::new("window", Takes::Either(&[Takes::Duration, Takes::Count, Takes::Template]), "The longest span asked for at once, or as many numbers; needs `start`. Each begins a second, a `granularity` or 1 of integers before the last one ends: some sources count neither what lies on the end nor what lies on the start. The configuration may give it, as in `{{ config.window_days }}`: a duration or a number of days, or as many numbers; where it gives none, everything is asked for at once."),
        Key::new("inject", Takes::Of(&bound::PLACES), "Where the ends of the window go."),
        Key::new("order", Takes::Words(ORDERS), "In which order records come, by what `cursor` tells. Of `asc`, numbered pages are read so that nothing is passed over while the listing moves, for the fewest requests; in any other order each of them is looked at twice (see [`page`](#page)). Of `desc` the run ends with the page whose last record lies before the start; `unknown` where it is neither."),
        Key::new("client_filter", Takes::Boolean, "Leave out records before the start, because the source does not."),
        Key::new("state", Takes::Words(STATES), "Whether each partition of a fan-out has its own mark; `per_partition` without it. With one mark for all (`global`) a partition that is new, or was passed over while its parents moved, is asked for what changed since that mark: what is older there is never told. Use it where partitions are too many to have their own and do not come late."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>, request: Option<&Request>) -> Option<Incremental> {
    INCREMENTAL.open(cx, node)?;
    let cursor = node.need(cx, "cursor").and_then(|cursor| cursor.path(cx, true));
    let integer = node.get("type").map_or(Some("datetime"), |kind| kind.word(cx, &["datetime", "integer"])).map(|kind| kind == "integer");
    if integer == Some(true) {
        numbers(cx, node);
    }
    let formats = bound::formats(cx, node);
    let zone = node.get("zone").map_or(Some(TimeZone::UTC), |zone| bound::zone(cx, &zone));
    let said = node.get("format").map(|format| bound::format(cx, &format));
    let usual = said.clone().flatten().or_else(|| formats.iter().flatten().next().cloned()).unwrap_or(TimeFormat::Iso8601);
    let (mut start, mut end) = (Some(None), Some(None));
    if let Some(places) = node.get("inject") {
        if places.get("in").is_some() {
            cx.error("definition_wrong_type", &places.at, "this does not say which end of the window goes there", "write `{\"start\": { … }}` around it");
            return None;
        }
        bound::PLACES.open(cx, &places)?;
        (start, end) = (bound::bound(cx, &places, "start", &usual, request), bound::bound(cx, &places, "end", &usual, request));
    }
    let format = said.unwrap_or_else(|| Some(start.iter().flatten().next().map_or(usual, |start| start.format.clone())));
    let from = node.get("start").map(|start| {
        let from = start.text(cx).and_then(|text| template_at(cx, &start, text, START));
        honest::first(cx, &start, from.as_ref(), integer == Some(true), formats.as_deref().unwrap_or_default());
        from
    });
    let lookback = node.get("lookback").map_or_else(|| Some(Length::Fixed(usual_lookback(integer == Some(true)))), |back| {
        let measure = Measure { integer: integer?, nothing: true };
        length::given(cx, &back, measure, |cx| amount(cx, &back, measure.integer))
    });
    let window = node.get("window").map(|window| {
        let measure = Measure { integer: integer?, nothing: false };
        length::given(cx, &window, measure, |cx| if measure.integer { window.count(cx).map(i64::from) } else { wait::some_time(cx, &window) })
    });
    let granularity_ms = node.get("granularity").map(|step| step.duration(cx)).map_or(Some(None), |step| step.map(Some));
    let order = node.get("order").map_or(Some(""), |order| order.word(cx, ORDERS)).map(|order| match order {
        "asc" => Order::Ascending,
        "desc" => Order::Descending,
        "" => Order::Unsaid,
        _ => Order::Unknown,
    });
    let client_filter = node.get("client_filter").and_then(|filter| filter.boolean(cx)).unwrap_or(false);
    let global = node.get("state").map_or(Some("per_partition"), |state| state.word(cx, STATES));
    honest::windows(cx, node, order, request);
    honest::goes_somewhere(cx, node, order, client_filter, request);
    let (from, window) = (from.map_or(Some(None), |from| from.map(Some))?, window.map_or(Some(None), |window| window.map(Some))?);
    let kind = if integer? { CursorKind::Integer } else { CursorKind::Instant { formats: formats?, zone: zone? } };
    Some(Incremental {
        cursor: cursor?, kind, start: start?, end: end?, format: format?, from, lookback: lookback?, window, granularity_ms: granularity_ms?, order: order?, client_filter, global: global? == "global",
    })
}

fn usual_lookback(integer: bool) -> i64 {
    if integer { 0 } else { DEFAULT_LOOKBACK_MS }
}

/// What has no meaning where the cursor is a number.
fn numbers(cx: &mut Check, node: &Node<'_>) {
    let ends = ["start", "end"].iter().filter_map(|end| node.get("inject")?.get(end)?.get("format"));
    for key in ["formats", "zone", "format", "granularity"].iter().filter_map(|key| node.get(key)).chain(ends) {
        cx.error("definition_unknown_key", &key.at, format!("`{}` is of instants, and the cursor is a number", key.name()), "remove it, or the `type`");
    }
}

/// A duration, or as many numbers.
fn amount(cx: &mut Check, node: &Node<'_>, integer: bool) -> Option<i64> {
    if !integer {
        return node.duration(cx);
    }
    let amount = node.integer(cx)?;
    if amount < 0 {
        cx.error("definition_unknown_value", &node.at, "the start would be put forward, and what lies between would be lost", "write a number that is not below 0");
        return None;
    }
    Some(amount)
}
