//! Where the outermost parents stand for the next run, where only changed parents are read.

use connector::{FanOut, Parent, Read};
use document::hash_bytes;

use super::{fetch::Reach, state::State};

/// Keeps where a parent stands for the next run; forgets those that are asked for no more.
pub(crate) fn keep(level: &FanOut, state: &mut State, parent: usize, ended: Option<&State>) {
    let asked = || level.from.iter().enumerate().filter(|(_, parent)| parent.incremental).map(|(index, _)| index);
    let names: Vec<String> = asked().flat_map(|index| [Some(name(&level.from, index)), older(&level.from, index)]).flatten().collect();
    state.parents.retain(|(known, _)| ended.is_some() && names.contains(known));
    let own = name(&level.from, parent);
    if let Some(ended) = ended.filter(|_| names.contains(&own)) {
        let older = older(&level.from, parent);
        state.parents.retain(|(known, _)| *known != own && Some(known) != older.as_ref());
        // A page that was read again by whoever went on knows more than those that were read by it: what changed since the run
        // began is asked for again.
        state.parents.push((own, ended.clone().before(state.began)));
    }
}

/// Where the parent of a level is read from that tells what changed since the last run.
pub(crate) fn start(level: &FanOut, state: &State, depth: usize, reach: Reach) -> Option<State> {
    let at = state.levels.get(depth)?;
    level.from.get(at.parent).filter(|parent| depth == 0 && reach == Reach::Changes && parent.incremental && at.at.is_none())?;
    let found = |name: &String| state.parents.iter().find_map(|(known, state)| (known == name).then(|| state.clone()));
    found(&name(&level.from, at.parent)).or_else(|| found(&older(&level.from, at.parent)?))
}

/// The name of one of several parents: its entity, what is taken of it, and which of several that take the same. By its place it
/// would go on where another stood once the definition has them in another order.
fn name(parents: &[Parent], index: usize) -> String {
    let Some(parent) = parents.get(index) else { return String::new() };
    let print = taken(parent);
    match parents.iter().take(index).filter(|other| other.entity == parent.entity && taken(other) == print).count() {
        0 => format!("{} {print}", parent.entity),
        before => format!("{} {print} {before}", parent.entity),
    }
}

/// A short print of what is taken of a parent.
fn taken(parent: &Parent) -> String {
    let parts = [parent.filter.as_ref().map(|filter| filter.source().to_owned()), parent.each.as_ref().map(ToString::to_string), Some(parent.value.to_string())];
    hex::encode(&hash_bytes(format!("{parts:?}").as_bytes())[..4])
}

/// Its name in cursors of the older form, where it can only be this one.
fn older(parents: &[Parent], index: usize) -> Option<String> {
    let parent = parents.get(index)?;
    (parents.iter().filter(|other| other.entity == parent.entity).count() == 1).then(|| parent.entity.clone())
}

/// Whether only changed parents are read, of one at least.
pub(crate) fn remembers(read: &Read) -> bool {
    read.fan_out.first().is_some_and(|level| level.from.iter().any(|parent| parent.incremental))
}
