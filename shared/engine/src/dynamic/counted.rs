//! Whether pages are counted, whatever their position is called: those behind a record that leaves the listing move up then.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use connector::{Read, Way};
use document::Value;
use url::Url;

use super::{asking, fetch::Fetched, state::At};

/// Bytes of a cursor that counts.
const MOST: usize = 100;

/// Whether a page is the one after a page of so many records, in a listing whose fullest page has so many, by its number: it is counted, its address differs from that of this one by
/// numbers alone, or its cursor or variables are greater by one or by that many.
pub(crate) fn numbered(read: &Read, fetched: &Fetched, next: &At, counts: [i64; 2]) -> bool {
    let way = read.pagination.as_ref().map(|pagination| &pagination.way);
    match (next, way) {
        (At::Number(_), _) => true,
        (At::Url(next) | At::Href(next), _) => Url::parse(next).is_ok_and(|next| by_numbers(&fetched.url, &next)),
        (At::Cursor(cursor), Some(Way::Cursor { .. })) if !asking::names_itself(read) => {
            let before = if let Some(At::Cursor(before)) = &fetched.state.part.at { integer(before) } else { None };
            integer(cursor).is_some_and(|cursor| match before {
                Some(before) => steps(before, cursor, counts),
                None => (-1..=1).any(|first| steps(first, cursor, counts)),
            })
        }
        (At::Values(values), Some(Way::Vars { init, .. })) => {
            let before = if let Some(At::Values(before)) = &fetched.state.part.at { before } else { init };
            let changed: Vec<_> = values.iter().filter(|value| !before.contains(value)).collect();
            let counts = |(name, value): &&(String, Value)| {
                let before = before.iter().find_map(|(known, value)| if known == name { integer(value) } else { None });
                before.zip(integer(value)).is_some_and(|(before, value)| steps(before, value, counts))
            };
            !changed.is_empty() && changed.iter().all(counts)
        }
        _ => false,
    }
}

/// Whether a number is the next page, or lies behind the records of this one.
fn steps(before: i64, next: i64, counts: [i64; 2]) -> bool {
    let step = next.saturating_sub(before);
    step == 1 || (step > 0 && counts.contains(&step))
}

/// A whole number, or one as text; also that behind some words in base64, as servers of GraphQL write it.
fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).or_else(|| {
        let packed = value.as_str().filter(|text| text.len() <= MOST)?;
        let text = String::from_utf8(STANDARD_NO_PAD.decode(packed.trim_end_matches('=')).ok()?).ok()?;
        let words = text.trim_end_matches(|char: char| char.is_ascii_digit());
        text.get(words.len()..)?.parse().ok()
    })
}

/// Whether two addresses differ by numbers alone, in what is asked or in their paths.
fn by_numbers(asked: &Url, next: &Url) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has: Vec<_> = asked.query_pairs().collect();
    let other: Vec<_> = next.query_pairs().filter(|pair| !has.contains(pair)).collect();
    let parts = |url: &Url| url.path().split('/').map(str::to_owned).collect::<Vec<_>>();
    let (here, there) = (parts(asked), parts(next));
    // The first page may say no number: `/items`, then `/items/page/2`.
    let same = here.len() == there.len() && here.iter().zip(&there).all(|(here, there)| here == there || digits(there));
    let more = there.strip_prefix(here.as_slice()).is_some_and(|more| more.iter().any(|part| digits(part)));
    let paths = here != there;
    (same || more) && (paths || !other.is_empty()) && other.iter().all(|(_, value)| digits(value))
}
