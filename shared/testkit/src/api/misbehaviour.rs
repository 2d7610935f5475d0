//! The ways this system misbehaves, each a word.

use std::collections::BTreeSet;

use crate::Request;

/// One way to misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Misbehaviour {
    /// The last page lacks its last record, which the total still counts.
    ShortLast,
    /// The second page lacks its last record, though more pages follow.
    ShortMiddle,
    /// Past the end comes the last page once more, and the last page says that there is more.
    RepeatLast,
    /// After the third page comes the second.
    Loop,
    /// Every page names the second as the next.
    SameCursor,
    /// After the end come empty pages, each with another next one.
    EmptyForever,
    /// A record moves from the first page to the second while it is read.
    Duplicate,
    /// An answer of 429 does not say when to come again.
    NoRetryHeader,
    /// The first answers of a path are errors that say 200; an expired token says so too.
    Error200,
    /// What is packed stops in the middle; what is not packed is sent packed, and stops too.
    TruncatedGzip,
    /// Text is sent in ISO-8859-1 and called UTF-8; what is ISO-8859-1 anyway is not announced.
    WrongCharset,
    /// Times are written with +02:00.
    OtherZone,
    /// Times are written as a clock on a wall in +02:00 shows them, without a zone, and read so.
    NoZone,
    /// The first answers of a path stop in the middle of the body.
    DropConnection,
}

use Misbehaviour as M;

const WORDS: [(&str, Misbehaviour); 14] = [
    ("short_last", M::ShortLast),
    ("short_middle", M::ShortMiddle),
    ("repeat_last", M::RepeatLast),
    ("loop", M::Loop),
    ("same_cursor", M::SameCursor),
    ("empty_forever", M::EmptyForever),
    ("duplicate", M::Duplicate),
    ("no_retry_header", M::NoRetryHeader),
    ("error_200", M::Error200),
    ("truncated_gzip", M::TruncatedGzip),
    ("wrong_charset", M::WrongCharset),
    ("other_zone", M::OtherZone),
    ("no_zone", M::NoZone),
    ("drop_connection", M::DropConnection),
];

impl Misbehaviour {
    /// The way a word names.
    ///
    /// # Errors
    /// It names none; the text lists those there are.
    pub fn named(word: &str) -> Result<Self, String> {
        let found = WORDS.iter().find_map(|(name, misbehaviour)| (*name == word).then_some(*misbehaviour));
        found.ok_or_else(|| format!("{word} is none of {}", WORDS.map(|(name, _)| name).join(", ")))
    }
}

/// How one request is misbehaved at: the words of the system and its own.
#[derive(Debug, Clone)]
pub(crate) struct Words(BTreeSet<Misbehaviour>);

impl Words {
    /// Reads `misbehave` in the query, which may be repeated and may list words with commas.
    pub(crate) fn read(request: &Request, system: &BTreeSet<Misbehaviour>) -> Result<Self, String> {
        let mut words = system.clone();
        for (_, value) in request.query.iter().filter(|(key, _)| key == "misbehave") {
            for word in value.split(',').filter(|word| !word.is_empty()) {
                words.insert(Misbehaviour::named(word)?);
            }
        }
        Ok(Self(words))
    }

    /// Whether a word is among them.
    pub(crate) fn has(&self, misbehaviour: Misbehaviour) -> bool {
        self.0.contains(&misbehaviour)
    }
}
