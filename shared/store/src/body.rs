//! Bodies inside rows: a message may have a megabyte, a row 400 KB.
//!
//! A small body is text, a larger one is deflated. JSON within JSON doubles its quotes and backslashes, which is what
//! deflating takes away; what still does not fit is refused here, with a word of its own, before the table is asked.

use std::io::Read;

use aws_sdk_dynamodb::types::AttributeValue;
use flate2::{Compression, bufread::DeflateDecoder, bufread::DeflateEncoder};

use crate::{Error, attribute::{Row, b, s}};

/// Up to this a body stays text, which a person can read in the table.
const TEXT_BYTES: usize = 2 * 1024;
/// The most a body takes of its row: what is beside it has the rest of the 400 KB.
const ROW_BYTES: usize = 390_000;
/// No queue takes a longer message, so nothing longer was ever kept: the bound of what a row may inflate to.
const MESSAGE_BYTES: usize = 1 << 20;
/// A message grows by its attempts: who sets out has room for them.
const ROOM_BYTES: usize = 40_000;

/// Whether a message can be kept in a row, and sent from there, with every attempt that may be added to it.
#[must_use]
pub fn can_keep(body: &str) -> bool {
    body.len() <= ROW_BYTES - ROOM_BYTES || (body.len() <= MESSAGE_BYTES - ROOM_BYTES && deflated(body).len() <= ROW_BYTES - ROOM_BYTES)
}

/// A body as an attribute.
pub(crate) fn kept(table: &'static str, body: &str) -> Result<AttributeValue, Error> {
    if body.len() <= TEXT_BYTES {
        return Ok(s(body));
    }
    let bytes = if body.len() <= MESSAGE_BYTES { deflated(body) } else { Vec::new() };
    if bytes.is_empty() || bytes.len() > ROW_BYTES { Err(Error::TooLarge { table }) } else { Ok(b(bytes)) }
}

/// The body of a row; absent where the row has none.
pub(crate) fn body(table: &'static str, row: &Row) -> Result<Option<String>, Error> {
    match row.get("b") {
        None => Ok(None),
        Some(AttributeValue::S(text)) => Ok(Some(text.clone())),
        Some(AttributeValue::B(bytes)) => inflated(bytes.as_ref()).map(Some).map_err(|reason| Error::unreadable(table, reason)),
        Some(_) => Err(Error::unreadable(table, "its body is neither text nor bytes")),
    }
}

fn deflated(body: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Invariant: reading a slice and growing a vector do not fail.
    DeflateEncoder::new(body.as_bytes(), Compression::default()).read_to_end(&mut bytes).expect("memory can be read");
    bytes
}

fn inflated(bytes: &[u8]) -> Result<String, &'static str> {
    let mut text = Vec::new();
    let most = u64::try_from(MESSAGE_BYTES).unwrap_or(u64::MAX);
    DeflateDecoder::new(bytes).take(most + 1).read_to_end(&mut text).map_err(|_| "its body cannot be inflated")?;
    if text.len() > MESSAGE_BYTES {
        return Err("its body inflates to more than a message");
    }
    String::from_utf8(text).map_err(|_| "its body is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: AttributeValue) -> Row {
        Row::from([("b".to_owned(), value)])
    }

    fn noise(length: usize) -> String {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'!' + u8::try_from((state >> 33) % 90).unwrap())
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn what_is_kept_is_read_again_and_small_bodies_stay_text() {
        for (body, binary) in [(String::new(), false), ("x".repeat(TEXT_BYTES), false), ("é\u{ffff}".repeat(TEXT_BYTES), true), ("\\\"".repeat(400_000), true), (noise(400_000), true)] {
            let kept = kept("dead", &body).unwrap();
            assert_eq!(kept.is_b(), binary, "{} bytes", body.len());
            assert!(can_keep(&body));
            assert_eq!(super::body("dead", &row(kept)).unwrap(), Some(body));
        }
    }

    #[test]
    fn what_fits_no_row_is_refused_and_not_tried_again() {
        for body in [noise(600_000), "x".repeat(MESSAGE_BYTES + 1)] {
            let refused = kept("dead", &body).unwrap_err();
            assert!(!can_keep(&body));
            assert_eq!((fault::Fault::code(&refused), fault::Fault::disposition(&refused)), ("row_too_large", fault::Disposition::Reject));
        }
    }

    #[test]
    fn a_bomb_is_not_inflated_beyond_a_message() {
        let mut bytes = Vec::new();
        DeflateEncoder::new(vec![0; 64 << 20].as_slice(), Compression::best()).read_to_end(&mut bytes).unwrap();
        assert!(bytes.len() < 100_000);
        assert_eq!(inflated(&bytes), Err("its body inflates to more than a message"));
        assert!(matches!(body("dead", &row(b(vec![1, 2, 3]))), Err(Error::Unreadable { .. })));
        assert!(matches!(body("dead", &row(crate::attribute::n(1))), Err(Error::Unreadable { .. })));
        assert_eq!(body("dead", &Row::new()), Ok(None));
    }
}
