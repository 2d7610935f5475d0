//! Whether a list goes on where the definition reads one page alone: its answer names a next page, or tells of more records than it shows.
//!
//! Nothing says how a system tells it, so usual names are looked for. What is found is told, and makes a scan partial; nothing is asked for.

use connector::Read;
use document::{Item, Sort};

use super::{fetch::Fetched, link};

/// Names of what is there where a next page is.
const MORE: [&str; 14] = ["next", "next_page", "nextPage", "next_url", "nextUrl", "next_link", "nextLink", "@odata.nextLink", "next_cursor", "nextCursor", "next_page_token", "nextPageToken", "has_more", "hasMore"];
/// Names of how many there are.
const TOTALS: [&str; 9] = ["total", "total_count", "totalCount", "total_results", "totalResults", "total_records", "totalRecords", "total_items", "totalItems"];
/// Members in which these may stand.
const AROUND: [&str; 7] = ["meta", "pagination", "paging", "links", "_links", "page", "pageInfo"];

/// Whether an answer with so many records names a next page, or more records, and its definition reads none.
pub(crate) fn is_unread(read: &Read, fetched: &Fetched, answer: Item<'_>, count: usize) -> bool {
    if read.pagination.is_some() {
        return false;
    }
    let other = |target: &str| fetched.url.join(target.trim()).is_ok_and(|next| next != fetched.url);
    link::target(&fetched.response, "next").is_some_and(|target| other(&target)) || goes_on(answer, count)
}

/// Whether what lies around a list says that it goes on.
fn goes_on(answer: Item<'_>, count: usize) -> bool {
    // A record by itself may have any of these names.
    let list = |item: Item<'_>| item.sort() == Sort::Array && item.items().count() == count;
    if count == 0 || answer.sort() != Sort::Object || !answer.entries().any(|(_, member)| list(member)) {
        return false;
    }
    let around = AROUND.iter().filter_map(|name| answer.get(name)).filter(|member| member.sort() == Sort::Object);
    std::iter::once(answer).chain(around).any(|item| {
        let more = MORE.iter().filter_map(|name| item.get(name)).any(says);
        let total = TOTALS.iter().filter_map(|name| item.get(name)).filter_map(|total| total.plain()?.parse::<usize>().ok()).any(|total| total > count);
        more || total
    })
}

/// Whether a value names anything.
fn says(value: Item<'_>) -> bool {
    match value.sort() {
        Sort::Null => false,
        Sort::Text => value.text().is_some_and(|text| !text.is_empty()),
        Sort::Object => value.entries().next().is_some(),
        Sort::Array => false,
        _ => value.bool() != Some(false),
    }
}
