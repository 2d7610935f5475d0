//! The `Link` header (RFC 8288): targets, and what they are to the page.

use crate::Response;

/// The target of the first link with a relation.
pub(crate) fn target(response: &Response, rel: &str) -> Option<String> {
    let headers = response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
    headers.flat_map(|(_, value)| links(value)).find(|(_, rels)| rels.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(rel))).map(|(target, _)| target)
}

/// The targets of a `Link` header (RFC 8288) with their relations.
fn links(value: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some((target, after)) = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')) {
        let end = outside(after, ',').next().unwrap_or(after.len());
        let (params, mut from) = (&after[..end], 0);
        let ends: Vec<usize> = outside(params, ';').chain([end]).collect();
        let rel = ends.into_iter().find_map(|end| {
            let (name, value) = params[std::mem::replace(&mut from, end + 1).min(end)..end].split_once('=')?;
            name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"').to_owned())
        });
        found.push((target.to_owned(), rel.unwrap_or_default()));
        rest = &after[end..];
    }
    found
}

/// Where a sign stands that no quotes are around.
fn outside(text: &str, sign: char) -> impl Iterator<Item = usize> {
    let mut quoted = false;
    text.char_indices().filter(move |(_, char)| {
        quoted ^= *char == '"';
        !quoted && *char == sign
    }).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn links_are_taken_apart() {
        for (value, found) in [
            (r#"<https://a.example/x?page_info=1,2>; rel="previous", <https://a.example/x?page_info=b>; rel="next""#, &[("https://a.example/x?page_info=1,2", "previous"), ("https://a.example/x?page_info=b", "next")][..]),
            ("<a>;rel=first, <b>; rel=next,<c>; rel=last", &[("a", "first"), ("b", "next"), ("c", "last")]),
            (r#"<a>; title="x; rel=next, <z>"; rel="last"  ,  <b>; Rel = "next prefetch""#, &[("a", "last"), ("b", "next prefetch")]),
            ("<a>, <b>;;rel=next", &[("a", ""), ("b", "next")]), (r#"<a>; rel="next"#, &[("a", "next")]), ("<a", &[]), ("", &[]), ("a>; rel=next", &[]), ("<a>;rel", &[("a", "")]),
        ] {
            assert_eq!(links(value), found.iter().map(|(target, rel)| ((*target).to_owned(), (*rel).to_owned())).collect::<Vec<_>>(), "{value}");
        }
    }
}
