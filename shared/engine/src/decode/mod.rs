//! From the bytes of an answer to JSON text: unpacked, in UTF-8, and written as JSON whatever it was.
//!
//! The reader of answers calls this before it parses. Every step is held to `max_bytes`, and no message shows what was in an
//! answer: it may be of persons.

mod charset;
mod csv;
mod cut;
mod element;
mod gzip;
mod json_lines;
mod limits;
#[cfg(test)]
mod tests;
mod xml;
mod zip;

use std::borrow::Cow;

use connector::{Decode, Format, Unpack};
use fault::Simple;

pub(crate) use charset::{charset, declaration};
pub(crate) use limits::limits;

/// The answer as JSON text in UTF-8. JSON that is neither packed nor in another character set is given back as it came.
///
/// Syntax is left to the parser of documents wherever it sees it: of JSON all but whether it ends, of JSON Lines what is inside a line.
///
/// # Errors
/// `answer_truncated`, `answer_charset`, `answer_format` or `response_too_large`.
pub(crate) fn decode(body: Vec<u8>, content_type: Option<&str>, content_encoding: Option<&str>, decode: &Decode) -> Result<Vec<u8>, Simple> {
    headed(body, content_type, content_encoding, decode, &|_, _| Ok(()), true)
}

/// Who looks at the header of a table before its rows are read: the names, and the line it begins with.
pub(crate) type Heading<'h> = &'h dyn Fn(&[String], &str) -> Result<(), Simple>;

/// The same, whose header is looked at where it is a table that has one; whether JSON ends is looked at where it is `open`: nothing told how long it is.
///
/// # Errors
/// As [`decode`], and what the look says.
pub(crate) fn headed(body: Vec<u8>, content_type: Option<&str>, content_encoding: Option<&str>, decode: &Decode, heading: Heading<'_>, open: bool) -> Result<Vec<u8>, Simple> {
    let body = unpacked(body, content_encoding, decode)?;
    let text = |body| charset::text(body, content_type, decode);
    let json = match &decode.format {
        Format::Json => whole(charset::json(body, content_type, decode)?, open),
        Format::JsonLines => match text(&body) {
            Err(_) if json_lines::is_cut(&body) => Err(damaged(json_lines::CUT)),
            text => json_lines::json(&text?),
        },
        Format::Csv(csv) => csv::json(&text(&body)?, csv, decode.max_bytes, heading),
        Format::Xml(xml) => xml::json(&text(&body)?, xml, decode.max_bytes),
    }?;
    bounded(json, decode.max_bytes)
}

fn unpacked(body: Vec<u8>, content_encoding: Option<&str>, decode: &Decode) -> Result<Vec<u8>, Simple> {
    let most = decode.max_bytes;
    let (mut body, sent_packed) = match content_encoding {
        Some(layers) => gzip::sent(body, layers, most)?,
        None => (body, false),
    };
    for unpack in &decode.unpack {
        body = match unpack {
            Unpack::Gzip | Unpack::MaybeGzip if gzip::is_gzip(&body) => gzip::unpack(&body, most)?,
            // A file of gzip is often sent as one layer that both the header and the definition speak of.
            Unpack::Gzip if !sent_packed => return Err(wrong("the answer is not gzip")),
            Unpack::Gzip | Unpack::MaybeGzip => body,
            Unpack::Zip { member } => zip::unpack(&body, member.as_deref(), most)?,
        };
    }
    // No JSON begins like gzip: what does was packed without a word.
    if matches!(decode.format, Format::Json) && gzip::is_gzip(&body) {
        body = gzip::unpack(&body, most)?;
    }
    Ok(body)
}

/// All that is packed in an answer, to be looked through; `None` where nothing is packed.
pub(crate) fn opened(body: &[u8], content_encoding: Option<&str>, most: usize) -> Option<Result<Vec<u8>, Simple>> {
    let (mut body, mut packed) = match content_encoding.map(|layers| gzip::sent(body.to_vec(), layers, most)) {
        Some(Ok(sent)) => sent,
        Some(Err(fault)) => return Some(Err(fault)),
        None => (body.to_vec(), false),
    };
    // As deep as a definition unpacks, and a layer more.
    for _ in 0..3 {
        let inner = if gzip::is_gzip(&body) { gzip::unpack(&body, most) } else if zip::is_zip(&body) { zip::every(&body, most) } else { break };
        match inner {
            Ok(inner) => (body, packed) = (inner, true),
            Err(fault) => return Some(Err(fault)),
        }
    }
    packed.then_some(Ok(body))
}

fn whole(json: Vec<u8>, open: bool) -> Result<Vec<u8>, Simple> {
    if open && cut::is_cut(&json) { Err(damaged("the JSON ends too early")) } else { Ok(json) }
}

fn bounded(bytes: Vec<u8>, most: usize) -> Result<Vec<u8>, Simple> {
    if bytes.len() > most { Err(too_large(most)) } else { Ok(bytes) }
}

/// The answer is not what the definition says; the message names a place, and nothing that stands there.
fn wrong(message: impl Into<Cow<'static, str>>) -> Simple {
    Simple::reject("answer_format", message.into())
}

/// The answer lost something on its way; the next may be whole.
fn damaged(message: &'static str) -> Simple {
    Simple::retry("answer_truncated", message)
}

fn too_large(most: usize) -> Simple {
    Simple::reject("response_too_large", format!("the answer has more than the {most} bytes of `records.max_bytes` when it is unpacked or as JSON: ask for smaller pages, or with a filter"))
}
