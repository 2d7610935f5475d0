//! Functions that encode, decode and hash. Texts are taken as their UTF-8 bytes.

use base64::{Engine as _, engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD}};
use document::{Item, Sort};
use hmac::{Hmac, Mac};
use sha2::Digest;

use crate::{args::Args, failure::Stop, function::{Empty::{Passes, Sees}, Function, Gives, Group, Takes, any, maybe, one}, names::Cx, value::Val};

pub(super) const ALL: &[&Function] = &[&BASE64, &BASE64_DECODE, &HEX, &URL_ENCODE, &JSON, &PARSE_JSON, &SHA256, &MD5, &HMAC_SHA256, &UUID];

/// How a hash is written.
const ENCODINGS: &[&str] = &["hex", "base64"];

/// The namespace of derived ids: never to be changed, or the same input gives other ids.
const NAMESPACE: [u8; 16] = *b"pullpush\x00derived";

const BASE64: Function = Function {
    name: "base64", group: Group::Codec, params: &[one("text", Takes::Text), maybe("alphabet", Takes::Word(&["standard", "url"]))], empty: Passes, gives: Gives::Text, run: encode,
    doc: "The text in Base64; with `url` in the alphabet of URLs and without padding.",
    examples: &[("base64('user:pass')", "\"dXNlcjpwYXNz\""), ("base64('a?>', 'url')", "\"YT8-\"")],
};

const BASE64_DECODE: Function = Function {
    name: "base64_decode", group: Group::Codec, params: &[one("text", Takes::Text)], empty: Passes, gives: Gives::Text, run: decode,
    doc: "The text behind Base64 of either alphabet, with or without padding; an error unless it is UTF-8.",
    examples: &[("base64_decode('w6U=')", "\"å\"")],
};

const HEX: Function = Function {
    name: "hex", group: Group::Codec, params: &[one("text", Takes::Text)], empty: Passes, gives: Gives::Text, run: hexadecimal,
    doc: "The bytes of the text in hexadecimal.",
    examples: &[("hex('å1')", "\"c3a531\"")],
};

const URL_ENCODE: Function = Function {
    name: "url_encode", group: Group::Codec, params: &[one("text", Takes::Any)], empty: Passes, gives: Gives::Text, run: url_encode,
    doc: "The text with everything but letters, digits and `-._~` percent-encoded.",
    examples: &[("url_encode('a b/å')", "\"a%20b%2F%C3%A5\"")],
};

const JSON: Function = Function {
    name: "json", group: Group::Codec, params: &[one("value", Takes::Any)], empty: Sees, gives: Gives::Text, run: json,
    doc: "Any value as JSON text, numbers with the digits they have; null gives the text, absent stays absent.",
    examples: &[("json({a: [1.50, null]})", "\"{\\\"a\\\":[1.50,null]}\"")],
};

const PARSE_JSON: Function = Function {
    name: "parse_json", group: Group::Codec, params: &[one("text", Takes::Text)], empty: Passes, gives: Gives::Any, run: parse_json,
    doc: "The value of a JSON text.",
    examples: &[("parse_json('{\"a\": [1.50]}').a[0]", "1.50")],
};

const SHA256: Function = Function {
    name: "sha256", group: Group::Codec, params: &[one("text", Takes::Text), maybe("encoding", Takes::Word(ENCODINGS))], empty: Passes, gives: Gives::Text, run: sha256,
    doc: "The SHA-256 of the text, in hexadecimal or Base64.",
    examples: &[("sha256('abc')", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"")],
};

const MD5: Function = Function {
    name: "md5", group: Group::Codec, params: &[one("text", Takes::Text), maybe("encoding", Takes::Word(ENCODINGS))], empty: Passes, gives: Gives::Text, run: md5_of,
    doc: "The MD5 of the text, in hexadecimal or Base64; for systems that ask for it, not for safety.",
    examples: &[("md5('abc')", "\"900150983cd24fb0d6963f7d28e17f72\"")],
};

const HMAC_SHA256: Function = Function {
    name: "hmac_sha256", group: Group::Codec, params: &[one("text", Takes::Text), one("key", Takes::Text), maybe("encoding", Takes::Word(ENCODINGS))], empty: Passes, gives: Gives::Text, run: hmac_sha256,
    doc: "The HMAC-SHA-256 of the text under a key, in hexadecimal or Base64.",
    examples: &[("hmac_sha256('what do ya want for nothing?', 'Jefe')", "\"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843\"")],
};

const UUID: Function = Function {
    name: "uuid", group: Group::Codec, params: &[any("names", Takes::Any)], empty: Passes, gives: Gives::Text, run: uuid,
    doc: "An id (version 5) derived from the run, the event, the place in the mapping and the names given: the same every time it is asked for.",
    examples: &[("uuid() == uuid()", "true"), ("uuid('a') == uuid('b')", "false"), ("length(uuid())", "36")],
};

fn encode<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = args.text(0)?;
    args.cx.make(text.len() / 3 * 4)?;
    let made = if args.text_or(1, "standard")? == "url" { URL_SAFE_NO_PAD.encode(text) } else { STANDARD.encode(text) };
    Ok(Val::Item(Item::Text(args.cx.arena.text(&made))))
}

