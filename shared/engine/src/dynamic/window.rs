//! What is asked for since when: the windows of a run, the values of records, and what the next run begins with.
//!
//! The start is inclusive and lies a lookback before what was read: what comes again is left out by its content.

use connector::{CursorKind, Incremental, Order, TimeFormat};
use document::{Item, hash_item};
use jiff::tz::TimeZone;

use super::{lengths::Lengths, state::{Mark, Part, Point, State}};

/// Records remembered near the greatest value; beyond that some come twice, which does no harm.
const MOST_KNOWN: usize = 200;
/// Partitions with a mark of their own; beyond that one mark, the least, holds for all.
pub(crate) const MOST_MARKS: usize = 1_000;
/// How far ahead of ours the clock of a source may run.
const AHEAD_MS: i64 = 5 * 60_000;
/// Digits of the hash of a remembered record.
const DIGITS: usize = 16;

const DAY_MS: i64 = 86_400_000;
/// Records remembered near the marks of all partitions.
const MOST_KNOWN_IN_ALL: usize = 3_000;
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

/// The span a partition is at.
pub(crate) fn span(lengths: Lengths, part: &Part) -> Span {
    let first = part.since.as_ref().map(|since| since.value.saturating_sub(lengths.lookback));
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

/// The value of the end as it is asked for. Whether a source counts its end in is seldom said: without a declared step it is
/// the next start, so that nothing is lost either way.
pub(crate) fn asked_end(incremental: &Incremental, span: Span) -> Option<i64> {
    let end = span.end?;
    if span.last {
        return Some(end);
    }
    Some(end.saturating_sub(incremental.granularity_ms.unwrap_or(0)).max(span.start.unwrap_or(i64::MIN)))
}

/// The greatest value a mark may have after a run that began at a time. What changes later may lie on a page that is read
/// already; it is stamped with that time or later, cut to the step of the source's clock.
fn ceiling(incremental: &Incremental, began_ms: Option<i64>) -> i64 {
    let CursorKind::Instant { formats, .. } = &incremental.kind else { return i64::MAX };
    let usual = if formats.contains(&TimeFormat::Date) { DAY_MS } else { 1_000 };
    let step = incremental.granularity_ms.unwrap_or(usual).max(1);
    began_ms.map_or(i64::MAX, |began| began.div_euclid(step).saturating_mul(step))
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
pub(crate) fn sight(incremental: &Incremental, lengths: Lengths, part: &Part, mark: Option<&Mark>, record: Item<'_>, point: Option<&Point>) -> Sight {
    let Some(point) = point else { return Sight::New };
    if part.since.as_ref().is_some_and(|since| point.value < since.value.saturating_sub(lengths.lookback)) {
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
pub(crate) fn note<'r>(incremental: &Incremental, lengths: Lengths, part: &mut Part, records: impl Iterator<Item = (Item<'r>, Point)> + Clone, began_ms: Option<i64>, now_ms: i64) {
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
    let near = high.value.min(ceiling(incremental, began_ms)).saturating_sub(lengths.lookback);
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
pub(crate) fn marked(incremental: &Incremental, lengths: Lengths, before: Option<&Mark>, part: &Part, began_ms: Option<i64>) -> Option<Mark> {
    let most = ceiling(incremental, began_ms);
    let at = |value: i64| Point { value, text: TimeFormat::Iso8601.write(value, &TimeZone::UTC) };
    let mut points: Vec<Point> = before.map(|mark| mark.point.clone()).into_iter().collect();
    points.extend(part.high.as_ref().map(|high| if high.point.value > most { at(most) } else { high.point.clone() }));
    if let (Some(window), Some(until), CursorKind::Instant { .. }) = (lengths.window, part.until, &incremental.kind) {
        // Every window up to the end was read: what is quiet for long is not read window by window by every run. Two days are
        // more than the clocks of the world differ.
        points.push(at(until.min(most).saturating_sub(window.max(2 * DAY_MS))));
    }
    let point = points.into_iter().max_by_key(|point| point.value)?;
    let near = point.value.saturating_sub(lengths.lookback);
    let known = before.into_iter().chain(&part.high).flat_map(|mark| mark.known.iter().cloned()).collect();
    Some(Mark { point, known: kept(known, near) })
}

/// Keeps the mark of a partition. Those beyond what is kept are put together until the run ends.
pub(crate) fn keep(incremental: &Incremental, lengths: Lengths, state: &mut State, partition: &str, mark: Mark) {
    match state.marks.iter().position(|(known, _)| known == partition) {
        Some(at) => state.marks[at].1 = mark,
        None if state.marks.len() < MOST_MARKS => state.marks.push((partition.to_owned(), mark)),
        None if matches!(incremental.kind, CursorKind::Integer) => state.whole = lesser(state.whole.take(), Some(mark)),
        None => state.whole = greater(lengths, state.whole.take(), Some(mark)),
    }
    if state.marks.iter().map(|(_, mark)| mark.known.len()).sum::<usize>() > MOST_KNOWN_IN_ALL {
        let each = MOST_KNOWN_IN_ALL / state.marks.len().max(1);
        for (_, mark) in &mut state.marks {
            let surplus = mark.known.len().saturating_sub(each);
            mark.known.drain(..surplus);
        }
    }
}

/// Puts the marks of more partitions than are kept into one that holds for all.
///
/// Every partition was read since the run began, so that nothing before that time is unread. Numbers have no such time, and
/// where only changed parents are read some partitions were not: there the least holds, and some records come twice.
pub(crate) fn collapse(incremental: &Incremental, lengths: Lengths, state: &mut State, every: bool) {
    if state.whole.is_none() {
        return;
    }
    let marks = std::mem::take(&mut state.marks).into_iter().map(|(_, mark)| mark).chain(state.whole.take());
    let one = if every && !matches!(incremental.kind, CursorKind::Integer) {
        marks.fold(None, |one, mark| greater(lengths, one, Some(mark)))
    } else {
        marks.fold(None, |one, mark| lesser(one, Some(mark)))
    };
    state.mark = one.map(|mark| capped(incremental, mark, state.began));
}

/// A mark that is no greater than the beginning of the run.
fn capped(incremental: &Incremental, mark: Mark, began_ms: Option<i64>) -> Mark {
    let most = ceiling(incremental, began_ms);
    if mark.point.value <= most { mark } else { Mark { point: Point { value: most, text: TimeFormat::Iso8601.write(most, &TimeZone::UTC) }, ..mark } }
}

/// The lesser of two marks.
fn lesser(one: Option<Mark>, other: Option<Mark>) -> Option<Mark> {
    one.into_iter().chain(other).min_by_key(|mark| mark.point.value)
}

/// The greater of two marks.
pub(crate) fn greater(lengths: Lengths, one: Option<Mark>, other: Option<Mark>) -> Option<Mark> {
    let (Some(one), Some(other)) = (one.clone(), other.clone()) else { return one.or(other) };
    let (low, high) = if one.point.value < other.point.value { (one, other) } else { (other, one) };
    let near = high.point.value.saturating_sub(lengths.lookback);
    Some(Mark { known: kept(low.known.into_iter().chain(high.known).collect(), near), point: high.point })
}
