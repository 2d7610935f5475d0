//! `capture`: values taken from an answer that gives a token, for later addresses and headers as `{{ token.name }}`.

use document::Path;

use crate::{Pattern, check::{Check, Node}, shape::{Element, Key, Takes}};

/// A captured value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// Its name.
    pub name: String,
    /// Where it stands in the answer.
    pub path: Path,
    /// What the whole value has to look like; needed where it is part of a host.
    pub pattern: Option<Pattern>,
    /// The hosts it may have, where it is an address: `api.example.com`, `*.example.com`.
    pub hosts: Vec<String>,
}

/// A captured value with conditions.
pub(crate) static CAPTURE: Element = Element {
    name: "capture",
    doc: "A value taken from the answer, for later requests as `{{ token.NAME }}`.",
    keys: &[
        Key::required("path", Takes::Path { singular: true }, "Where it stands in the answer."),
        Key::new("pattern", Takes::Text, "What the whole value has to look like; needed where it is part of a host."),
        Key::new("hosts", Takes::List(&Takes::Text), "The hosts it may have, where an address starts with it: `api.example.com`, `*.example.com`."),
    ],
};

/// What stands behind `capture`.
pub(crate) const CAPTURES: Takes = Takes::Map(&Takes::Either(&[Takes::Path { singular: true }, Takes::Of(&CAPTURE)]));

/// The captures of an element; its later parts may name them.
pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<Capture> {
    let entries = node.get("capture").and_then(|entries| entries.entries(cx)).unwrap_or_default();
    let captures: Vec<Capture> = entries.iter().filter_map(|entry| capture(cx, entry)).collect();
    if captures.len() < entries.len() || (node.get("capture").is_some() && entries.is_empty()) {
        cx.open.push("token");
    }
    cx.captured.extend(captures.iter().cloned());
    captures
}

fn capture(cx: &mut Check, node: &Node<'_>) -> Option<Capture> {
    if node.value.entries().is_none() {
        return Some(Capture { name: node.name(), path: node.path(cx, true)?, pattern: None, hosts: Vec::new() });
    }
    CAPTURE.open(cx, node)?;
    let path = node.need(cx, "path").and_then(|path| path.path(cx, true));
    let pattern = node.get("pattern").and_then(|pattern| super::config::pattern(cx, &pattern));
    let broken = node.get("pattern").is_some() && pattern.is_none();
    let hosts = node.get("hosts").and_then(|hosts| hosts.items(cx)).unwrap_or_default();
    let hosts = hosts.iter().filter_map(|host| self::host(cx, host)).collect();
    (!broken).then_some(Capture { name: node.name(), path: path?, pattern, hosts })
}

fn host(cx: &mut Check, node: &Node<'_>) -> Option<String> {
    let text = node.text(cx)?;
    let name = text.strip_prefix("*.").unwrap_or(text);
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')) && !name.starts_with('.');
    if !plain || (text.starts_with("*.") && !name.contains('.')) {
        cx.error("definition_url", &node.at, "no host", "write `api.example.com`, or `*.example.com` for those below it");
        return None;
    }
    Some(text.to_ascii_lowercase())
}
