//! What a record is mapped with: the time, the tables, what else expressions may see. Handed in, never asked for.

use document::Item;
use jiff::Timestamp;

/// Tables that the mapping declares but does not hold: what is looked up elsewhere.
pub trait Tables {
    /// What a table says of a key.
    fn find(&self, table: &str, key: &str) -> Found<'_>;
}

/// The answer of a table.
#[derive(Debug, Clone, Copy)]
pub enum Found<'t> {
    /// The key has this value.
    Value(Item<'t>),
    /// The table is loaded for this key and does not have it.
    Nothing,
    /// It is not known yet: the record is [`Outcome::Wanting`](crate::Outcome) until somebody loads it.
    NotLoaded,
}

/// No table but those in the mapping.
impl Tables for () {
    fn find(&self, _: &str, _: &str) -> Found<'_> {
        Found::NotLoaded
    }
}

/// What one record is mapped with.
#[derive(Clone, Copy)]
pub struct Run<'r> {
    /// The present, fixed for the whole run: `now()`.
    pub now: Timestamp,
    /// The run: `run.id`, and what `uuid()` is derived from.
    pub id: &'r str,
    /// The canonical key, where there is one: `key`.
    pub key: Option<Item<'r>>,
    /// What nobody mapped, where there is such: `extensions`.
    pub extensions: Option<Item<'r>>,
    /// The tables of elsewhere.
    pub tables: &'r dyn Tables,
    /// Texts that no message may repeat.
    pub secrets: &'r [&'r str],
}

impl Run<'_> {
    /// A run at a time, with nothing else to see.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { now, id: "", key: None, extensions: None, tables: &(), secrets: &[] }
    }
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("now", &self.now).field("id", &self.id).finish_non_exhaustive()
    }
}
