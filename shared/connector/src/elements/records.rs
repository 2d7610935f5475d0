//! `records`: where the records stand in an answer.

use document::Path;

use crate::check::{Check, Node};

/// Where the records stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Records {
    /// Their path; without it, the body if it is an array, else its only top-level array.
    pub path: Option<Path>,
    /// What identifies a record.
    pub primary_key: Vec<Path>,
}

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Records> {
    node.object(cx, &["path", "primary_key"])?;
    let path = node.get("path").and_then(|path| path.path(cx, false));
    let keys = match node.get("primary_key") {
        Some(keys) if keys.value.items().is_some() => keys.items(cx).unwrap_or_default(),
        Some(key) => vec![key],
        None => Vec::new(),
    };
    let primary_key = keys.iter().filter_map(|key| key.path(cx, true)).collect();
    Some(Records { path, primary_key })
}
