//! Where the next page is, or that there is none.

use connector::{CursorFrom, Pagination, Way};
use document::{Arena, Fuel, Item, Value};
use expr::Template;
use fault::Simple;
use url::Url;

use super::{blank, link, names::Values, state::At, stops::stops};
use crate::Response;

/// What is known after a page was read.
pub(crate) struct Seen<'s> {
    pub(crate) response: &'s Response,
    pub(crate) answer: Item<'s>,
    /// The address asked.
    pub(crate) url: &'s Url,
    /// Records on this page, before any were expanded or left out.
    pub(crate) count: usize,
    /// Records of the listing up to this page, this one included.
    pub(crate) so_far: i64,
    /// Pages of the listing up to this one.
    pub(crate) pages: i64,
    /// Empty ones in a row up to this one.
    pub(crate) empty: i64,
    /// The most records a page of the listing had.
    pub(crate) most: i64,
    /// How many records the listing has, as an earlier page told.
    pub(crate) total: Option<i64>,
    /// The last record on it, before any was expanded or left out: the source knows of no other.
    pub(crate) last: Option<Item<'s>>,
    /// The page just read; `None` was the first.
    pub(crate) at: Option<&'s At>,
    /// The cursor that was asked with.
    pub(crate) asked: Option<&'s Value>,
    /// What templates see.
    pub(crate) values: Values<'s>,
    pub(crate) now_ms: i64,
}

/// What lies behind a page.
pub(crate) enum Ahead {
    /// The next page.
    At(At),
    /// Nothing: a rule says so, or what stands where the next page would be named.
    Over,
    /// Nothing, as far as it is known: nothing stands where the next page would be named, or whether there is more.
    Nowhere,
}

/// The next page.
pub(crate) fn next(pagination: &Pagination, seen: &Seen<'_>) -> Result<Ahead, Simple> {
    if let Some(end) = stops(pagination, seen)? {
        return Ok(end);
    }
    let next = onward(pagination, seen)?;
    let named = matches!(pagination.way, Way::Cursor { .. } | Way::NextUrl { .. } | Way::LinkHeader { .. } | Way::Keyset(_));
    if !matches!(next, Ahead::At(_)) && named && pagination.stop.more.is_some() {
        return Err(Simple::retry("destination_nonsense", "the source says that there is more, and names no next page"));
    }
    Ok(next)
}

/// What follows this page, which no rule says was the last.
fn onward(pagination: &Pagination, seen: &Seen<'_>) -> Result<Ahead, Simple> {
    let place = |at: Option<At>| at.map_or(Ahead::Nowhere, Ahead::At);
    match &pagination.way {
        Way::Page { start, .. } => Ok(Ahead::At(At::Number(number(seen.at, *start).saturating_add(1)))),
        Way::Offset { start, .. } => blank::behind(pagination, seen, number(seen.at, *start)).map(|at| Ahead::At(At::Number(at))),
        Way::Cursor { from, .. } => match cursor_of(from, seen)? {
            Some(found) => Ok(cursor(found, seen)),
            None if seen.count > 0 && is_of_last(from) => Err(Simple::reject("definition_records", "the last record does not have what the next page begins behind")),
            None => Ok(Ahead::Nowhere),
        },
        Way::Scroll { from, .. } => match scroll(from, seen.answer, seen.at) {
            Some(_) if seen.count == 0 && !blank::goes_on(pagination, seen) => Ok(Ahead::Over),
            id => Ok(place(id.map(At::Cursor))),
        },
        Way::NextUrl { from, keep_params } => match at(seen.answer, from) {
            Some(Value::String(target)) if !target.trim().is_empty() => url(&target, *keep_params, seen).map(Ahead::At),
            // An object or a number is no address.
            Some(value) if !says(&value) || value.as_str().is_some() => Ok(Ahead::Over),
            _ => Ok(Ahead::Nowhere),
        },
        Way::LinkHeader { rel } => Ok(place(link::target(seen.response, rel).map(|target| url(&target, false, seen)).transpose()?)),
        Way::Keyset(keys) => {
            let Some(last) = seen.last else { return Ok(Ahead::Over) };
            let values: Option<Vec<_>> = keys.iter().enumerate().map(|(index, key)| Some((index.to_string(), key.from.at(last)?.to_value()))).collect();
            let values = values.filter(|values| values.iter().all(|(_, value)| *value != Value::Null));
            let values = values.ok_or_else(|| Simple::reject("definition_records", "the last record does not have what the next page begins behind"))?;
            Ok(Ahead::At(At::Values(values)))
        }
        Way::Vars { init, next, .. } => vars(init, next, seen),
    }
}

