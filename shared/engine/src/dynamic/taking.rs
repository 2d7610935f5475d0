//! What is taken of an answer: JSON, a fault of its partition alone, or that there is no such page.

use connector::{EventMapping, Order, Read, Way};
use fault::{Disposition, Simple};

use super::{classify::Failure, columns, state::{At, State}};
use crate::{Response, decode};

/// The answer with its body as JSON. A page for people, such as one that says to come again later, is no answer, nor is a table without
/// the columns that are needed: as tables both would be a few odd rows, or none.
pub(crate) fn taken(mut response: Response, read: &Read, events: Option<&EventMapping>, shown: &dyn Fn(&str) -> String) -> Result<Response, Simple> {
    let body = std::mem::take(&mut response.body);
    if is_page(&body) {
        return Err(Simple::retry("destination_nonsense", "the answer is a page for people"));
    }
    // Of an answer whose length is told, the connection is known to have brought all.
    let open = response.header("content-length").is_none() && response.header("transfer-encoding").is_none();
    let needed = columns::needed(read, events);
    let (status, empty) = (response.status, || Simple::retry("destination_nonsense", "the answer is empty"));
    let heading = |header: &[String], line: &str| match (header, line) {
        // A table has a header at least, unless the status says that there is none.
        ([], "") if status == 204 => Ok(()),
        ([], "") => Err(empty()),
        _ => columns::checked(&needed, header, line, shown),
    };
    response.body = decode::headed(body, response.header("content-type"), response.header("content-encoding"), &read.records.decode, &heading, open)?;
    if response.body.is_empty() && response.status != 204 {
        return Err(empty());
    }
    Ok(response)
}

/// Whether it is a page for people.
pub(crate) fn is_page(body: &[u8]) -> bool {
    let start = body.trim_ascii_start();
    let begins = |with: &[u8]| start.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    begins(b"<!doctype html") || begins(b"<html")
}

/// The fault of a page. What one partition is refused or has lost says nothing of the connection.
pub(crate) fn alone(read: &Read, failure: Failure) -> Simple {
    match failure.fault.disposition {
        Disposition::Park if !read.fan_out.is_empty() && failure.narrow => Simple { disposition: Disposition::Reject, ..failure.fault },
        _ => failure.fault,
    }
}

/// Whether a numbered page behind the first one is refused as one that is not there. Of a cursor it may say that it expired.
pub(crate) fn past_end(read: &Read, state: &State, status: Option<u16>) -> bool {
    let Some((pagination, status)) = read.pagination.as_ref().zip(status).filter(|_| state.part.at.is_some()) else { return false };
    matches!(pagination.way, Way::Page { .. } | Way::Offset { .. }) && pagination.stop.past_end.iter().any(|(from, to)| (*from..=*to).contains(&status))
}

/// Whether what names a page was kept for a while, and is refused as something the source does not know, for the first time.
pub(crate) fn gone(state: &State, status: Option<u16>, now_ms: i64) -> bool {
    let kept = state.part.named.is_some_and(|named| now_ms.saturating_sub(named) >= KEPT_MS);
    let named = matches!(state.part.place(), Some(At::Cursor(_) | At::Url(_) | At::Href(_)));
    kept && named && state.part.again == 0 && matches!(status, Some(400 | 404 | 410 | 422))
}

/// Whether a page is at an address of a host that a login named and names no more, for the first time.
pub(crate) fn elsewhere(read: &Read, state: &State, failure: &Failure) -> bool {
    let named = matches!(state.part.place(), Some(At::Url(_) | At::Href(_)));
    named && state.part.again == 0 && failure.status.is_none() && failure.fault.code == "address_forbidden" && read.request.address.moves()
}

/// Whether the listing of a page that is counted may have moved by whole pages: it was asked for long after the page before; or new ones do not come last, and it is the first time.
pub(crate) fn moved_on(read: &Read, state: &State, now_ms: i64) -> bool {
    let before = read.incremental.as_ref().is_some_and(|incremental| incremental.order != Order::Ascending);
    let kept = state.part.named.is_some_and(|named| now_ms.saturating_sub(named) >= KEPT_MS);
    state.part.by_number && (kept || (before && state.part.again == 0))
}

/// Five minutes: what names a page is good for longer, unless it was kept.
const KEPT_MS: i64 = 5 * 60_000;
