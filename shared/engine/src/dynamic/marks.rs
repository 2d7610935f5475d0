//! What a run remembers of the records it read, and what the next run begins with.

use std::collections::HashSet;

use connector::{CursorKind, EventMapping, Incremental, Read, TimeFormat};
use document::{Item, hash_bytes, hash_item};
use jiff::tz::TimeZone;

use super::{anew::step, change, lengths::Lengths, state::{At, Mark, Part, Point, State}, window::floor};

/// Records remembered near the greatest value; beyond that some come twice, which does no harm.
const MOST_KNOWN: usize = 1_000;
/// Partitions with a mark of their own; beyond that one mark, the least, holds for all.
const MOST_MARKS: usize = 1_000;
/// How far ahead of ours the clock of a source may run.
const AHEAD_MS: i64 = 5 * 60_000;
/// Digits of the hash of a remembered record, behind those of its id.
const DIGITS: usize = 16;
/// Digits of the hash of its id.
const ID_DIGITS: usize = 8;

const DAY_MS: i64 = 86_400_000;
/// Records remembered near the marks of all partitions.
const MOST_KNOWN_IN_ALL: usize = 3_000;

/// The greatest value a mark may have after a run that began at a time. What changes later may lie on a page that is read
/// already; it is stamped with that time or later, cut to the step of the source's clock.
fn ceiling(incremental: &Incremental, began_ms: Option<i64>) -> i64 {
    if incremental.kind == CursorKind::Integer {
        return i64::MAX;
    }
    let step = step(incremental);
    began_ms.map_or(i64::MAX, |began| began.div_euclid(step).saturating_mul(step))
}

/// From where on records are remembered: what is asked from lies a lookback before, and is cut to the step it is written in.
fn near(incremental: &Incremental, lengths: Lengths, value: i64) -> i64 {
    floor(incremental, lengths, value).min(value.saturating_sub(step(incremental)))
}

/// Takes the records of a page into account: the greatest value, and those near it.
///
/// Numbers have no time at which the run began: what is new on a page that is looked at again says nothing of those between, and does not raise the value.
pub(crate) fn note<'r, T: 'r>(incremental: &Incremental, lengths: Lengths, part: &mut Part, records: &'r [(T, Point)], print: impl Fn(&'r T) -> String, began_ms: Option<i64>, now_ms: i64) {
    let raises = incremental.kind != CursorKind::Integer || !matches!(part.at, Some(At::Back(_)));
    let latest = if matches!(incremental.kind, CursorKind::Integer) { i64::MAX } else { now_ms.saturating_add(AHEAD_MS) };
    // Asked from a time that is not yet, the source would pass over everything until then.
    let present = |point: &Point| if point.value <= latest { point.clone() } else { Point { value: now_ms, text: TimeFormat::Iso8601.write(now_ms, &TimeZone::UTC) } };
    let greatest = records.iter().filter(|_| raises).map(|(_, point)| present(point)).max_by_key(|point| point.value);
    let known = part.high.take();
    let high = match (greatest, known.as_ref().map(|mark| mark.point.clone())) {
        (Some(found), Some(high)) if found.value <= high.value => Some(high),
        (Some(found), _) => Some(found),
        (None, high) => high,
    };
    let Some(high) = high else { return };
    let near = near(incremental, lengths, high.value.min(ceiling(incremental, began_ms)));
    let mut remembered: Vec<(i64, String)> = known.map(|mark| mark.known).unwrap_or_default();
    remembered.extend(records.iter().filter(|(_, point)| point.value >= near).map(|(record, point)| (point.value, print(record))));
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

/// What a record is remembered by: its id, which what is added may tell, and its content as it was answered.
pub(crate) fn print(read: &Read, events: &EventMapping, record: Item<'_>, whole: Item<'_>) -> String {
    let mut text = hex::encode(hash_bytes(change::external_id(whole, events, Some(&read.records)).as_bytes()));
    text.truncate(ID_DIGITS);
    text.extend(hex::encode(hash_item(record)).chars().take(DIGITS));
    text
}

/// A mark with what earlier runs remember of records this run did not see. Of those it saw, what it saw counts: content that
/// goes back to what it was once is told again.
pub(crate) fn joined(incremental: &Incremental, lengths: Lengths, before: Option<&Mark>, mark: Mark) -> Mark {
    let seen: HashSet<&str> = mark.known.iter().filter_map(|(_, print)| print.get(..ID_DIGITS)).collect();
    let unseen = before.into_iter().flat_map(|before| &before.known).filter(|(_, print)| print.get(..ID_DIGITS).is_some_and(|id| !seen.contains(id)));
    let known = unseen.chain(&mark.known).cloned().collect();
    Mark { known: kept(known, near(incremental, lengths, mark.point.value)), point: mark.point }
}

/// What the next run begins with, of what it began with and what it read; without what earlier runs remember.
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
    let near = near(incremental, lengths, point.value);
    let known = part.high.iter().flat_map(|mark| mark.known.iter().cloned()).collect();
    Some(Mark { point, known: kept(known, near) })
}

/// Keeps the mark of a partition. Those beyond what is kept are put together until the run ends.
pub(crate) fn keep(incremental: &Incremental, lengths: Lengths, state: &mut State, partition: &str, mark: Mark) {
    match state.marks.iter().position(|(known, _)| known == partition) {
        Some(at) => state.marks[at].1 = mark,
        None if state.marks.len() < MOST_MARKS => state.marks.push((partition.to_owned(), mark)),
        None if matches!(incremental.kind, CursorKind::Integer) => state.whole = lesser(state.whole.take(), Some(mark)),
        None => state.whole = greater(incremental, lengths, state.whole.take(), Some(mark)),
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
        marks.fold(None, |one, mark| greater(incremental, lengths, one, Some(mark)))
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
pub(crate) fn greater(incremental: &Incremental, lengths: Lengths, one: Option<Mark>, other: Option<Mark>) -> Option<Mark> {
    let (Some(one), Some(other)) = (one.clone(), other.clone()) else { return one.or(other) };
    let (low, high) = if one.point.value < other.point.value { (one, other) } else { (other, one) };
    let near = near(incremental, lengths, high.point.value);
    Some(Mark { known: kept(low.known.into_iter().chain(high.known).collect(), near), point: high.point })
}
