//! `records.decode`: how the bytes of an answer become JSON. Its keys stand in the `records` object.
//!
//! What packs the answer is named first, its one format last; what belongs to a format is refused where another is read.

use encoding_rs::Encoding;

use super::{csv::{self, Csv}, unpack::{self, Unpack}, xml::{self, Xml}};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// How the bytes of an answer become JSON; without any key, they are JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decode {
    /// What the answer is unpacked from, outermost first.
    pub unpack: Vec<Unpack>,
    /// What it is then.
    pub format: Format,
    /// Its character set; without it, that of `Content-Type`, else UTF-8. A byte order mark goes before either.
    pub encoding: Option<&'static Encoding>,
    /// The most bytes it may have, unpacked and as JSON.
    pub max_bytes: usize,
}

/// What an unpacked answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// JSON, as it stands.
    Json,
    /// A JSON value a line; becomes an array.
    JsonLines,
    /// Rows; becomes an array of objects of texts.
    Csv(Csv),
    /// XML; becomes an object with the root element as its key.
    Xml(Xml),
}

impl Default for Decode {
    fn default() -> Self {
        Self { unpack: Vec::new(), format: Format::Json, encoding: None, max_bytes: MAX_BYTES }
    }
}

/// The most an answer may have when it is unpacked, and what holds without `max_bytes`.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The keys, as they stand in the `records` object.
pub(crate) static DECODE: Element = Element {
    name: "decode",
    doc: "How the bytes of an answer become JSON.",
    keys: &[
        Key::new("decode", Takes::List(&Takes::Words(unpack::WORDS)), "What the answer is: first what it is packed in (`gzip?` only if it begins like gzip), then one format. Without it, or without a format, `json`."),
        Key::new("encoding", Takes::Text, "Its character set, by a name of the WHATWG such as `windows-1252`. Without it, that of `Content-Type`, else UTF-8; a byte order mark goes before either."),
        Key::new("csv", Takes::Of(&csv::CSV), "How the rows of `csv` are written."),
        Key::new("xml", Takes::Of(&xml::XML), "How the elements of `xml` become JSON."),
        Key::new("zip_member", Takes::Text, "Which member of a `zip` is read: its name, in which `*` stands for anything. Without it, its only one."),
        Key::new("max_bytes", Takes::Count, "The most bytes the answer may have, unpacked and as JSON; 67108864 (64 MB) without it, and at most. However large it may be, no answer has more than a million values."),
    ],
};

/// Reads the keys from the `records` object, which may have others.
pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Decode> {
    let (words, sound) = match node.get("decode") {
        Some(list) => unpack::words(cx, &list).map_or((Vec::new(), false), |words| (words, true)),
        None => (Vec::new(), true),
    };
    let has = |word: &str| !sound || words.contains(&word);
    let member = node.get("zip_member").and_then(|member| unpack::member(cx, &member));
    let csv = node.get("csv").and_then(|csv| csv::read(cx, &csv));
    let xml = node.get("xml").and_then(|xml| xml::read(cx, &xml));
    for (key, word) in [("zip_member", "zip"), ("csv", "csv"), ("xml", "xml")] {
        if let Some(stray) = node.get(key).filter(|_| !has(word)) {
            cx.error("definition_unknown_key", &stray.at, format!("`{key}` says how {word} is read, and none is"), format!("add `{word}` to `decode`, or remove `{key}`"));
        }
    }
    let encoding = node.get("encoding").and_then(|encoding| self::encoding(cx, &encoding));
    let max_bytes = node.get("max_bytes").map_or(Some(MAX_BYTES), |most| max_bytes(cx, &most));
    let format = match words.last() {
        Some(&"csv") => Format::Csv(csv.unwrap_or_default()),
        Some(&"xml") => Format::Xml(xml.unwrap_or_default()),
        Some(&"jsonl") => Format::JsonLines,
        _ => Format::Json,
    };
    let unpack = words.iter().filter_map(|word| match *word {
        "gzip" => Some(Unpack::Gzip),
        "gzip?" => Some(Unpack::MaybeGzip),
        "zip" => Some(Unpack::Zip { member: member.clone() }),
        _ => None,
    });
    Some(Decode { unpack: unpack.collect(), format, encoding, max_bytes: max_bytes? })
}