fn decode<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = args.text(0)?;
    args.cx.make(text.len())?;
    let plain: String = text.trim_end_matches('=').chars().map(|char| match char { '-' => '+', '_' => '/', _ => char }).collect();
    let bytes = STANDARD_NO_PAD.decode(plain).map_err(|_| Stop::form("the text is no Base64"))?;
    let made = std::str::from_utf8(&bytes).map_err(|_| Stop::form("what the Base64 stands for is not UTF-8"))?;
    Ok(Val::Item(Item::Text(args.cx.arena.text(made))))
}

fn hexadecimal<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = args.text(0)?;
    args.cx.make(text.len() * 2)?;
    Ok(Val::Item(Item::Text(args.cx.arena.text(&hex::encode(text)))))
}

fn url_encode<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = args.get(0).plain(args.cx)?.ok_or_else(|| args.wrong(0, "a text, a number or a boolean"))?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    args.cx.read(text.len())?;
    if text.bytes().all(plain) {
        return Ok(Val::Item(Item::Text(text)));
    }
    args.cx.make(text.bytes().map(|byte| if plain(byte) { 1 } else { 3 }).sum())?;
    let mut made = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if plain(byte) {
            made.push(char::from(byte));
        } else {
            made.push('%');
            made.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0').to_ascii_uppercase()));
        }
    }
    Ok(Val::Item(Item::Text(args.cx.arena.text(&made))))
}

fn json<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let Some(item) = args.get(0).item(args.cx) else { return Ok(Val::Absent) };
    weigh(item, args.cx)?;
    let mut made = Vec::new();
    item.write(&mut made);
    let text = std::str::from_utf8(&made).map_err(|_| Stop::form("the value is not UTF-8"))?;
    Val::made(text, args.cx)
}

/// Looks at all of a value, paying for it, and refuses what is larger than may be made.
pub(super) fn weigh<'a>(item: Item<'a>, cx: &Cx<'a, '_>) -> Result<(), Stop> {
    let mut left = cx.most_output;
    weighed(item, cx, &mut left, &mut 0)
}

fn weighed<'a>(item: Item<'a>, cx: &Cx<'a, '_>, left: &mut usize, seen: &mut usize) -> Result<(), Stop> {
    *seen += 1;
    if seen.is_multiple_of(8) {
        cx.spend(1)?;
    }
    let mut take = |bytes: usize| -> Result<(), Stop> {
        *left = left.checked_sub(bytes).ok_or_else(|| Stop::output(format!("more than {} bytes of text would be made", cx.most_output)))?;
        Ok(())
    };
    match item.sort() {
        Sort::Null | Sort::Bool => take(4),
        Sort::Number => take(item.number().map_or(0, str::len)),
        Sort::Text => take(item.text().map_or(0, |text| text.len() + 2)),
        Sort::Array => {
            take(2)?;
            item.items().try_for_each(|inner| weighed(inner, cx, left, seen))
        }
        Sort::Object => {
            take(2)?;
            item.entries().try_for_each(|(key, inner)| {
                *left = left.saturating_sub(key.len());
                weighed(inner, cx, left, seen)
            })
        }
    }
}

fn parse_json<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = args.text(0)?;
    args.cx.make(text.len())?;
    args.cx.spend(text.len() / 64)?;
    let value = document::parse(text.as_bytes(), &document::Limits::default()).map_err(|_| Stop::form("the text is no JSON"))?;
    Ok(Val::Item(args.cx.arena.adopt(Item::Tree(&value))))
}

/// A hash costs more than a copy of what is hashed.
fn hashed<'a>(args: &Args<'a, '_>, encoding: usize, text: &str, hash: impl FnOnce(&[u8]) -> Result<Vec<u8>, Stop>) -> Result<Val<'a>, Stop> {
    args.cx.spend(text.len() / 64)?;
    let hash = hash(text.as_bytes())?;
    Val::made(&if args.text_or(encoding, "hex")? == "base64" { STANDARD.encode(hash) } else { hex::encode(hash) }, args.cx)
}

fn sha256<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    hashed(args, 1, args.text(0)?, |bytes| Ok(sha2::Sha256::digest(bytes).to_vec()))
}

fn md5_of<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    hashed(args, 1, args.text(0)?, |bytes| Ok(md5::Md5::digest(bytes).to_vec()))
}

fn hmac_sha256<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let key = args.text(1)?;
    args.cx.read(key.len())?;
    hashed(args, 2, args.text(0)?, |bytes| {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).map_err(|_| Stop::form("the key cannot be used"))?;
        mac.update(bytes);
        Ok(mac.finalize().into_bytes().to_vec())
    })
}

fn uuid<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let mut hash = sha1::Sha1::new();
    hash.update(NAMESPACE);
    // Each name is told with its length, so that no two lists of names are one text.
    let mut put = |name: &str| {
        hash.update(name.len().to_be_bytes());
        hash.update(name);
    };
    put(args.cx.run);
    put(args.cx.place);
    for at in 0..args.len() {
        let name = args.get(at).plain(args.cx)?.ok_or_else(|| args.wrong(at, "a text, a number or a boolean"))?;
        args.cx.spend(name.len() / 64)?;
        put(name);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex::encode(bytes);
    Val::made(&[&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-"), args.cx)
}
