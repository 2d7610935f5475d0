//! `dedupe`: of equal records of a page only the first.

use std::collections::HashSet;

use document::{Hash128, Item, Path, hash_item};
use fault::Simple;

use super::Cx;

/// What was met on this page.
pub(super) struct Seen<'r> {
    keys: &'r [Path],
    met: HashSet<Hash128>,
}

impl<'r> Seen<'r> {
    pub(super) fn new(keys: &'r [Path]) -> Self {
        Self { keys, met: HashSet::new() }
    }

    /// Whether no record before was the same. One without a value at one of the keys cannot be told to be.
    pub(super) fn is_new<'a>(&mut self, record: Item<'a>, cx: Cx<'_, 'a>) -> Result<bool, Simple> {
        if self.keys.is_empty() {
            return Ok(true);
        }
        let values: Option<Vec<_>> = self.keys.iter().map(|key| key.at(record).filter(|item| !item.is_null())).collect();
        let Some(values) = values else { return Ok(true) };
        values.iter().try_for_each(|item| cx.share(*item))?;
        Ok(self.met.insert(hash_item(Item::List(&values))))
    }
}
