//! Sets what was looked up into the records of a page, and takes those out whose keys are missed or of which nobody is sure.

use connector::{OnMiss, Read};
use document::{Arena, Item};
use fault::Simple;

use super::tables::Picked;
use crate::{Config, Silence, left_out::shown};

/// The values found for one page, in the order in which the entity uses its tables.
#[derive(Default)]
pub(crate) struct Found(pub(super) Vec<Column>);

/// What one table has of the keys of a page.
pub(super) struct Column {
    pub(super) table: String,
    pub(super) values: Picked,
    pub(super) on_miss: OnMiss,
}

/// A record that is taken out.
pub(crate) struct Out<'p> {
    /// The record, as it was answered.
    pub(crate) record: Item<'p>,
    /// What counts of it: a value of its own where a table should have set one goes for nothing.
    pub(crate) said: Item<'p>,
    /// Why it is taken out.
    pub(crate) why: Silence,
}

impl Found {
    /// Sets the values into the records; takes out those whose keys are missed where that is said, and those whose keys have rows that
    /// differ, and answers with them.
    pub(crate) fn set<'p>(&'p self, config: &Config, records: &mut Vec<Item<'p>>, read: &'p Read, arena: &'p Arena) -> Vec<Out<'p>> {
        let mut out = Vec::new();
        for (at, (used, Column { table, values, on_miss })) in read.lookups.iter().zip(&self.0).enumerate() {
            records.retain_mut(|record| {
                let key = used.key.at(*record).filter(|key| !key.is_null());
                let text = key.and_then(Item::plain);
                let value = match (text.as_deref().and_then(|key| values.get(key)), on_miss) {
                    (Some(Some(value)), _) => Some(Item::Tree(value)),
                    (Some(None), _) => {
                        let why = Silence::Unmapped(unclear(config, table, text.as_deref().unwrap_or_default()));
                        out.push(Out { record: *record, said: without(*record, read, at, arena), why });
                        return false;
                    }
                    (None, OnMiss::Skip) => {
                        out.push(Out { record: *record, said: without(*record, read, at, arena), why: Silence::Lookup });
                        return false;
                    }
                    (None, OnMiss::Passthrough) => key,
                    (None, OnMiss::Absent | OnMiss::Error) => None,
                };
                if let Some(value) = value {
                    let others = record.entries().filter(|(name, _)| **name != *used.to).map(|(name, item)| (arena.keep(name), item));
                    let members: Vec<(&'p str, Item<'p>)> = others.chain(std::iter::once((used.to.as_str(), value))).collect();
                    *record = arena.map(members);
                }
                true
            });
        }
        out
    }
}

/// The fault of a key that has rows which differ.
pub(super) fn unclear(config: &Config, table: &str, key: &str) -> Simple {
    Simple::reject("lookup_ambiguous", format!("the table `{table}` has rows of the key `{}` that say different things: which of them is true is not known", shown(&config.redact(key))))
}

/// A record without the members that the tables from one on would have set.
fn without<'p>(record: Item<'p>, read: &Read, from: usize, arena: &'p Arena) -> Item<'p> {
    let unset = |name: &str| read.lookups.iter().skip(from).any(|used| used.to == name);
    if !record.entries().any(|(name, _)| unset(&name)) {
        return record;
    }
    let members: Vec<(&'p str, Item<'p>)> = record.entries().filter(|(name, _)| !unset(name)).map(|(name, item)| (arena.keep(name), item)).collect();
    arena.map(members)
}
