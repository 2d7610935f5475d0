//! `records`: where the records stand in an answer.

use document::Path;

use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// Where the records stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Records {
    /// Their path; without it, the body if it is an array, else its only top-level array.
    pub path: Option<Path>,
    /// What identifies a record.
    pub primary_key: Vec<Path>,
}

/// `records`.
pub(crate) static RECORDS: Element = Element {
    name: "records",
    doc: "Where the records stand in an answer.",
    keys: &[
        Key::new("path", Takes::Path { singular: false }, "Their path; without it the body if it is an array, else its only top-level array."),
        Key::new("primary_key", Takes::Either(&[Takes::Path { singular: true }, Takes::List(&Takes::Path { singular: true })]), "What identifies a record."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Records> {
    RECORDS.open(cx, node)?;
    let path = node.get("path").and_then(|path| path.path(cx, false));
    let keys = match node.get("primary_key") {
        Some(keys) if keys.value.items().is_some() => keys.items(cx).unwrap_or_default(),
        Some(key) => vec![key],
        None => Vec::new(),
    };
    let primary_key = keys.iter().filter_map(|key| key.path(cx, true)).collect();
    Some(Records { path, primary_key })
}
