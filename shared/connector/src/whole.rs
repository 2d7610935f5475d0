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
    for scan in &connector.scans {
        let mapped: Vec<&str> = connector.canonical_maps.iter().filter(|map| map.kind == scan.kind).map(|map| map.entity.as_str()).collect();
        if !mapped.contains(&scan.entity.as_str()) {
            let message = format!("`{}` has no canonical map to `{}`", scan.entity, scan.kind.name);
            cx.error("definition_entity", &scan.at, message, "add `canonical_map` for the entity, or name one that has it");
        } else if connector.read_of(scan).is_none() {
            cx.error("definition_entity", &scan.at, format!("`{}` cannot be read", scan.entity), "give the entity a `read`, or the snapshot a `request`");
        }
    }
    duplicates(cx, &read);
    sides(cx, root, connector);
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
