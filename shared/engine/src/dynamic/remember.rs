//! Where the outermost parents stand for the next run, where only changed parents are read.

use connector::{FanOut, Parent, Read};

use super::{fetch::Reach, state::State};

/// Keeps where a parent stands for the next run; forgets those that are asked for no more.
pub(crate) fn keep(level: &FanOut, state: &mut State, parent: usize, ended: Option<&State>) {
    let names: Vec<String> = level.from.iter().enumerate().filter(|(_, parent)| parent.incremental).map(|(index, _)| name(&level.from, index)).collect();
    state.parents.retain(|(known, _)| ended.is_some() && names.contains(known));
    let own = name(&level.from, parent);
    if let Some(ended) = ended.filter(|_| names.contains(&own)) {
        state.parents.retain(|(known, _)| *known != own);
        // A page that was read again by whoever went on knows more than those that were read by it: what changed since the run
        // began is asked for again.
        state.parents.push((own, ended.clone().before(state.began)));
    }
}

/// Where the parent of a level is read from that tells what changed since the last run.
pub(crate) fn start(level: &FanOut, state: &State, depth: usize, reach: Reach) -> Option<State> {
    let at = state.levels.get(depth)?;
    level.from.get(at.parent).filter(|parent| depth == 0 && reach == Reach::Changes && parent.incremental && at.at.is_none())?;
    let own = name(&level.from, at.parent);
    state.parents.iter().find_map(|(known, state)| (*known == own).then(|| state.clone()))
}

/// The name of one of several parents: its entity, and which of several of the same.
fn name(parents: &[Parent], index: usize) -> String {
    let Some(parent) = parents.get(index) else { return String::new() };
    match parents.iter().take(index).filter(|other| other.entity == parent.entity).count() {
        0 => parent.entity.clone(),
        before => format!("{} {before}", parent.entity),
    }
}

/// Whether only changed parents are read, of one at least.
pub(crate) fn remembers(read: &Read) -> bool {
    read.fan_out.first().is_some_and(|level| level.from.iter().any(|parent| parent.incremental))
}
