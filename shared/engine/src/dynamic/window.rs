//! What is asked for since when: the windows of a run and the values of records. What is remembered of them is in `marks`.
//!
//! The start is inclusive and lies a lookback before what was read: what comes again is left out by its content.

use connector::{CursorKind, Incremental, Order, TimeFormat};
use document::Item;
use jiff::tz::TimeZone;

use super::{anew::tick, doubled, lengths::Lengths, state::{Mark, Part, Point}};

pub(crate) use super::marks::{collapse, greater, joined, keep, marked, note, print};

/// An end of numbers that is not asked for.
pub(crate) const OPEN: i64 = i64::MAX;

/// Start and end of what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub(crate) start: Option<i64>,
    /// Where the next span begins, or the run ends.
    pub(crate) end: Option<i64>,
    /// It is the last of the run.
    pub(crate) last: bool,
}

/// What a record is to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// It is new.
    New,
    /// It was read before, or lies before the start where the source does not look.
    Known,
    /// It lies before the start of a listing that shows the newest first: what follows is older still.
    End,
}

/// Begins a partition: what it asks from is fixed until it ends.
pub(crate) fn begin(incremental: &Incremental, part: &mut Part, mark: Option<&Mark>, first: Option<Point>, now_ms: i64) {
    part.since = mark.map(|mark| mark.point.clone()).or(first);
    if matches!(incremental.kind, CursorKind::Instant { .. }) {
        part.until = Some(now_ms);
    }
}

/// Where whoever read up to a value begins: a lookback before it, and before an hour that comes twice.
pub(crate) fn floor(incremental: &Incremental, lengths: Lengths, value: i64) -> i64 {
    doubled::back(incremental, value.saturating_sub(lengths.lookback))
}

/// The span a partition is at.
pub(crate) fn span(incremental: &Incremental, lengths: Lengths, part: &Part) -> Span {
    let first = part.since.as_ref().map(|since| floor(incremental, lengths, since.value));
    // The clock of a source may be ahead of ours: a span never ends before it begins.
    let start = part.from.or(first).map(|start| part.until.map_or(start, |until| start.min(until)));
    match (start, lengths.window) {
        (start, Some(_)) if part.until == Some(OPEN) => Span { start, end: None, last: true },
        (Some(start), Some(window)) => {
            let end = start.saturating_add(window);
            // Of numbers nobody knows the end: a span with nothing in it is followed by one without an end.
            let last = part.until.is_some_and(|until| end >= until);
            Span { start: Some(start), end: if last { part.until } else { Some(end) }, last }
        }
        (start, _) => Span { start, end: part.until, last: true },
    }
}

/// An end of a span as it is written.
pub(crate) fn written(incremental: &Incremental, value: i64, format: &TimeFormat) -> String {
    match &incremental.kind {
        CursorKind::Integer => value.to_string(),
        CursorKind::Instant { zone, .. } => format.write(value, zone),
    }
}

/// Where the span behind one begins: a little before its end, for a source that counts neither end in, and behind its start.
pub(crate) fn following(incremental: &Incremental, span: Span) -> Option<i64> {
    let end = span.end?;
    let before = end.saturating_sub(tick(incremental));
    Some(if span.start.is_none_or(|start| before > start) { before } else { end })
}

/// The value of the end as it is asked for. Whether a source counts its end in is seldom said: without a declared step it is
/// the next start, so that nothing is lost either way.
pub(crate) fn asked_end(incremental: &Incremental, span: Span) -> Option<i64> {
    let end = span.end?;
    if span.last {
        return Some(end);
    }
    Some(end.saturating_sub(incremental.granularity_ms.unwrap_or(0)).max(span.start.unwrap_or(i64::MIN)))
}

/// The value of a text, by the first form that reads it.
pub(crate) fn value(incremental: &Incremental, text: &str) -> Option<i64> {
    match &incremental.kind {
        CursorKind::Integer => text.trim().parse().ok(),
        CursorKind::Instant { formats, zone } => read(formats, zone, text),
    }
}

/// The instant of a text, by the first form that reads it; by RFC 3339 where none does.
pub(crate) fn read(formats: &[TimeFormat], zone: &TimeZone, text: &str) -> Option<i64> {
    formats.iter().find_map(|format| format.read(text, zone)).or_else(|| TimeFormat::Iso8601.read(text, zone))
}

/// A record as it was answered, and with what was added.
pub(crate) type Both<'r> = (Item<'r>, Item<'r>);

/// The value of a record, and the text it is written in.
pub(crate) fn point(incremental: &Incremental, record: Item<'_>) -> Option<Point> {
    let text = incremental.cursor.at(record)?.plain()?;
    Some(Point { value: value(incremental, &text)?, text: text.into_owned() })
}

/// What a record is to the run.
pub(crate) fn sight(incremental: &Incremental, lengths: Lengths, part: &Part, mark: Option<&Mark>, print: impl FnOnce() -> String, point: Option<&Point>) -> Sight {
    let Some(point) = point else { return Sight::New };
    if part.since.as_ref().is_some_and(|since| point.value < since.value.saturating_sub(lengths.lookback) && point.value < floor(incremental, lengths, since.value)) {
        return match incremental.order {
            Order::Descending => Sight::End,
            _ if incremental.client_filter => Sight::Known,
            _ => Sight::New,
        };
    }
    // Where a listing began anew behind its last record, that one comes again within the run.
    let marks = mark.into_iter().chain(part.high.as_ref().filter(|_| part.from.is_some()));
    let mut near = marks.flat_map(|mark| &mark.known).filter(|(value, _)| *value == point.value).peekable();
    if near.peek().is_none() {
        return Sight::New;
    }
    let print = print();
    if near.any(|(_, known)| *known == print) { Sight::Known } else { Sight::New }
}
