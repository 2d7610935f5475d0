//! Whether an empty page ends a listing: not where a rule says that there is more, for systems leave records out of pages, and some leave out all.

use connector::{Blank, Pagination, Way};
use fault::Simple;

use super::{position::Seen, state::At, stops::{integer, says_more}};

/// So many empty pages in a row end a listing of which nothing is said, or whose total may count what is never shown.
const BARE: i64 = 3;

/// Whether an empty page ends its listing, as far as it is for the page to say. What is said for ever ends at the guard.
pub(crate) fn ends(pagination: &Pagination, seen: &Seen<'_>) -> bool {
    let stop = &pagination.stop;
    if stop.empty == Blank::Amid || goes_on(pagination, seen) {
        return false;
    }
    let bare = seen.empty >= BARE;
    // What an earlier page told is known where this one is silent.
    match stop.total.as_ref().and_then(|path| integer(path, seen.answer).or(seen.total)) {
        Some(total) if seen.so_far >= total || !reaches(pagination, seen, total) => true,
        Some(_) => stop.empty == Blank::End && bare,
        None => stop.empty == Blank::End || bare,
    }
}

/// Whether a rule that is sure says that there is more.
pub(crate) fn goes_on(pagination: &Pagination, seen: &Seen<'_>) -> bool {
    let more = pagination.stop.more.as_ref().is_some_and(|more| says_more(more, seen.answer));
    more || pagination.stop.pages.as_ref().and_then(|pages| integer(pages, seen.answer)).is_some_and(|pages| seen.pages < pages)
}

/// How many records an empty page stands for, where that is known.
pub(crate) fn stride(pagination: &Pagination, seen: &Seen<'_>) -> Option<i64> {
    Some(seen.most).filter(|most| *most > 0).or(pagination.size.map(i64::from))
}

/// The place behind so many records; behind an empty page behind as many as a page holds, or it would be that page again.
pub(crate) fn behind(pagination: &Pagination, seen: &Seen<'_>, at: i64) -> Result<i64, Simple> {
    if seen.count > 0 {
        return Ok(at.saturating_add(i64::try_from(seen.count).unwrap_or(i64::MAX)));
    }
    let unknown = || Simple::retry("destination_nonsense", "a page is empty, the source says that there is more, and nothing says how many records to pass over: give the pagination a `size`");
    stride(pagination, seen).map(|stride| at.saturating_add(stride)).ok_or_else(unknown)
}

/// Whether pages as full as the fullest do not hold as many records up to here.
fn reaches(pagination: &Pagination, seen: &Seen<'_>, total: i64) -> bool {
    stride(pagination, seen).is_none_or(|stride| match (&pagination.way, seen.at) {
        (Way::Offset { start, .. }, Some(At::Number(at))) => at.saturating_sub(*start).saturating_add(stride) < total,
        _ => seen.pages.saturating_mul(stride) < total,
    })
}