/// The id of a listing that is open after an answer. Some name it only once.
pub(crate) fn scroll(from: &document::Path, answer: Item<'_>, before: Option<&At>) -> Option<Value> {
    let known = match before {
        Some(At::Cursor(id)) => Some(id.clone()),
        _ => None,
    };
    at(answer, from).filter(says).or(known)
}

fn made(template: &Template, seen: &Seen<'_>, vars: Option<&Value>) -> Result<Option<Value>, Simple> {
    let (arena, fuel) = (Arena::new(), Fuel::default());
    let values = Values { vars, ..seen.values };
    Ok(values.scene(&arena, &fuel, seen.now_ms).value(template).map_err(|error| Simple::from_fault(&error))?.map(Item::to_value))
}

fn at(answer: Item<'_>, path: &document::Path) -> Option<Value> {
    path.at(answer).map(Item::to_value)
}

fn number(at: Option<&At>, start: i64) -> i64 {
    if let Some(At::Number(number)) = at { *number } else { start }
}

fn cursor_of(from: &CursorFrom, seen: &Seen<'_>) -> Result<Option<Value>, Simple> {
    match from {
        CursorFrom::Path(path) => Ok(at(seen.answer, path)),
        CursorFrom::Header(name) => Ok(seen.response.header(name).map(Value::from)),
        CursorFrom::Template(template) => made(template, seen, None),
    }
}

/// Whether a cursor is a value of the last record, and nothing else.
fn is_of_last(from: &CursorFrom) -> bool {
    let CursorFrom::Template(template) = from else { return false };
    let inner = template.source().trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or_default().trim();
    inner.strip_prefix("last.").is_some_and(|path| path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_')))
}

/// The page a cursor names: one that is not nothing, and not the one asked with where that gave nothing.
fn cursor(found: Value, seen: &Seen<'_>) -> Ahead {
    if !says(&found) || (seen.asked == Some(&found) && seen.count == 0) { Ahead::Over } else { Ahead::At(At::Cursor(found)) }
}

/// Whether a value names anything. Some name a page by an object, such as the key it begins behind.
fn says(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

fn vars(init: &[(String, Value)], next: &[(String, Template)], seen: &Seen<'_>) -> Result<Ahead, Simple> {
    let mut now = match seen.at {
        Some(At::Values(values)) => values.clone(),
        _ => init.to_vec(),
    };
    let before = Value::Object(now.clone());
    for (name, template) in next {
        match made(template, seen, Some(&before))? {
            None => return Ok(Ahead::Nowhere),
            Some(Value::Null) => return Ok(Ahead::Over),
            Some(value) => match now.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => *known = value,
                None => now.push((name.clone(), value)),
            },
        }
    }
    Ok(Ahead::At(At::Values(now)))
}

/// An address another page is at. The credentials go with the request: another origin never gets them.
fn url(target: &str, keep_params: bool, seen: &Seen<'_>) -> Result<At, Simple> {
    let mut url = seen.url.join(target.trim()).map_err(|_| Simple::retry("destination_nonsense", "the link to the next page cannot be read"))?;
    if url.origin() != seen.url.origin() {
        return Err(Simple::reject("address_forbidden", "the link to the next page leaves the origin"));
    }
    if keep_params {
        let has: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
        let more: Vec<(String, String)> = seen.url.query_pairs().filter(|(name, _)| !has.iter().any(|known| *known == **name)).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        if !more.is_empty() {
            url.query_pairs_mut().extend_pairs(more);
        }
    }
    if url == *seen.url {
        return Err(Simple::reject("cursor_loop", "the link to the next page is the page itself"));
    }
    Ok(At::Url(url.into()))
}
