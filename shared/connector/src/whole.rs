//! What only the whole definition can tell: whether the parts that name each other exist.

use crate::{Connector, Side, check::{Check, Node}, draft::reads, nearest};

pub(crate) fn check(cx: &mut Check, root: &Node<'_>, connector: &Connector) {
    let read: Vec<&str> = connector.entities.iter().map(|entity| entity.name.as_str()).collect();
    let told = connector.webhook.iter().flat_map(|webhook| webhook.entities.iter().map(|(_, entity)| entity.as_str()));
    let scanned = connector.scans.iter().filter(|scan| scan.read.is_some()).map(|scan| scan.entity.as_str());
    let known: Vec<&str> = read.iter().copied().chain(told).chain(scanned).collect();
    for map in &connector.canonical_maps {
        if !known.contains(&map.entity.as_str()) {
            unknown(cx, &format!("/canonical_map/{}", map.entity), &map.entity, &known);
        }
    }
    for (index, scan) in connector.scans.iter().enumerate() {
        if let Some(first) = connector.scans.iter().take(index).find(|first| first.kind == scan.kind) {
            let message = format!("`{}` is scanned by `{}` already, and a type has one scan", scan.kind.name, first.entity);
            cx.error("definition_entity", &scan.at, message, "read both with one entity, or remove one");
        }
        let mapped: Vec<&str> = connector.canonical_maps.iter().filter(|map| map.kind == scan.kind).map(|map| map.entity.as_str()).collect();
        if !mapped.contains(&scan.entity.as_str()) {
            let message = format!("`{}` has no canonical map to `{}`", scan.entity, scan.kind.name);
            cx.error("definition_entity", &scan.at, message, "add `canonical_map` for the entity, or name one that has it");
        } else if connector.read_of(scan).is_none() {
            cx.error("definition_entity", &scan.at, format!("`{}` cannot be read", scan.entity), "give the entity a `read`, or the snapshot a `request`");
        }
    }
    duplicates(cx, &read);
    parents(cx, connector);
    lookups(cx, connector);
    depth_caps(cx, root, connector);
    for test in connector.tests.iter().filter(|test| !read.contains(&test.entity.as_str())) {
        unknown(cx, "/tests", &test.entity, &read);
    }
    sides(cx, root, connector);
}

/// Parents exist, can be read, and lead to no entity that is its own parent.
fn parents(cx: &mut Check, connector: &Connector) {
    let names: Vec<&str> = connector.entities.iter().filter(|entity| entity.read.is_some()).map(|entity| entity.name.as_str()).collect();
    let reads = connector.entities.iter().filter_map(|entity| entity.read.as_ref()).chain(connector.scans.iter().filter_map(|scan| scan.read.as_ref()));
    for parent in reads.flat_map(|read| &read.fan_out).filter_map(|level| level.from.as_ref()) {
        if !names.contains(&parent.entity.as_str()) {
            unknown(cx, &parent.at, &parent.entity, &names);
        } else if ancestors(connector, &parent.entity, 0).is_none() {
            cx.error("definition_entity", &parent.at, format!("`{}` is among its own parents", parent.entity), "read a tree with `recursive`");
        }
    }
}

/// The most levels of entities above one; deeper is a circle.
const DEEPEST: usize = 16;

/// How many entities lie above one; `None` where there is no end to them.
fn ancestors(connector: &Connector, name: &str, depth: usize) -> Option<usize> {
    if depth > DEEPEST {
        return None;
    }
    let above = connector.entity(name).and_then(|entity| entity.read.as_ref()).map(|read| read.fan_out.as_slice()).unwrap_or_default();
    above.iter().filter_map(|level| level.from.as_ref()).try_fold(depth, |most, parent| Some(most.max(ancestors(connector, &parent.entity, depth + 1)?)))
}

