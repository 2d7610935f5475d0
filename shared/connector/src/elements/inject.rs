//! `inject`: where a computed value goes into a request. The same object everywhere a value is injected.

use document::Pointer;

use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// A place in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inject {
    /// A query parameter, replacing one of the same name.
    Query(String),
    /// A header, replacing one of the same name.
    Header(String),
    /// The place `{name}` in the path of the address.
    Path(String),
    /// A place in the JSON body, a GraphQL body included; a number stays a number.
    Body(Pointer),
    /// A field of the form that is the body.
    Form(String),
}

const PLACES: &[&str] = &["query", "header", "path", "body", "form"];

/// `inject`.
pub(crate) static INJECT: Element = Element {
    name: "inject",
    doc: "Where a computed value goes into the request.",
    keys: &[
        Key::required("in", Takes::Words(PLACES), "Which part of the request."),
        Key::new("name", Takes::Text, "Name of the parameter, header or form field, or of the place `{name}` in the path of the address."),
        Key::new("pointer", Takes::Text, "JSON Pointer into the body, such as `/variables/after`; objects that are missing on the way are made."),
    ],
};

/// `inject` of an instant: with the form it is written in.
pub(crate) static INJECT_TIME: Element = Element {
    name: "inject_time",
    doc: "Where an instant goes into the request, and how it is written.",
    keys: &[
        Key::required("in", Takes::Words(PLACES), "Which part of the request."),
        Key::new("name", Takes::Text, "Name of the parameter, header or form field, or of the place `{name}` in the path of the address."),
        Key::new("pointer", Takes::Text, "JSON Pointer into the body."),
        Key::new("format", Takes::Text, "How the instant is written: a named form (`iso8601`, `date`, `epoch_s`, `epoch_ms`, …) or a pattern such as `%Y-%m-%d %H:%M:%S`. Without it the first of `formats`."),
    ],
};

/// The place of an object whose other keys somebody else reads.
pub(crate) fn place(cx: &mut Check, node: &Node<'_>) -> Option<Inject> {
    let word = node.need(cx, "in")?.word(cx, PLACES)?;
    if word == "body" {
        return pointer(cx, node).map(Inject::Body);
    }
    let text = named(cx, node, word, word == "header")?;
    Some(match word {
        "query" => Inject::Query(text),
        "header" => Inject::Header(text),
        "form" => Inject::Form(text),
        _ => Inject::Path(text),
    })
}

/// The pointer of a place in the body.
pub(crate) fn pointer(cx: &mut Check, node: &Node<'_>) -> Option<Pointer> {
    if let Some(name) = node.get("name") {
        cx.error("definition_unknown_key", &name.at, "a place in the body has a pointer, not a name", format!("write `\"pointer\": \"/{}\"`", name.value.as_str().unwrap_or("field")));
        return None;
    }
    let pointer = node.need(cx, "pointer")?;
    match Pointer::parse(pointer.text(cx)?) {
        Ok(parsed) if !parsed.tokens().is_empty() => Some(parsed),
        Ok(_) => {
            cx.error("definition_unknown_value", &pointer.at, "the whole body cannot be a single value", "name a place in it, such as `/page/after`");
            None
        }
        Err(error) => {
            cx.error("definition_unknown_value", &pointer.at, error.to_string(), "write it like `/page/after`");
            None
        }
    }
}

/// The name of a place outside the body.
pub(crate) fn named(cx: &mut Check, node: &Node<'_>, word: &str, header: bool) -> Option<String> {
    if let Some(pointer) = node.get("pointer") {
        cx.error("definition_unknown_key", &pointer.at, format!("a place in the {word} has a name, not a pointer"), "write `\"name\"`, or `\"in\": \"body\"`");
        return None;
    }
    let name = node.need(cx, "name")?;
    header_name(cx, &name, header)
}

/// A name that can be that of a header, where it is one.
pub(crate) fn header_name(cx: &mut Check, node: &Node<'_>, header: bool) -> Option<String> {
    let text = node.text(cx)?;
    if text.is_empty() || (header && !is_token(text)) {
        cx.error("definition_unknown_value", &node.at, "no name of a header or parameter", "use letters, digits and `-`");
        return None;
    }
    if header && is_ours(text) {
        cx.error("definition_unknown_value", &node.at, format!("`{text}` is written by the engine itself"), "remove it");
        return None;
    }
    if text.contains("{{") {
        cx.error("definition_unknown_value", &node.at, "a name has no expressions in it", "write the name as it is sent");
        return None;
    }
    Some(text.to_owned())
}

/// Headers that say where a message goes and where it ends: another value of theirs would make it another message.
pub(crate) fn is_ours(name: &str) -> bool {
    ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"].iter().any(|ours| name.eq_ignore_ascii_case(ours))
}

/// A token of HTTP (RFC 9110).
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
