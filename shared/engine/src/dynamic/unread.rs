//! Whether a list goes on where the definition reads one page alone, or looks for the next one where nothing stands: its answer names a next
//! page, or tells of more records than it shows.
//!
//! Nothing says how a system tells it, so usual names are looked for. What is found is told, and makes a scan partial; nothing is asked for.

use connector::Read;
use document::{Item, Sort};
use url::Url;

use super::{fetch::Fetched, link};
use crate::records::{self, Named};

/// Names of what is there where a next page is.
const MORE: [&str; 28] = [
    "next", "next_page", "nextPage", "next_url", "nextUrl", "next_link", "nextLink", "@odata.nextLink", "next_page_url", "nextPageUrl", "nextRecordsUrl", "next_cursor", "nextCursor", "next_token", "nextToken", "next_page_token", "nextPageToken",
    "continuation_token", "continuationToken", "_scroll_id", "scroll_id", "scrollId", "has_more", "hasMore", "has_next", "hasNext", "has_next_page", "hasNextPage",
];
/// Names of how many there are.
const TOTALS: [&str; 9] = ["total", "total_count", "totalCount", "total_results", "totalResults", "total_records", "totalRecords", "total_items", "totalItems"];
/// Members in which these may stand.
const AROUND: [&str; 9] = ["meta", "pagination", "paging", "links", "_links", "page", "pageInfo", "page_info", "response_metadata"];
/// Such members within each other, as in `meta.pagination.links.next`.
const DEEPEST: usize = 3;

/// Whether an answer with so many records names a next page, or more records, and its definition reads none: it has no pagination, or nothing
/// stands `nowhere` that it looks at.
pub(crate) fn is_unread(read: &Read, fetched: &Fetched, answer: Item<'_>, count: usize, named: &[Named<'_>], nowhere: bool) -> bool {
    let linked = || link::target(&fetched.response, "next").is_some_and(|target| is_other(&fetched.url, &target));
    match read.pagination {
        None => linked() || goes_on(&fetched.url, answer, count),
        // How many there are says nothing behind the last page of several.
        Some(_) => nowhere && (linked() || records::around(answer, &read.records, named).into_iter().any(|item| names(&fetched.url, item, DEEPEST))),
    }
}

/// Whether what lies around a list says that it goes on.
fn goes_on(asked: &Url, answer: Item<'_>, count: usize) -> bool {
    // A record by itself may have any of these names.
    let list = |item: Item<'_>| item.sort() == Sort::Array && item.items().count() == count;
    if count == 0 || answer.sort() != Sort::Object || !answer.entries().any(|(_, member)| list(member)) {
        return false;
    }
    let around = AROUND.iter().filter_map(|name| answer.get(name)).filter(|member| member.sort() == Sort::Object);
    let mut totals = std::iter::once(answer).chain(around).flat_map(|item| TOTALS.iter().filter_map(move |name| item.get(name)));
    names(asked, answer, DEEPEST) || totals.any(|total| total.plain().and_then(|total| total.parse::<usize>().ok()).is_some_and(|total| total > count))
}

/// Whether something here, or in what usually lies around it, names a next page.
fn names(asked: &Url, item: Item<'_>, depth: usize) -> bool {
    if item.sort() != Sort::Object {
        return false;
    }
    let here = MORE.iter().filter_map(|name| item.get(name)).any(|value| says(value) && value.text().is_none_or(|target| is_other(asked, &target)));
    here || (depth > 0 && AROUND.iter().filter_map(|name| item.get(name)).any(|inner| names(asked, inner, depth - 1)))
}

/// Whether a target is another page than the one asked for.
fn is_other(asked: &Url, target: &str) -> bool {
    asked.join(target.trim()).is_ok_and(|next| next != *asked)
}

/// Whether a value names anything.
fn says(value: Item<'_>) -> bool {
    match value.sort() {
        Sort::Null | Sort::Array => false,
        Sort::Object => value.entries().next().is_some(),
        _ => !matches!(value.plain().unwrap_or_default().trim(), "" | "0" | "-1" | "false" | "False" | "no" | "N"),
    }
}
