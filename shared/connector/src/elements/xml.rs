//! `records.xml`: how the elements of an XML answer become JSON.

use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// How elements become JSON.
///
/// The document becomes an object with its root element as the only key. An element with neither attributes nor children is its
/// text, empty where it has none; any other is an object of its attributes, its children and, where it has some, its text.
/// Children of one name become an array where there are several. Names stay as written, prefix included; white space around
/// a text is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Xml {
    /// What stands before the name of an attribute.
    pub attributes: String,
    /// The key of an element's text, where it is an object.
    pub text: String,
    /// Elements that become an array also where there is one.
    pub always_list: Vec<String>,
}

impl Default for Xml {
    fn default() -> Self {
        Self { attributes: "@".to_owned(), text: "#text".to_owned(), always_list: Vec::new() }
    }
}

/// The keys of `xml`.
pub(crate) static XML: Element = Element {
    name: "xml",
    doc: "How elements become JSON. The root element is the only key of the document. An element with neither attributes nor children is its text, empty where it has none; \
          any other is an object. Children of one name become an array where there are several. A document type is passed over and nothing it names is fetched; one with declarations of its own is refused. Names stay as written, with their prefixes, and values stay texts.",
    keys: &[
        Key::new("attributes", Takes::Text, "What stands before the name of an attribute; `@` without it."),
        Key::new("text", Takes::Text, "The key of an element's text, where it has attributes or children too; `#text` without it."),
        Key::new("always_list", Takes::List(&Takes::Text), "Names of elements, as written, that become an array also where there is only one. Where `records.path` ends at one of them and none is there, it is an empty list if the element around it is there: the root element if nothing but attributes is in it, another one also with other elements in it."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Xml> {
    XML.open(cx, node)?;
    let plain = Xml::default();
    let attributes = node.get("attributes").map_or(Some(plain.attributes), |prefix| short(cx, &prefix).map(str::to_owned));
    let text = node.get("text").map_or(Some(plain.text), |text| key(cx, &text));
    let always_list = match node.get("always_list") {
        Some(names) => names.items(cx)?.iter().filter_map(|name| key(cx, name)).collect(),
        None => Vec::new(),
    };
    Some(Xml { attributes: attributes?, text: text?, always_list })
}

fn key(cx: &mut Check, node: &Node<'_>) -> Option<String> {
    let text = short(cx, node)?;
    if text.is_empty() {
        cx.error("definition_unknown_value", &node.at, "a name is empty", "write a name such as `line`");
        return None;
    }
    Some(text.to_owned())
}

/// A text that may stand once for every element.
fn short<'v>(cx: &mut Check, node: &Node<'v>) -> Option<&'v str> {
    let text = node.text(cx)?;
    if text.len() > 64 {
        cx.error("definition_unknown_value", &node.at, "a name is longer than 64 bytes", "write a shorter one");
        return None;
    }
    Some(text)
}