/// Tables exist, and what fills them can be asked for keys.
fn lookups(cx: &mut Check, connector: &Connector) {
    let tables: Vec<&str> = connector.lookups.iter().map(|table| table.name.as_str()).collect();
    for used in connector.entities.iter().filter_map(|entity| entity.read.as_ref()).flat_map(|read| &read.lookups).filter(|used| !tables.contains(&used.table.as_str())) {
        let hint = nearest(&used.table, tables.iter().copied()).map_or_else(|| "declare it under `lookup`".to_owned(), |near| format!("did you mean `{near}`?"));
        cx.error("definition_entity", &used.at, format!("no table `{}`", used.table), hint);
    }
    let names: Vec<&str> = connector.entities.iter().filter(|entity| entity.read.is_some()).map(|entity| entity.name.as_str()).collect();
    for table in &connector.lookups {
        let Some(read) = connector.entity(&table.entity).and_then(|entity| entity.read.as_ref()) else {
            unknown(cx, &table.at, &table.entity, &names);
            continue;
        };
        if !read.lookups.is_empty() {
            cx.error("definition_entity", &table.at, format!("`{}` looks things up itself", table.entity), "fill tables from an entity without `lookup`");
        }
        if let crate::Fill::Batched { inject, .. } | crate::Fill::PerRecord { inject } = &table.fill
            && !read.request.takes(inject)
        {
            cx.error("definition_unknown_value", &format!("/lookup/{}/inject", table.name), format!("the request of `{}` has no such place", table.entity), "name one it has");
        }
    }
}

/// A listing that begins anew behind its last record needs to know where that is.
fn depth_caps(cx: &mut Check, root: &Node<'_>, connector: &Connector) {
    let short = root.get("endpoints").and_then(|endpoints| endpoints.get("poll")).is_some();
    for (index, entity) in connector.entities.iter().enumerate() {
        let Some(read) = &entity.read else { continue };
        let Some(pagination) = read.pagination.as_ref().filter(|pagination| pagination.depth_cap.is_some()) else { continue };
        let ascending = read.incremental.as_ref().is_some_and(|incremental| incremental.order == crate::Order::Ascending);
        if !ascending && !matches!(pagination.way, crate::Way::Keyset(_)) {
            let at = if short && index + 1 == connector.entities.len() { "/endpoints/poll/pagination/depth_cap".to_owned() } else { format!("/entities/{}/read/pagination/depth_cap", document::token(&entity.name)) };
            cx.error("definition_missing_key", &at, "nothing tells where the listing begins anew", "add `incremental` with `\"order\": \"asc\"`");
        }
    }
}

fn unknown(cx: &mut Check, at: &str, name: &str, known: &[&str]) {
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "declare it under `entities`".to_owned(),
    };
    cx.error("definition_entity", at, format!("no entity `{name}`"), hint);
}

fn duplicates(cx: &mut Check, names: &[&str]) {
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            cx.error("definition_entity", "/endpoints/poll", format!("the entity `{name}` is declared twice"), "keep `entities` or `endpoints.poll`, or change the event type");
        }
    }
}

fn sides(cx: &mut Check, root: &Node<'_>, connector: &Connector) {
    if connector.mcp.is_some() || root.value.get("mcpConfig").is_some() || root.value.get("protocol").and_then(document::Value::as_str) == Some("mcp") {
        return;
    }
    let side = connector.metadata.side;
    let has = |keys: &[&str]| keys.iter().any(|key| root.value.get(key).is_some());
    if reads(side) && !has(&["entities", "webhook"]) && root.value.get("endpoints").is_none_or(|endpoints| endpoints.get("poll").is_none()) {
        cx.error("definition_missing_key", "", "a source has nothing to read", "add `entities`, `endpoints.poll` or `webhook`");
    }
    if matches!(side, Side::Destination | Side::Both) && !has(&["deliver"]) {
        cx.error("definition_missing_key", "", "a destination delivers nothing", "add `deliver`");
    }
}
