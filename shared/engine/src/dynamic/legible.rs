//! The body of an answer as conditions read it: JSON as it came, else what the entity decodes.

use std::borrow::Cow;

use connector::{Decode, Format};
use document::{Item, Sort};

use super::taking;
use crate::{Response, decode};

/// The body as it came: what is no text is packed, or in other letters.
pub(crate) fn plain(response: &Response) -> Cow<'_, [u8]> {
    if std::str::from_utf8(&response.body).is_ok() {
        return Cow::Borrowed(&response.body);
    }
    decoded(response, &Decode::default()).map_or(Cow::Borrowed(&response.body), Cow::Owned)
}

/// The body as an entity reads it, where that may tell more than JSON does. Errors are often JSON where records are not, and a page for
/// people is neither.
pub(crate) fn other(response: &Response, json: Option<Item<'_>>, decode: Option<&Decode>) -> Option<Vec<u8>> {
    let decode = decode.filter(|decode| decode.format != Format::Json && !matches!(json.map(Item::sort), Some(Sort::Object | Sort::Array)))?;
    if taking::is_page(&response.body) { None } else { decoded(response, decode) }
}

fn decoded(response: &Response, decode: &Decode) -> Option<Vec<u8>> {
    decode::decode(response.body.clone(), response.header("content-type"), response.header("content-encoding"), decode).ok()
}
