//! Where the next page is, or that there is none.

use connector::Pagination;
use document::Value;
use fault::Simple;
use url::Url;

use super::state::At;
use crate::Response;

/// What is known after a page was read.
pub(crate) struct Seen<'s> {
    pub(crate) response: &'s Response,
    pub(crate) answer: &'s Value,
    /// The address asked.
    pub(crate) url: &'s Url,
    /// Records on this page.
    pub(crate) count: usize,
    /// Hash of this page, in hexadecimal.
    pub(crate) hash: &'s str,
    /// The page just read; `None` was the first.
    pub(crate) at: Option<&'s At>,
    /// The cursor that was asked with.
    pub(crate) asked: Option<&'s Value>,
}

/// The next page; `None` after the last.
pub(crate) fn next(pagination: Option<&Pagination>, seen: &Seen<'_>) -> Result<Option<At>, Simple> {
    match pagination {
        None => Ok(None),
        Some(Pagination::Cursor { from, .. }) => cursor(seen.answer.at(from), seen),
        Some(Pagination::Page { start, total, .. }) => Ok(page(*start, total.as_ref().and_then(|path| seen.answer.at(path)), seen)),
        Some(Pagination::LinkHeader { rel }) => link(rel, seen),
    }
}

fn cursor(found: Option<&Value>, seen: &Seen<'_>) -> Result<Option<At>, Simple> {
    let Some(cursor) = found.filter(|value| !value.plain().unwrap_or_default().is_empty() && **value != Value::Bool(false)) else { return Ok(None) };
    if seen.asked == Some(cursor) {
        return if seen.count == 0 { Ok(None) } else { Err(Simple::park("cursor_loop", "the source names the same cursor twice")) };
    }
    Ok(Some(At::Cursor(cursor.clone())))
}

fn page(start: i64, total: Option<&Value>, seen: &Seen<'_>) -> Option<At> {
    let (number, before, hash) = match seen.at {
        Some(At::Page { number, seen, before }) => (*number, *seen, before.as_str()),
        _ => (start, 0, ""),
    };
    let so_far = before + i64::try_from(seen.count).unwrap_or(i64::MAX);
    let total = total.and_then(Value::plain).and_then(|text| text.parse::<i64>().ok());
    if seen.count == 0 || hash == seen.hash || total.is_some_and(|total| so_far >= total) {
        return None;
    }
    Some(At::Page { number: number + 1, seen: so_far, before: seen.hash.to_owned() })
}

fn link(rel: &str, seen: &Seen<'_>) -> Result<Option<At>, Simple> {
    let headers = seen.response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
    let Some(target) = headers.flat_map(|(_, value)| links(value)).find(|(_, rels)| rels.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(rel))).map(|(target, _)| target) else {
        return Ok(None);
    };
    let url = seen.url.join(&target).map_err(|_| Simple::retry("destination_nonsense", "the link to the next page cannot be read"))?;
    // The credentials go with the request: another origin never gets them.
    if url.origin() != seen.url.origin() {
        return Err(Simple::reject("address_forbidden", "the link to the next page leaves the origin"));
    }
    if url == *seen.url {
        return Err(Simple::park("cursor_loop", "the link to the next page is the page itself"));
    }
    Ok(Some(At::Url(url.into())))
}

/// The targets of a `Link` header (RFC 8288) with their relations.
fn links(value: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some((target, after)) = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')) {
        let end = after.find(",<").or_else(|| after.find(", <")).unwrap_or(after.len());
        let rel = after[..end].split(';').find_map(|param| {
            let (name, value) = param.split_once('=')?;
            name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_end_matches(',').trim_matches('"').to_owned())
        });
        found.push((target.to_owned(), rel.unwrap_or_default()));
        rest = &after[end..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn links_are_taken_apart() {
        let value = r#"<https://a.example/x?page_info=1,2>; rel="previous", <https://a.example/x?page_info=b>; rel="next""#;
        assert_eq!(links(value), [("https://a.example/x?page_info=1,2".to_owned(), "previous".to_owned()), ("https://a.example/x?page_info=b".to_owned(), "next".to_owned())]);
    }
}
