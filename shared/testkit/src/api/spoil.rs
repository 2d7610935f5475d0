//! What goes wrong with any answer, whatever it says: an error called success, a body that stops, other letters than promised.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::ask::Ask;
use super::{Api, Misbehaviour, route};
use crate::{Answer, Ending};

impl Api {
    /// The answer as the request's words have it.
    pub(crate) fn spoiled(&mut self, ask: &Ask, answer: Answer) -> Answer {
        let path = ask.request.path.as_str();
        let times = self.options.failures;
        // An expired token says it with 200 by itself; see `oauth`.
        if ask.words.has(Misbehaviour::Error200) && !path.starts_with("/oauth/") && self.kept.fails(path, times) {
            return route::refused(200, "internal", "something went wrong, and the status does not say so");
        }
        if ask.words.has(Misbehaviour::DropConnection) && self.kept.fails(path, times) {
            return answer.ending(Ending::Middle);
        }
        let answer = if ask.words.has(Misbehaviour::WrongCharset) { miscalled(answer) } else { answer };
        if ask.words.has(Misbehaviour::TruncatedGzip) { truncated(answer) } else { answer }
    }
}

/// A body packed with gzip.
pub(crate) fn packed(body: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(body).and_then(|()| packer.finish()).expect("memory takes whatever is written")
}

/// Text in ISO-8859-1; what it lacks is a question mark.
pub(crate) fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
}

/// What calls itself UTF-8, in ISO-8859-1.
fn miscalled(mut answer: Answer) -> Answer {
    let called = answer.headers.iter().any(|(name, value)| name == "content-type" && value.to_ascii_lowercase().contains("utf-8"));
    if called && let Ok(text) = std::str::from_utf8(&answer.body) {
        answer.body = latin1(text);
    }
    answer
}

/// The first half of what is packed.
fn truncated(mut answer: Answer) -> Answer {
    if !answer.body.starts_with(&[0x1f, 0x8b]) {
        answer.body = packed(&answer.body);
        answer = answer.with("content-encoding", "gzip");
    }
    answer.body.truncate(answer.body.len() / 2);
    answer
}