fn encoding(cx: &mut Check, node: &Node<'_>) -> Option<&'static Encoding> {
    let text = node.text(cx)?;
    let found = Encoding::for_label_no_replacement(text.as_bytes());
    if found.is_none() {
        cx.error("definition_unknown_value", &node.at, format!("no character set is called `{text}`"), "use a name of the WHATWG such as utf-8, windows-1252, iso-8859-1, iso-8859-15, utf-16le, shift_jis or gbk");
    }
    found
}

fn max_bytes(cx: &mut Check, node: &Node<'_>) -> Option<usize> {
    let most = node.count(cx)? as usize;
    if most > MAX_BYTES {
        cx.error("definition_unknown_value", &node.at, "more than an answer may have", format!("write at most {MAX_BYTES}, and ask for smaller pages"));
        return None;
    }
    Some(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a `records` object, or what is wrong with it: where and what.
    #[track_caller]
    fn decode(records: &str) -> Result<Decode, Vec<(String, String)>> {
        let value = document::parse_str(records).unwrap();
        let (mut cx, node) = (Check::default(), Node::root(&value));
        DECODE.open(&mut cx, &node);
        let read = read(&mut cx, &node);
        let wrong: Vec<_> = cx.findings.list().iter().map(|finding| (finding.pointer.clone(), finding.message.clone())).collect();
        if wrong.is_empty() { Ok(read.unwrap()) } else { Err(wrong) }
    }

    #[test]
    fn without_keys_an_answer_is_json() {
        for records in ["{}", r#"{"decode": []}"#, r#"{"decode": ["json"]}"#, r#"{"max_bytes": 67108864}"#] {
            assert_eq!(decode(records), Ok(Decode::default()), "{records}");
        }
    }

    #[test]
    fn layers_and_formats_are_read_in_their_order() {
        let member = Some("*.csv".to_owned());
        let tabs = Csv { delimiter: b'\t', quote: None, nulls: vec![String::new(), "-".into()], skip: 2, comment: Some(b'#'), ..Csv::default() };
        let named = Csv { columns: Some(vec!["sku".into(), "qty".into()]), delimiter: b';', ..Csv::default() };
        let listed = Xml { attributes: String::new(), text: "value".into(), always_list: vec!["line".into()] };
        for (records, unpack, format) in [
            (r#"{"decode": ["gzip?"]}"#, vec![Unpack::MaybeGzip], Format::Json),
            (r#"{"decode": ["gzip", "jsonl"]}"#, vec![Unpack::Gzip], Format::JsonLines),
            (r#"{"decode": ["gzip", "zip", "csv"], "zip_member": "*.csv"}"#, vec![Unpack::Gzip, Unpack::Zip { member }], Format::Csv(Csv::default())),
            (r##"{"decode": ["csv"], "csv": {"delimiter": "\t", "quote": "", "null": ["", "-"], "skip": 2, "comment": "#"}}"##, vec![], Format::Csv(tabs)),
            (r#"{"decode": ["csv"], "csv": {"delimiter": ";", "header": false, "columns": ["sku", "qty"]}}"#, vec![], Format::Csv(named)),
            (r#"{"decode": ["xml"], "xml": {"attributes": "", "text": "value", "always_list": ["line"]}}"#, vec![], Format::Xml(listed)),
        ] {
            assert_eq!(decode(records), Ok(Decode { unpack, format, ..Decode::default() }), "{records}");
        }
        assert_eq!(decode(r#"{"encoding": "ISO-8859-1"}"#).unwrap().encoding.unwrap().name(), "windows-1252");
    }

    #[test]
    fn what_cannot_be_meant_is_told_where_it_stands() {
        for (records, at, message) in [
            (r#"{"decode": "csv"}"#, "/decode", "an array is expected, not string"),
            (r#"{"decode": ["tsv"]}"#, "/decode/0", "`tsv` is not known"),
            (r#"{"decode": ["csv", "xml"]}"#, "/decode/1", "an answer is `csv` or `xml`, not both"),
            (r#"{"decode": ["csv", "gzip"]}"#, "/decode/1", "`gzip` stands behind `csv`"),
            (r#"{"decode": ["gzip", "gzip", "gzip", "gzip"]}"#, "/decode", "an answer is unpacked more than three times"),
            (r#"{"encoding": "latin"}"#, "/encoding", "no character set is called `latin`"),
            (r#"{"encoding": "hz-gb-2312"}"#, "/encoding", "no character set is called `hz-gb-2312`"),
            (r#"{"csv": {}}"#, "/csv", "`csv` says how csv is read, and none is"),
            (r#"{"decode": ["csv"], "xml": {}}"#, "/xml", "`xml` says how xml is read, and none is"),
            (r#"{"decode": ["gzip", "csv"], "zip_member": "a"}"#, "/zip_member", "`zip_member` says how zip is read, and none is"),
            (r#"{"decode": ["zip"], "zip_member": ""}"#, "/zip_member", "no name of a member"),
            (r#"{"max_bytes": 67108865}"#, "/max_bytes", "more than an answer may have"),
            (r#"{"max_bytes": 0}"#, "/max_bytes", "a whole number above 0 is expected, not 0"),
            (r#"{"decode": ["csv"], "csv": {"delimiter": "||"}}"#, "/csv/delimiter", "not one character of ASCII"),
            (r#"{"decode": ["csv"], "csv": {"delimiter": "§"}}"#, "/csv/delimiter", "not one character of ASCII"),
            (r#"{"decode": ["csv"], "csv": {"delimiter": "\n"}}"#, "/csv/delimiter", "the end of a line cannot be it"),
            (r#"{"decode": ["csv"], "csv": {"delimiter": "\""}}"#, "/csv", "the delimiter, the quote and the comment must differ"),
            (r#"{"decode": ["csv"], "csv": {"comment": ","}}"#, "/csv", "the delimiter, the quote and the comment must differ"),
            (r#"{"decode": ["csv"], "csv": {"header": false}}"#, "/csv", "`columns` is absent"),
            (r#"{"decode": ["csv"], "csv": {"columns": ["a"]}}"#, "/csv/columns", "the header names the columns already"),
            (r#"{"decode": ["csv"], "csv": {"header": false, "columns": []}}"#, "/csv/columns", "no column is named"),
            (r#"{"decode": ["csv"], "csv": {"header": false, "columns": ["a", "b", "a"]}}"#, "/csv/columns/2", "`a` names a column already"),
            (r#"{"decode": ["csv"], "csv": {"skip": -1}}"#, "/csv/skip", "a number of lines is expected"),
            (r#"{"decode": ["csv"], "csv": {"seperator": ";"}}"#, "/csv/seperator", "`seperator` is not a key here"),
            (r#"{"decode": ["xml"], "xml": {"attributes": "a-prefix-that-would-stand-before-each-and-every-attribute-of-an-answer"}}"#, "/xml/attributes", "a name is longer than 64 bytes"),
            (r#"{"decode": ["xml"], "xml": {"text": ""}}"#, "/xml/text", "a name is empty"),
        ] {
            assert_eq!(decode(records), Err(vec![(at.to_owned(), message.to_owned())]), "{records}");
        }
    }
}
