//! `inject`: where a computed value goes into a request.

use crate::check::{Check, Node};

/// A place in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inject {
    /// In a header instead of the query.
    pub header: bool,
    /// Name of the parameter or header.
    pub name: String,
}

pub(crate) fn read(cx: &mut Check, node: &Node<'_>, more: &[&str]) -> Option<Inject> {
    let keys: Vec<&str> = ["in", "name"].iter().chain(more).copied().collect();
    node.object(cx, &keys)?;
    let place = node.need(cx, "in").and_then(|place| place.word(cx, &["query", "header"]));
    let name = node.need(cx, "name").and_then(|name| header_name(cx, &name, place == Some("header")));
    Some(Inject { header: place? == "header", name: name? })
}

/// A name that can be that of a header, where it is one.
pub(crate) fn header_name(cx: &mut Check, node: &Node<'_>, header: bool) -> Option<String> {
    let text = node.text(cx)?;
    if text.is_empty() || (header && !is_token(text)) {
        cx.error("definition_unknown_value", &node.at, "no name of a header or parameter", "use letters, digits and `-`");
        return None;
    }
    Some(text.to_owned())
}

/// A token of HTTP (RFC 9110).
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
