//! `format: json_api`: resources of JSON:API (v1.1), made flat.
//!
//! `{id, type, …attributes, relationships: {name: id or [ids]}, included: {name: resource or [resources]}}`. What an answer
//! includes is embedded one level deep: an included resource tells the ids of its own relationships and embeds nothing.

use std::{borrow::Cow, collections::HashMap};

use document::{Item, Sort};
use fault::Simple;

use super::{Cx, Each, wrong};

/// What an answer includes, flat, by type and id.
pub(super) type Included<'a> = HashMap<Name<'a>, Item<'a>>;

/// A type and an id.
type Name<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Reads what an answer includes.
pub(super) fn included<'a>(answer: Item<'a>, cx: Cx<'_, 'a>) -> Result<Included<'a>, Simple> {
    let mut included = Included::new();
    for resource in answer.get("included").into_iter().flat_map(Item::items) {
        if let Some(name) = name(resource) {
            included.insert(name, flat(resource, None, cx)?);
        }
    }
    Ok(included)
}

/// Shows a resource as a record.
pub(super) fn each<'a>(resource: Item<'a>, included: &Included<'a>, cx: Cx<'_, 'a>, each: Each<'_, 'a>) -> Result<(), Simple> {
    match resource.sort() {
        Sort::Object => each(flat(resource, Some(included), cx)?),
        Sort::Null => Ok(()),
        other => Err(wrong("a resource of JSON:API", other)),
    }
}

fn flat<'a>(resource: Item<'a>, included: Option<&Included<'a>>, cx: Cx<'_, 'a>) -> Result<Item<'a>, Simple> {
    let mut own = Vec::with_capacity(4);
    own.extend(["id", "type"].into_iter().filter_map(|name| Some((name, resource.get(name)?))));
    if let Some(relationships) = resource.get("relationships") {
        let ids = related(relationships, &|linked| linked.get("id"), cx)?;
        own.push(("relationships", cx.arena.map(ids)));
        if let Some(included) = included.filter(|included| !included.is_empty()) {
            let mut embedded = related(relationships, &|linked| included.get(&name(linked)?).copied(), cx)?;
            embedded.retain(|(_, item)| item.sort() == Sort::Object || item.len() > 0);
            if !embedded.is_empty() {
                own.push(("included", cx.arena.map(embedded)));
            }
        }
    }
    cx.joined(&own, resource.get("attributes").unwrap_or(Item::Null))
}

/// What each relationship links to: one, many, or null where it says that there is none. One that only has links says nothing.
fn related<'a>(relationships: Item<'a>, of: &dyn Fn(Item<'a>) -> Option<Item<'a>>, cx: Cx<'_, 'a>) -> Result<Vec<(&'a str, Item<'a>)>, Simple> {
    let mut related = Vec::with_capacity(relationships.len());
    for (name, relationship) in relationships.entries() {
        let linked = match relationship.get("data") {
            Some(many) if many.sort() == Sort::Array => Some(cx.arena.list(many.items().filter_map(of).collect::<Vec<_>>())),
            Some(none) if none.is_null() => Some(none),
            one => one.and_then(of),
        };
        cx.pay(1)?;
        if let Some(linked) = linked {
            cx.share(linked)?;
            related.push((cx.arena.keep(name), linked));
        }
    }
    Ok(related)
}

/// What a resource, or a link to one, is called.
fn name(item: Item<'_>) -> Option<Name<'_>> {
    item.get("type").and_then(Item::plain).zip(item.get("id").and_then(Item::plain))
}
