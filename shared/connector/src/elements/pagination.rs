//! `pagination`: how the next page is found, and when there is none.

use document::Path;

use super::{inject::{self, Inject}, request::Request};
use crate::check::{Check, Node};

/// How the next page is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pagination {
    /// The answer names the cursor of the next page; no cursor, no page.
    Cursor {
        /// Where it stands in the answer.
        from: Path,
        /// Where it goes; without it the request uses `{{cursor}}`.
        inject: Option<Inject>,
    },
    /// Pages are numbered. Ends on an empty page, a repeated page, or when the total is reached.
    Page {
        /// The first number.
        start: i64,
        /// Records asked for per page.
        size: Option<u32>,
        /// Where the number goes; without it the request uses `{{page}}`.
        page: Option<Inject>,
        /// Where the size goes.
        size_inject: Option<Inject>,
        /// Where the answer tells how many records there are.
        total: Option<Path>,
    },
    /// The answer's `Link` header names the next page, on the same origin.
    LinkHeader {
        /// The relation.
        rel: String,
    },
}

pub(crate) fn read(cx: &mut Check, node: &Node<'_>, request: Option<&Request>) -> Option<Pagination> {
    let uses = |root: &str| {
        request.is_none_or(|request| {
            let tree = |tree: &crate::Tree| tree.uses(root);
            request.params.iter().any(|(_, param)| tree(param)) || request.body.as_ref().is_some_and(tree) || request.headers.iter().any(|(_, header)| crate::tree::uses(header, root))
        })
    };
    match node.need(cx, "type")?.word(cx, &["cursor", "page", "link_header"])? {
        "cursor" => {
            node.object(cx, &["type", "field", "from", "inject"])?;
            let from = from(cx, node);
            let inject = node.get("inject").and_then(|inject| wrapped(cx, &inject, "cursor"));
            need_use(cx, node, inject.is_some() || uses("cursor"), "cursor");
            Some(Pagination::Cursor { from: from?, inject })
        }
        "page" => page(cx, node, uses("page")),
        _ => {
            node.object(cx, &["type", "rel"])?;
            let rel = match node.get("rel") {
                Some(rel) => rel.text(cx)?,
                None => "next",
            };
            Some(Pagination::LinkHeader { rel: rel.to_owned() })
        }
    }
}

fn from(cx: &mut Check, node: &Node<'_>) -> Option<Path> {
    let Some(field) = node.get("field") else { return node.need(cx, "from")?.path(cx, true) };
    let text = field.text(cx)?;
    if text.starts_with('$') {
        return field.path(cx, true);
    }
    let parsed = Path::parse(&format!("$.{text}")).ok().filter(Path::is_singular);
    if parsed.is_none() {
        cx.error("path_invalid", &field.at, "no name of a field", "write a dotted name or a path that starts with `$`");
    }
    parsed
}

/// `{in, name}`, or the same under the name of what is injected.
fn wrapped(cx: &mut Check, node: &Node<'_>, key: &str) -> Option<Inject> {
    match node.get(key) {
        Some(inner) => {
            node.object(cx, &[key])?;
            inject::read(cx, &inner, &[])
        }
        None => inject::read(cx, node, &[]),
    }
}

fn page(cx: &mut Check, node: &Node<'_>, used: bool) -> Option<Pagination> {
    node.object(cx, &["type", "start", "size", "inject", "stop"])?;
    let start = node.get("start").map_or(Some(1), |start| start.integer(cx));
    let size = node.get("size").and_then(|size| size.count(cx));
    let (mut page, mut size_inject) = (None, None);
    if let Some(inject) = node.get("inject") {
        inject.object(cx, &["page", "size"])?;
        page = inject.get("page").and_then(|place| inject::read(cx, &place, &[]));
        size_inject = inject.get("size").and_then(|place| inject::read(cx, &place, &[]));
        if size_inject.is_some() && size.is_none() {
            node.need(cx, "size");
        }
    }
    need_use(cx, node, page.is_some() || used, "page");
    let total = node.get("stop").and_then(|stop| {
        stop.object(cx, &["total"])?;
        stop.need(cx, "total")?.path(cx, true)
    });
    Some(Pagination::Page { start: start?, size, page, size_inject, total })
}

fn need_use(cx: &mut Check, node: &Node<'_>, used: bool, name: &str) {
    if !used {
        let hint = format!("add `inject`, or use `{{{{{name}}}}}` in `params`");
        cx.error("definition_missing_key", &node.at, format!("the {name} goes nowhere, so every page would be the first"), hint);
    }
}
