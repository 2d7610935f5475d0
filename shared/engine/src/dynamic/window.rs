//! What is asked for since when: the windows of a run, the values of records, and what the next run begins with.
//!
//! The start is inclusive and lies a lookback before what was read: what comes again is left out by its content.

use connector::{CursorKind, Incremental, Order, TimeFormat};
use document::{Item, hash_item};
use jiff::tz::TimeZone;

use super::state::{Mark, Part, Point, State};

/// Records remembered near the greatest value; beyond that some come twice, which does no harm.
const MOST_KNOWN: usize = 200;
/// Partitions with a mark of their own; beyond that one mark, the least, holds for all.
pub(crate) const MOST_MARKS: usize = 1_000;
/// How far ahead of ours the clock of a source may run.
const AHEAD_MS: i64 = 5 * 60_000;
/// Digits of the hash of a remembered record.
const DIGITS: usize = 16;

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

/// The span a partition is at.
pub(crate) fn span(incremental: &Incremental, part: &Part) -> Span {
    let first = part.since.as_ref().map(|since| since.value.saturating_sub(incremental.lookback));
    let start = part.from.or(first);
    match (start, incremental.window) {
        (Some(start), Some(window)) => {
            let end = start.saturating_add(window);
            // Of numbers nobody knows the end: a span with no records beyond it ends the run.
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

/// The value of the end as it is asked for: inclusive, one step before the next start.
pub(crate) fn inclusive_end(incremental: &Incremental, span: Span) -> Option<i64> {
    let end = span.end?;
    Some(match incremental.kind {
        _ if span.last => end,
        CursorKind::Integer => end.saturating_sub(1),
        CursorKind::Instant { .. } => end.saturating_sub(incremental.granularity_ms),
    })
}

/// The value of a text, by the first form that reads it.
pub(crate) fn value(incremental: &Incremental, text: &str) -> Option<i64> {
    match &incremental.kind {
        CursorKind::Integer => text.trim().parse().ok(),
        CursorKind::Instant { formats, zone } => read(formats, zone, text),
    }
}

/// The instant of another text of the record, where its cursor is one.
pub(crate) fn instant(incremental: &Incremental, text: &str) -> Option<i64> {
    match &incremental.kind {
        CursorKind::Integer => None,
        CursorKind::Instant { formats, zone } => read(formats, zone, text),
    }
}

/// The instant of a text, by the first form that reads it; by RFC 3339 where none does.
fn read(formats: &[TimeFormat], zone: &TimeZone, text: &str) -> Option<i64> {
    formats.iter().find_map(|format| format.read(text, zone)).or_else(|| TimeFormat::Iso8601.read(text, zone))
}

/// The value of a record, and the text it is written in.
pub(crate) fn point(incremental: &Incremental, record: Item<'_>) -> Option<Point> {
    let text = incremental.cursor.at(record)?.plain()?;
    Some(Point { value: value(incremental, &text)?, text: text.into_owned() })
}

/// What a record is to the run.
pub(crate) fn sight(incremental: &Incremental, part: &Part, mark: Option<&Mark>, record: Item<'_>, point: Option<&Point>) -> Sight {
    let Some(point) = point else { return Sight::New };
    if part.since.as_ref().is_some_and(|since| point.value < since.value.saturating_sub(incremental.lookback)) {
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
    let hash = hashed(record);
    if near.any(|(_, known)| *known == hash) { Sight::Known } else { Sight::New }
}

/// Takes the records of a page into account: the greatest value, and those near it.
pub(crate) fn note<'r>(incremental: &Incremental, part: &mut Part, records: impl Iterator<Item = (Item<'r>, Point)> + Clone, now_ms: i64) {
    let latest = if matches!(incremental.kind, CursorKind::Integer) { i64::MAX } else { now_ms.saturating_add(AHEAD_MS) };
    // Asked from a time that is not yet, the source would pass over everything until then.
    let present = |point: Point| if point.value <= latest { point } else { Point { value: now_ms, text: TimeFormat::Iso8601.write(now_ms, &TimeZone::UTC) } };
    let greatest = records.clone().map(|(_, point)| present(point)).max_by_key(|point| point.value);
    let known = part.high.take();
    let high = match (greatest, known.as_ref().map(|mark| mark.point.clone())) {
        (Some(found), Some(high)) if found.value <= high.value => Some(high),
        (Some(found), _) => Some(found),
        (None, high) => high,
    };
    let Some(high) = high else { return };
    let near = high.value.saturating_sub(incremental.lookback);
    let mut remembered: Vec<(i64, String)> = known.map(|mark| mark.known).unwrap_or_default();
    remembered.extend(records.filter(|(_, point)| point.value >= near).map(|(record, point)| (point.value, hashed(record))));
    part.high = Some(Mark { point: high, known: kept(remembered, near) });
}

/// The records that are worth remembering: near the greatest value, each once.
fn kept(mut remembered: Vec<(i64, String)>, near: i64) -> Vec<(i64, String)> {
    remembered.retain(|(value, _)| *value >= near);
    remembered.sort();
    remembered.dedup();
    let surplus = remembered.len().saturating_sub(MOST_KNOWN);
    remembered.drain(..surplus);
    remembered
}

fn hashed(record: Item<'_>) -> String {
    let mut text = hex::encode(hash_item(record));
    text.truncate(DIGITS);
    text
}

/// What the next run begins with, of what it began with and what it read.
pub(crate) fn marked(incremental: &Incremental, before: Option<&Mark>, part: &Part) -> Option<Mark> {
    let Some(high) = &part.high else { return before.cloned() };
    let Some(before) = before else { return Some(high.clone()) };
    let point = if high.point.value < before.point.value { before.point.clone() } else { high.point.clone() };
    let near = point.value.saturating_sub(incremental.lookback);
    Some(Mark { point, known: kept(before.known.iter().chain(&high.known).cloned().collect(), near) })
}

/// Keeps the mark of a partition; too many become one.
pub(crate) fn keep(state: &mut State, partition: &str, mark: Mark) {
    match state.marks.iter_mut().find(|(known, _)| known == partition) {
        Some((_, known)) => *known = mark,
        None => state.marks.push((partition.to_owned(), mark)),
    }
    if state.marks.len() > MOST_MARKS {
        let marks = std::mem::take(&mut state.marks);
        state.mark = marks.into_iter().map(|(_, mark)| mark).min_by_key(|mark| mark.point.value).map(|mark| Mark { known: Vec::new(), ..mark });
    }
}

/// The greater of two marks.
pub(crate) fn greater(incremental: &Incremental, one: Option<Mark>, other: Option<Mark>) -> Option<Mark> {
    let (Some(one), Some(other)) = (one.clone(), other.clone()) else { return one.or(other) };
    let (low, high) = if one.point.value < other.point.value { (one, other) } else { (other, one) };
    let near = high.point.value.saturating_sub(incremental.lookback);
    Some(Mark { known: kept(low.known.into_iter().chain(high.known).collect(), near), point: high.point })
}
