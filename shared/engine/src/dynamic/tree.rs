//! A level whose values form a tree: each record read may be a parent of its own.

use connector::Read;
use document::{Item, Value, object};
use fault::Simple;

use super::{Dynamic, state::State};
use crate::Call;

/// Nodes of a tree still to be read.
const MOST_PENDING: usize = 5_000;

impl Dynamic {
    /// Remembers the children a record of a tree has.
    pub(crate) fn branch(&self, call: Call<'_>, read: &Read, state: &mut State, record: Item<'_>, parents: Option<&Value>) -> Result<(), Simple> {
        let Some((recursive, level)) = read.fan_out.last().and_then(|level| level.recursive.as_ref()).zip(state.levels.last_mut()) else { return Ok(()) };
        let depth = level.node.as_ref().map_or(1, |(_, depth)| *depth);
        if let Some(filter) = &recursive.filter
            && !self.holds(call, filter, record, parents)?
        {
            return Ok(());
        }
        let Some(value) = recursive.value.at(record).filter(|value| !value.is_null()) else { return Ok(()) };
        if depth >= i64::from(recursive.max_depth) {
            // Who says which records have children says that these are lost; who does not asks every leaf.
            return if recursive.filter.is_some() { Err(Simple::reject("definition_records", format!("the tree is deeper than {} levels", recursive.max_depth))) } else { Ok(()) };
        }
        if level.pending.len() >= MOST_PENDING {
            return Err(Simple::reject("definition_records", format!("the tree has more than {MOST_PENDING} nodes still to be read")));
        }
        level.pending.push((object([("value", Some(value.to_value()))]), depth + 1));
        Ok(())
    }
}
