//! `expand` and `keep` of `records`: the way down to records that stand inside others, and what they take along.

use document::Path;

use super::{misplaced, paths};
use crate::check::{Check, Node};

/// One step of the way down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expand {
    /// What stands in the record so far; each value is a record then.
    pub path: Path,
    /// What these take along: a name, and where the record so far has the value.
    pub keep: Vec<(String, Path)>,
}

/// Steps of one way.
const DEEPEST: usize = 8;
/// Names kept on one way.
const MOST: usize = 64;

pub(super) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<Expand> {
    let keep = node.get("keep");
    let Some(expand) = node.get("expand") else {
        if let Some(keep) = keep {
            misplaced(cx, &keep, "`keep` is what expanded records take along, and nothing is expanded", "add `expand`, or remove it");
        }
        return Vec::new();
    };
    let levels = expand.value.items().map_or(1, <[_]>::len);
    if levels > DEEPEST {
        cx.error("definition_unknown_value", &expand.at, format!("{levels} levels"), format!("expand at most {DEEPEST}"));
    }
    let steps = paths(cx, &expand, false);
    let mut kept = keep.map(|keep| self::kept(cx, &keep, levels)).unwrap_or_default().into_iter();
    steps.into_iter().map(|path| Expand { path, keep: kept.next().unwrap_or_default() }).collect()
}

/// What is kept, by step.
fn kept(cx: &mut Check, node: &Node<'_>, most: usize) -> Vec<Vec<(String, Path)>> {
    let levels = if node.value.items().is_some() { node.items(cx).unwrap_or_default() } else { vec![node.clone()] };
    if let Some(level) = levels.get(most).filter(|_| most > 0) {
        misplaced(cx, level, format!("this is kept for path {} of `expand`, which has {most}", most + 1), "remove it, or add a path to `expand`");
    }
    let mut names: Vec<String> = Vec::new();
    let kept: Vec<_> = levels.iter().map(|level| {
        let entries = level.entries(cx).unwrap_or_default();
        entries.iter().filter_map(|entry| {
            let name = entry.name();
            if names.contains(&name) {
                cx.error("definition_unknown_value", &entry.at, format!("`{name}` is kept twice"), "give the values two names");
            }
            names.push(name.clone());
            Some((name, entry.path(cx, true)?))
        }).collect()
    }).collect();
    if names.len() > MOST {
        cx.error("definition_unknown_value", &node.at, format!("{} names are kept", names.len()), format!("keep at most {MOST}, or an object around them"));
    }
    kept
}
