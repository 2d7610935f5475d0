//! `verify` of a webhook: how a signature is checked.

use super::super::inject;
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// A keyed hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-512.
    HmacSha512,
    /// HMAC with SHA-1: only where the sender has nothing better.
    HmacSha1,
}

/// How bytes are written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Hexadecimal, in either case.
    Hex,
    /// Base64, standard alphabet.
    Base64,
}

/// The signed timestamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp {
    /// Its header.
    pub header: String,
    /// How far it may be from the present, either way.
    pub tolerance_ms: i64,
    /// In milliseconds instead of seconds.
    pub millis: bool,
}

/// A part of what is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedPart {
    /// The timestamp header as sent.
    Timestamp,
    /// The raw body.
    Body,
    /// This text.
    Text(String),
}

/// How a signature is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verify {
    /// The keyed hash.
    pub algorithm: Algorithm,
    /// The header of the signature.
    pub header: String,
    /// How it is written.
    pub encoding: Encoding,
    /// What stands before it, such as `sha256=`.
    pub prefix: Option<String>,
    /// The signed timestamp.
    pub timestamp: Option<Timestamp>,
    /// What is signed, in order.
    pub parts: Vec<SignedPart>,
}

static TIMESTAMP: Element = Element {
    name: "timestamp",
    doc: "The signed timestamp.",
    keys: &[
        Key::required("header", Takes::Text, "Its header."), Key::new("tolerance", Takes::Duration, "How far it may be from the present, either way; `PT5M` without it."),
        Key::new("unit", Takes::Words(&["s", "ms"]), "Seconds or milliseconds since 1970; `s` without it."),
    ],
};
/// `verify`.
pub(super) static VERIFY: Element = Element {
    name: "verify",
    doc: "How a signature is checked.",
    keys: &[
        Key::required("algorithm", Takes::Words(&["hmac-sha256", "hmac-sha512", "hmac-sha1"]), "The keyed hash."),
        Key::new("allow_sha1", Takes::Boolean, "Allows HMAC-SHA1, where the sender has nothing better."),
        Key::required("header", Takes::Text, "The header of the signature."),
        Key::new("encoding", Takes::Words(&["hex", "base64"]), "How it is written; `hex` without it."),
        Key::new("prefix", Takes::Text, "What stands before it, such as `sha256=`."),
        Key::new("timestamp", Takes::Of(&TIMESTAMP), "The signed timestamp."),
        Key::new("parts", Takes::List(&Takes::Text), "What is signed, in order: `timestamp`, `body`, or any other text as it stands."),
    ],
};

pub(super) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Verify> {
    VERIFY.open(cx, node)?;
    let algorithm = node.need(cx, "algorithm").and_then(|algorithm| self::algorithm(cx, node, &algorithm));
    let header = node.need(cx, "header").and_then(|name| inject::header_name(cx, &name, true));
    let encoding = node.get("encoding").map_or(Some("hex"), |encoding| encoding.word(cx, &["hex", "base64"]));
    let prefix = node.get("prefix").and_then(|prefix| prefix.text(cx)).map(str::to_owned);
    let timestamp = match node.get("timestamp") {
        Some(timestamp) => Some(self::timestamp(cx, &timestamp)?),
        None => None,
    };
    let parts = match node.get("parts") {
        Some(parts) => self::parts(cx, &parts, timestamp.is_some())?,
        None if timestamp.is_some() => vec![SignedPart::Timestamp, SignedPart::Text(".".into()), SignedPart::Body],
        None => vec![SignedPart::Body],
    };
    let encoding = if encoding? == "hex" { Encoding::Hex } else { Encoding::Base64 };
    Some(Verify { algorithm: algorithm?, header: header?, encoding, prefix, timestamp, parts })
}

fn algorithm(cx: &mut Check, verify: &Node<'_>, node: &Node<'_>) -> Option<Algorithm> {
    let word = node.word(cx, &["hmac-sha256", "hmac-sha512", "hmac-sha1"])?;
    let allowed = verify.get("allow_sha1").and_then(|allow| allow.boolean(cx)).unwrap_or(false);
    Some(match word {
        "hmac-sha256" => Algorithm::HmacSha256,
        "hmac-sha512" => Algorithm::HmacSha512,
        _ if allowed => Algorithm::HmacSha1,
        _ => {
            cx.error("definition_weak_signature", &node.at, "HMAC-SHA1 is chosen without `allow_sha1`", "use hmac-sha256, or set `allow_sha1: true`");
            return None;
        }
    })
}

fn timestamp(cx: &mut Check, node: &Node<'_>) -> Option<Timestamp> {
    TIMESTAMP.open(cx, node)?;
    let header = node.need(cx, "header").and_then(|name| inject::header_name(cx, &name, true));
    let tolerance_ms = node.get("tolerance").map_or(Some(300_000), |tolerance| tolerance.duration(cx));
    let unit = node.get("unit").map_or(Some("s"), |unit| unit.word(cx, &["s", "ms"]));
    Some(Timestamp { header: header?, tolerance_ms: tolerance_ms?, millis: unit? == "ms" })
}

fn parts(cx: &mut Check, node: &Node<'_>, timestamp: bool) -> Option<Vec<SignedPart>> {
    let items = node.items(cx)?;
    let parts: Vec<_> = items.iter().filter_map(|item| item.text(cx)).map(|text| match text {
        "timestamp" => SignedPart::Timestamp,
        "body" => SignedPart::Body,
        text => SignedPart::Text(text.to_owned()),
    }).collect();
    if !parts.contains(&SignedPart::Body) {
        cx.error("definition_unknown_value", &node.at, "the body is not signed", "add `\"body\"`");
        return None;
    }
    if parts.contains(&SignedPart::Timestamp) != timestamp {
        cx.error("definition_missing_key", &node.at, "`timestamp` and its part go together", "declare `timestamp`, and name it among the parts");
        return None;
    }
    Some(parts)
}
