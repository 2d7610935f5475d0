//! Where a listing begins anew behind its last record: it shows no more, or its pages are numbered and move under whoever reads them.
//!
//! A record that changes in a listing sorted by change takes its new place at the end, and each one behind its old place moves up, some of
//! them onto a page that is read already. So numbered pages in ascending order are read as first pages, each from where the last one ended.
//! A page is numbered on only where its records share one time, where it does not begin where it was asked to, or where it is not in order.

use connector::{CursorKind, Incremental, Order, Read, TimeFormat, Way};
use fault::Simple;

use super::{doubled, fetch::{Fetched, Reach}, state::{At, Point, State}, window};

/// How a partition goes on.
pub(crate) enum Next {
    /// This page.
    Page(At),
    /// The first page, of what lies from here on.
    Anew(i64),
    /// The first page once more.
    First,
    /// It is over.
    None,
}

/// Goes on behind a page: with the next one, or anew.
pub(crate) fn onward<T>(read: &Read, state: &mut State, fetched: &Fetched, points: &[(T, Point)], at: At) -> Result<Next, Simple> {
    if state.part.by_number
        && let Some(from) = behind(read, state, fetched, points)
    {
        return Ok(anew(state, from));
    }
    capped(read, state, at)
}

/// A listing that shows no more begins anew behind its last record.
fn capped(read: &Read, state: &State, at: At) -> Result<Next, Simple> {
    let Some(cap) = read.pagination.as_ref().and_then(|pagination| pagination.depth_cap) else { return Ok(Next::Page(at)) };
    if state.part.count < i64::from(cap) || matches!(at, At::Values(_)) {
        return Ok(Next::Page(at));
    }
    let stuck = || Simple::reject("cursor_loop", format!("more than {cap} records share one value, and the listing shows no more"));
    let high = state.part.high.as_ref().map(|mark| mark.point.value).ok_or_else(stuck)?;
    if state.part.from.is_some_and(|from| from >= high) {
        return Err(stuck());
    }
    Ok(anew(state, high))
}

/// Goes on from a value. What changed since the run began is for the next one: it asks from when this one began, and whoever reads what
/// changes faster than it is read would never end.
fn anew(state: &State, from: i64) -> Next {
    if state.part.until.is_some_and(|until| from >= until) { Next::None } else { Next::Anew(from) }
}

/// Whether a listing may move while it is read, and can be asked from where it was left.
pub(crate) fn moves(read: &Read, fetched: &Fetched) -> bool {
    let asked = |incremental: &Incremental| incremental.start.is_some() || read.request.uses("window") || read.request.uses("cursor");
    fetched.reach == Reach::Changes && read.incremental.as_ref().is_some_and(|incremental| incremental.order == Order::Ascending && asked(incremental))
}

/// The start behind a numbered page, where one can be asked for that lies behind the present one.
fn behind<T>(read: &Read, state: &mut State, fetched: &Fetched, points: &[(T, Point)]) -> Option<i64> {
    let incremental = read.incremental.as_ref().filter(|_| moves(read, fetched) && !state.part.counted)?;
    // Where less comes than was asked for, and nothing says that there is more, the next page is asked for to see whether there is.
    let pagination = read.pagination.as_ref()?;
    let told = !matches!(pagination.way, Way::Page { .. } | Way::Offset { .. }) || pagination.stop.total.is_some() || pagination.stop.pages.is_some() || pagination.stop.more.is_some();
    if !told && fetched.state.part.at.is_none() && pagination.size.is_some_and(|size| state.part.count < i64::from(size)) {
        return None;
    }
    let now = fetched.span.start.map(|start| effective(incremental, start));
    let values = points.iter().map(|(_, point)| point.value);
    // Of a listing that is read again, what was seen before it began says nothing of where it is by now.
    let high = values.clone().next_back()?;
    let begins_where_asked = state.part.from.is_none() || values.clone().next().zip(now).is_none_or(|(first, now)| first >= now);
    if !begins_where_asked || !values.clone().is_sorted() {
        // The start, or the order, is not what the definition says: the pages are what there is to go by.
        state.part.counted = true;
        return None;
    }
    let from = high.saturating_sub(tick(incremental));
    // Where most of a page would come again, numbers cost less: each page is then read twice at most.
    let again = values.filter(|value| *value >= from).count();
    let holds = pagination.size.and_then(|size| usize::try_from(size).ok()).unwrap_or(USUAL).max(points.len());
    if again * 2 > holds {
        return None;
    }
    // In an hour that comes twice what is told earlier may follow.
    (doubled::back(incremental, from) == from && now.is_none_or(|now| effective(incremental, from) > now)).then_some(from)
}

/// What a start lies before a value so that both who counts what lies on it and who does not shows that value: where days are compared, and
/// a value is the beginning of one, a second is enough.
pub(crate) fn tick(incremental: &Incremental) -> i64 {
    if incremental.kind == CursorKind::Integer { 1 } else { incremental.granularity_ms.unwrap_or(1_000).max(1) }
}

/// The smallest step between two values: of the clock of the source, as far as it is told.
pub(crate) fn step(incremental: &Incremental) -> i64 {
    let CursorKind::Instant { formats, .. } = &incremental.kind else { return 1 };
    let usual = if formats.contains(&TimeFormat::Date) { DAY_MS } else { 1_000 };
    incremental.granularity_ms.unwrap_or(usual).max(1)
}

const DAY_MS: i64 = 86_400_000;
/// So many records a page holds at least where it is not said.
const USUAL: usize = 20;

/// What a start says once it is written, which is less than it was where the form has days or seconds.
fn effective(incremental: &Incremental, start: i64) -> i64 {
    let format = incremental.start.as_ref().map_or(&incremental.format, |bound| &bound.format);
    let written = window::written(incremental, start, format);
    match &incremental.kind {
        CursorKind::Integer => start,
        CursorKind::Instant { zone, .. } => format.read(&written, zone).unwrap_or(start),
    }
}
