//! Parents lead to no entity that is its own parent, and tell what changed where that is asked for.

use std::collections::BTreeMap;

use crate::{Connector, Read, check::Check};

/// The most levels of entities above one.
const DEEPEST: usize = 16;

pub(super) fn check(cx: &mut Check, connector: &Connector) {
    let mut heights = BTreeMap::new();
    let entities = connector.entities.iter().filter_map(|entity| Some((Some(entity.name.as_str()), entity.read.as_ref()?)));
    let reads = entities.chain(connector.scans.iter().filter_map(|scan| Some((None, scan.read.as_ref()?))));
    for (own, read) in reads {
        for parent in read.fan_out.iter().filter_map(|level| level.from.as_ref()) {
            let Some(read) = above(connector, &parent.entity) else { continue };
            if own.is_some_and(|own| own == parent.entity || leads(connector, read, own, &mut Vec::new())) {
                cx.error("definition_entity", &parent.at, format!("`{}` is among its own parents", own.unwrap_or_default()), "read a tree with `recursive`");
            } else if height(connector, &parent.entity, &mut heights, 0) >= DEEPEST {
                cx.error("definition_entity", &parent.at, format!("more than {DEEPEST} entities lie above one another"), "read fewer levels");
            } else if parent.incremental && read.incremental.is_none() {
                let at = format!("{}/incremental", parent.at.trim_end_matches("/entity"));
                cx.error("definition_missing_key", &at, format!("`{}` does not tell which of its records changed", parent.entity), "give that entity `incremental`, or remove it here");
            }
        }
    }
}

fn parents(read: &Read) -> impl Iterator<Item = &str> {
    read.fan_out.iter().filter_map(|level| level.from.as_ref()).map(|parent| parent.entity.as_str())
}

fn above<'c>(connector: &'c Connector, name: &str) -> Option<&'c Read> {
    connector.entity(name)?.read.as_ref()
}

/// Whether an entity lies above a read; each is looked at once.
fn leads<'c>(connector: &'c Connector, read: &'c Read, name: &str, seen: &mut Vec<&'c str>) -> bool {
    parents(read).any(|parent| {
        if parent == name {
            return true;
        }
        if seen.contains(&parent) || seen.len() > 1_000 {
            return false;
        }
        seen.push(parent);
        above(connector, parent).is_some_and(|read| leads(connector, read, name, seen))
    })
}

/// How many entities lie above one another over this one; each is counted once, and a circle has been told of.
fn height<'c>(connector: &'c Connector, name: &'c str, known: &mut BTreeMap<&'c str, usize>, depth: usize) -> usize {
    if let Some(height) = known.get(name) {
        return *height;
    }
    known.insert(name, 0);
    let parents: Vec<&str> = above(connector, name).into_iter().flat_map(parents).collect();
    let height = if depth > DEEPEST { 0 } else { parents.into_iter().map(|parent| height(connector, parent, known, depth + 1) + 1).max().unwrap_or(0) };
    known.insert(name, height);
    height
}
