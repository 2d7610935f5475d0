//! What goes into the request of an entity from outside its text: no two values to one place, and no place without a value.

use document::{Value, token};

use super::inject::Inject;
use crate::{Body, Read, Request, Tree, Verb, Way, check::{Check, Node}};

/// Objects that say where something goes, in what stands beside a request.
fn written<'v>(node: &Node<'v>) -> Vec<Node<'v>> {
    let paging = node.get("pagination");
    let keys = paging.as_ref().and_then(|paging| paging.get("keys")).and_then(|keys| Some(keys.value.items()?.iter().enumerate().filter_map(|(index, key)| keys.child(&index.to_string(), key).get("inject")).collect::<Vec<_>>()));
    let groups = [paging.as_ref().and_then(|paging| paging.get("inject")), node.get("incremental").and_then(|incremental| incremental.get("inject"))];
    let members = groups.into_iter().flatten().flat_map(|group| match group.value.entries() {
        Some(entries) if group.value.get("in").is_none() => entries.iter().map(|(name, value)| group.child(name, value)).collect(),
        _ => vec![group],
    });
    members.chain(keys.unwrap_or_default()).chain(node.get("only_keys").and_then(|only| only.get("inject"))).collect()
}

/// The part of the request and the name in it.
fn place(node: &Node<'_>) -> Option<(String, String)> {
    let part = node.value.get("in")?.as_str()?;
    let name = node.value.get(if part == "body" { "pointer" } else { "name" })?.as_str()?;
    Some((part.to_owned(), if part == "header" { name.to_ascii_lowercase() } else { name.to_owned() }))
}

/// Two values for one place; of a body, also one that stands inside the other.
pub(crate) fn twice(cx: &mut Check, node: &Node<'_>) {
    let written: Vec<_> = written(node).into_iter().filter_map(|node| Some((place(&node)?, node))).collect();
    for (index, ((part, name), second)) in written.iter().enumerate() {
        let inside = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
        let same = |first: &str| first == name || (part == "body" && (inside(first, name) || inside(name, first)));
        if let Some((_, first)) = written[..index].iter().find(|((known, first), _)| known == part && same(first)) {
            cx.error("definition_unknown_value", &second.at, format!("this goes where `{}` goes already", first.at.trim_start_matches(&node.at).trim_start_matches('/')), "name another place");
        }
    }
}

/// Values for a parameter that has one already: what is injected replaces one of `params`, and none of the address.
pub(crate) fn doubled(cx: &mut Check, node: &Node<'_>, read: &Read) {
    for (name, at) in written(node).into_iter().filter_map(|node| Some((place(&node)?, node))).filter_map(|((part, name), node)| (part == "query").then_some((name, node))) {
        if read.request.address.has(&name) {
            cx.error("definition_unknown_value", &at.at, format!("`{name}` stands in the query of `{}/url` as well, and both would be sent", read.request.at), "keep one of them");
        }
    }
    let Some(pagination) = &read.pagination else { return };
    // These go into every page; a cursor does not go into the first.
    let position = if let Way::Page { inject, .. } | Way::Offset { inject, .. } = &pagination.way { inject.as_ref() } else { None };
    for name in position.into_iter().chain(&pagination.size_inject).filter_map(|inject| if let Inject::Query(name) = inject { Some(name) } else { None }) {
        if read.request.params.iter().any(|param| param.name == *name) {
            let at = format!("{}/params/{}", read.request.at, token(name));
            cx.warning("definition_unknown_value", &at, format!("`{name}` is injected into every page by `{}/pagination`, and this value is never sent", node.at), "remove it here, or the `inject`");
        }
    }
}

/// Whether a place is a parameter the address has of its own.
pub(crate) fn in_address(request: &Request, inject: &Inject) -> bool {
    matches!(inject, Inject::Query(name) if request.address.has(name))
}

/// Parameters of the first page alone that tell which page is asked for, and positions nobody counts.
pub(crate) fn positions(cx: &mut Check, node: &Node<'_>, request: &Node<'_>, read: &Read) {
    let injected: Vec<_> = written(node).iter().filter_map(place).collect();
    let names = request.get("first_page_only").and_then(|names| Some(names.value.items()?.iter().enumerate().map(|(index, name)| names.child(&index.to_string(), name)).collect::<Vec<_>>())).unwrap_or_default();
    for at in names {
        let Some(param) = read.request.params.iter().find(|param| Some(param.name.as_str()) == at.value.as_str()) else { continue };
        let position = ["page", "offset", "vars"].iter().any(|root| param.value.uses(root)) || injected.contains(&("query".to_owned(), param.name.clone()));
        if position {
            cx.error("definition_unknown_value", &at.at, format!("`{}` tells which page is asked for, and every page needs it", param.name), "remove it here");
        }
    }
    let counted = read.pagination.is_some();
    if let Some(root) = ["page", "offset"].into_iter().find(|root| !counted && read.request.uses(root)) {
        cx.error("definition_missing_key", &request.at, format!("the request uses `{{{{ {root} }}}}`, and nothing counts pages"), "add `pagination`");
    }
    if read.incremental.is_none() && read.request.uses("window") {
        cx.error("definition_missing_key", &request.at, "the request uses `{{ window }}`, and nothing says since when", "add `incremental`");
    }
}

/// A request that asks some of its pages in a body asks all of them so: the first page of a cursor has nothing to inject, and
/// its method would be another.
pub(crate) fn bodied(read: &mut Read) {
    if read.request.body.is_some() {
        return;
    }
    let body = injects(read).into_iter().find_map(|inject| match inject {
        Inject::Body(_) => Some(Body::Json(Tree::Object(Vec::new()))),
        Inject::Form(_) => Some(Body::Form(Vec::new())),
        Inject::Query(_) | Inject::Header(_) | Inject::Path(_) => None,
    });
    if body.is_some() && read.request.method == Verb::Get {
        read.request.method = Verb::Post;
    }
    read.request.body = body;
}

/// Where what stands beside the request goes.
pub(crate) fn injects(read: &Read) -> Vec<&Inject> {
    let mut injects: Vec<&Inject> = Vec::new();
    if let Some(pagination) = &read.pagination {
        injects.extend(&pagination.size_inject);
        match &pagination.way {
            Way::Page { inject, .. } | Way::Offset { inject, .. } | Way::Cursor { inject, .. } | Way::Scroll { inject, .. } => injects.extend(inject),
            Way::Keyset(keys) => injects.extend(keys.iter().filter_map(|key| key.inject.as_ref())),
            Way::Vars { inject, .. } => injects.extend(inject.iter().map(|(_, inject)| inject)),
            Way::NextUrl { .. } | Way::LinkHeader { .. } => {}
        }
    }
    if let Some(incremental) = &read.incremental {
        injects.extend(incremental.start.iter().chain(&incremental.end).map(|bound| &bound.inject));
    }
    injects
}

/// The places `{name}` of the address that are filled by it.
pub(crate) fn filled(read: &Read) -> Vec<&str> {
    injects(read).into_iter().filter_map(hole).collect()
}

/// The place in the address a value goes to.
pub(crate) fn hole(inject: &Inject) -> Option<&str> {
    if let Inject::Path(name) = inject { Some(name) } else { None }
}

/// Whether a text in it names this.
pub(crate) fn mentions(value: &Value, name: &str) -> bool {
    match value {
        Value::String(text) => text.contains(name),
        Value::Array(items) => items.iter().any(|item| mentions(item, name)),
        Value::Object(entries) => entries.iter().any(|(_, entry)| mentions(entry, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
