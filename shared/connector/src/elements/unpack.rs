//! `records.decode`: what an answer is packed in, and the order of the words that tell it.

use crate::check::{Check, Node};

/// One layer of packing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unpack {
    /// gzip, one member or many.
    Gzip,
    /// gzip if it begins like gzip, else as it is.
    MaybeGzip,
    /// A zip archive, of which one member is read.
    Zip {
        /// Its name, in which `*` stands for anything; without it, the only member.
        member: Option<String>,
    },
}

/// Every word, unpackers first.
pub(crate) const WORDS: &[&str] = &["gzip", "gzip?", "zip", "json", "jsonl", "csv", "xml"];
/// A gzip of a zip of a gzip is the last that anybody sends.
const MOST_UNPACKERS: usize = 3;
const UNPACKERS: &[&str] = &["gzip", "gzip?", "zip"];

/// The words of `decode`, in an order that can be meant.
pub(crate) fn words<'v>(cx: &mut Check, node: &Node<'v>) -> Option<Vec<&'v str>> {
    let items = node.items(cx)?;
    let mut words: Vec<&str> = Vec::new();
    for item in &items {
        let word = item.word(cx, WORDS)?;
        if let Some(format) = words.last().filter(|last| !UNPACKERS.contains(last)) {
            let (message, hint) = if UNPACKERS.contains(&word) {
                (format!("`{word}` stands behind `{format}`"), format!("name what is unpacked first: `[\"{word}\", \"{format}\"]`"))
            } else {
                (format!("an answer is `{format}` or `{word}`, not both"), "keep one format, at the end".to_owned())
            };
            cx.error("definition_unknown_value", &item.at, message, hint);
            return None;
        }
        words.push(word);
    }
    if words.iter().filter(|word| UNPACKERS.contains(word)).count() > MOST_UNPACKERS {
        cx.error("definition_unknown_value", &node.at, "an answer is unpacked more than three times", "name what it is really packed in");
        return None;
    }
    Some(words)
}

/// The name of a member of an archive.
pub(crate) fn member(cx: &mut Check, node: &Node<'_>) -> Option<String> {
    let text = node.text(cx)?;
    if text.is_empty() || text.len() > 256 {
        cx.error("definition_unknown_value", &node.at, "no name of a member", "write a name such as `orders.csv`, or `*.csv`, of at most 256 bytes");
        return None;
    }
    Some(text.to_owned())
}
