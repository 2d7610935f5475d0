//! Parents lead to no entity that is its own parent, and tell what changed where that is asked for.

use std::collections::BTreeMap;

use crate::{Connector, Parent, Read, check::Check};

/// The most levels of entities above one.
const DEEPEST: usize = 16;

/// The entities that are read, and how many lie above those that were looked at.
struct Above<'c> {
    reads: BTreeMap<&'c str, &'c Read>,
    known: BTreeMap<&'c str, usize>,
    /// The way down to the one being looked at.
    way: Vec<&'c str>,
}

pub(super) fn check(cx: &mut Check, connector: &Connector) {
    let reads: BTreeMap<&str, &Read> = connector.entities.iter().filter_map(|entity| Some((entity.name.as_str(), entity.read.as_ref()?))).collect();
    let mut above = Above { reads, known: BTreeMap::new(), way: Vec::new() };
    for entity in &connector.entities {
        height(cx, &mut above, &entity.name);
    }
    let reads = above.reads.values().copied().chain(connector.scans.iter().filter_map(|scan| scan.read.as_ref()));
    for parent in reads.flat_map(parents).filter(|parent| parent.incremental) {
        if above.reads.get(parent.entity.as_str()).is_some_and(|read| read.incremental.is_none()) {
            let at = format!("{}/incremental", parent.at.trim_end_matches("/entity"));
            cx.error("definition_missing_key", &at, format!("`{}` does not tell which of its records changed", parent.entity), "give that entity `incremental`, or remove it here");
        }
    }
}

fn parents(read: &Read) -> impl Iterator<Item = &Parent> {
    read.fan_out.iter().flat_map(|level| &level.from)
}

/// How many entities lie above one another over this one. Each is looked at once, so that many ways to one cost no more than one.
fn height<'c>(cx: &mut Check, above: &mut Above<'c>, name: &'c str) -> usize {
    if let Some(height) = above.known.get(name) {
        return *height;
    }
    let Some(read) = above.reads.get(name).copied() else { return 0 };
    above.way.push(name);
    let mut most = 0;
    for parent in parents(read) {
        if above.way.contains(&parent.entity.as_str()) {
            cx.error("definition_entity", &parent.at, format!("`{}` is among its own parents", parent.entity), "read a tree with `recursive`");
            continue;
        }
        let over = if above.way.len() > DEEPEST { DEEPEST } else { height(cx, above, &parent.entity) };
        if over == DEEPEST {
            cx.error("definition_entity", &parent.at, format!("more than {DEEPEST} entities lie above one another"), "read fewer levels");
        }
        most = most.max(over + 1);
    }
    above.way.pop();
    above.known.insert(name, most);
    most
}
