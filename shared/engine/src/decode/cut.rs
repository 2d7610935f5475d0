//! JSON that ends too early: a connection without a length may end anywhere, and half an answer looks like one that is malformed.

use document::{Error, Kind, Parser};

/// The longest piece of a value that ends within itself and shows no end: half an escape, or half a word.
const PIECE: usize = 16;

/// Whether a document of JSON lacks its end, and is sound up to there.
pub(crate) fn is_cut(json: &[u8]) -> bool {
    is_open(json) && Parser::new(super::limits()).parse(json).err().is_some_and(|error| is_at_end(&error, json))
}

/// Whether an array, an object or a string of it does not close. Cheap: every answer is looked at so, and hardly any is parsed for it.
fn is_open(json: &[u8]) -> bool {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = json.get(at) {
        at += 1;
        match byte {
            b'"' => match string_end(json, at) {
                Some(end) => at = end,
                None => return true,
            },
            b'{' | b'[' => depth += 1,
            // What closes more than is open is malformed, not cut off.
            b'}' | b']' if depth == 0 => return false,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    depth > 0
}

/// The place behind the end of a string.
fn string_end(json: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match json.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Whether what is wrong is that there is no more.
fn is_at_end(error: &Error, json: &[u8]) -> bool {
    let rest = json.get(error.offset..).unwrap_or_default();
    match error.kind {
        // A letter of several bytes, of which the first are there.
        Kind::Utf8 => std::str::from_utf8(rest).is_err_and(|error| error.error_len().is_none()),
        Kind::Syntax => rest.len() <= PIECE && !rest.iter().any(|byte| matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':')),
        Kind::TooDeep | Kind::TooLarge | Kind::DuplicateKey => false,
    }
}
