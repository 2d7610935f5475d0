//! `hash`: personal data as the receiving side compares it, without the data.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bumpalo::collections::String as Text;
use document::{Item, authored::Node};
use sha2::{Digest, Sha256, Sha512};

use crate::{
    Failure,
    context::Cx,
    field::Field,
    operation::{Entry, Operation, Verdict, example, may, need},
    reader::Reader,
    types::{Notes, Shape, Sorts, Type},
    work::{Look, Work},
};

pub(crate) static ENTRY: Entry = Entry {
    name: "hash",
    summary: "Replaces a value by its hash.",
    params: &[
        need("field", "field", "the value"),
        need("algorithm", "`sha256`, `sha512`, `sha1` or `md5`", "how it is hashed; the last two only for systems that ask for them"),
        may("normalize", "list of `trim` and `lower`", "what is done to the text before: space around it goes, letters become small"),
        may("encoding", "`hex` or `base64`", "how the hash is written; hex in small letters unless said"),
    ],
    semantics: &[
        "The UTF-8 bytes of the text are hashed; a number as its digits stand, so `1.0` and `1` differ, and a boolean as `true` or `false`.",
        "Absent stays absent and null stays null. A text that is empty once normalised has nothing to hash and becomes the empty text: its hash would be the same for everybody.",
        "An array or object rejects the record, so that nothing passes in clear that should not.",
    ],
    examples: &[
        example(
            r#"{"op":"hash","field":"email","algorithm":"sha256","normalize":["trim","lower"]}"#,
            r#"{"email":" A@Example.com "}"#,
            r#"{"email":"08168cd80dfd534ab0f10af10f1303fe00af2d43ab5c1432360d137f8197e17a"}"#,
        ),
        example(r#"{"op":"hash","field":"id","algorithm":"md5","encoding":"base64"}"#, r#"{"id":"abc"}"#, r#"{"id":"kAFQmDzST7DWlj99KOF/cg=="}"#),
        example(r#"{"op":"hash","field":"email","algorithm":"sha256"}"#, r#"{"email":null}"#, r#"{"email":null}"#),
        example(r#"{"op":"hash","field":"email","algorithm":"sha256"}"#, r#"{"email":["a"]}"#, "mapping_wrong_sort"),
    ],
    tables: None,
    read,
};

/// The most bytes of a hash.
const MOST: usize = 64;

#[derive(Debug)]
struct Op {
    field: Field,
    algorithm: Algorithm,
    trims: bool,
    lowers: bool,
    encoding: Encoding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Sha256,
    Sha512,
    Sha1,
    Md5,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Hex,
    Base64,
}

fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Box<dyn Operation>> {
    let field = cx.field(&node.get("field")?);
    let algorithms = [("sha256", Algorithm::Sha256), ("sha512", Algorithm::Sha512), ("sha1", Algorithm::Sha1), ("md5", Algorithm::Md5)];
    let algorithm = cx.word_of(node.get("algorithm").as_ref(), &algorithms, Algorithm::Sha256);
    let encoding = cx.word_of(node.get("encoding").as_ref(), &[("hex", Encoding::Hex), ("base64", Encoding::Base64)], Encoding::Hex);
    let (mut trims, mut lowers, mut known) = (false, false, true);
    if let Some(steps) = node.get("normalize") {
        for step in steps.items(cx)? {
            match step.word(cx, &["trim", "lower"]) {
                Some("trim") => trims = true,
                Some(_) => lowers = true,
                None => known = false,
            }
        }
    }
    Some(Box::new(Op { field: field?, algorithm: algorithm?, trims, lowers, encoding: encoding? })).filter(|_| known).map(|op| op as Box<dyn Operation>)
}

impl Operation for Op {
    fn run<'a>(&'a self, work: &mut Work<'a>, cx: &Cx<'_, 'a>) -> Result<Verdict, Box<Failure>> {
        let (item, sort) = match work.look(&self.field) {
            None => return Ok(Verdict::Go),
            Some(Look::Whole(item)) if item.is_null() => return Ok(Verdict::Go),
            Some(Look::Whole(item)) => (Some(item), item.sort()),
            Some(Look::Touched(sort, _)) => (None, sort),
        };
        let Some(text) = item.and_then(Item::plain) else {
            return Err(cx.fail("mapping_wrong_sort", &self.field, None, format!("the {} cannot be hashed", sort.word())));
        };
        cx.pay(1 + text.len() / 16, &self.field)?;
        let text = if self.trims { text.trim() } else { &*text };
        let made = if self.lowers && text.chars().any(|char| !char.is_ascii() || char.is_ascii_uppercase()) {
            let mut lower = Text::with_capacity_in(text.len(), cx.arena.bump());
            lower.extend(text.chars().flat_map(char::to_lowercase));
            self.hashed(&lower, cx)
        } else {
            self.hashed(text, cx)
        };
        cx.put(work, &self.field, Item::Text(made))?;
        Ok(Verdict::Go)
    }

    fn shape(&self, shape: &mut Shape, notes: &mut Notes) {
        let found = notes.read(shape, &self.field);
        notes.needs(&found, Sorts::SCALAR, &self.field);
        let at = notes.at.clone();
        shape.update(&self.field, &mut |found| {
            let nothing = found.sorts.and(Sorts::NOTHING);
            Type { vague: found.vague, ..Type::of(Sorts::TEXT | nothing) }.tainted(found.invented_inside()).by(&at)
        });
    }
}

impl Op {
    fn hashed<'a>(&self, text: &str, cx: &Cx<'_, 'a>) -> &'a str {
        if text.is_empty() {
            return "";
        }
        let mut hash = [0; MOST];
        let hash = match self.algorithm {
            Algorithm::Sha256 => kept(&mut hash, &Sha256::digest(text)),
            Algorithm::Sha512 => kept(&mut hash, &Sha512::digest(text)),
            Algorithm::Sha1 => kept(&mut hash, &sha1::Sha1::digest(text)),
            Algorithm::Md5 => kept(&mut hash, &md5::Md5::digest(text)),
        };
        let mut written = [0; 2 * MOST];
        let length = match self.encoding {
            Encoding::Hex => hex::encode_to_slice(hash, &mut written[..2 * hash.len()]).map(|()| 2 * hash.len()).ok(),
            Encoding::Base64 => STANDARD.encode_slice(hash, &mut written).ok(),
        };
        let written = length.and_then(|length| std::str::from_utf8(&written[..length]).ok()).expect("hexadecimal and Base64 are ASCII and fit twice the bytes");
        cx.arena.text(written)
    }
}

fn kept<'h>(room: &'h mut [u8; MOST], hash: &[u8]) -> &'h [u8] {
    room[..hash.len()].copy_from_slice(hash);
    &room[..hash.len()]
}
