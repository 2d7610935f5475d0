//! What makes items of the records of a scan, and why one makes none.

use canonical::{Key, SnapshotItem};
use connector::{CanonicalMap, EventMapping, Read};
use document::{Item, hash_bytes};
use fault::Simple;
use mapping::{MapError, Run};

use super::change;
use crate::{LeftOut, Scanned, Silence, left_out::shown};

/// How records become items.
pub(crate) struct Of<'a> {
    pub(crate) map: &'a CanonicalMap,
    pub(crate) events: &'a EventMapping,
    pub(crate) read: &'a Read,
    pub(crate) run: &'a Run<'a>,
    /// The scan and the partition: an id says which record it is within them.
    pub(crate) place: String,
}

impl Of<'_> {
    /// The item of a record, or why it is left out.
    pub(crate) fn item(&self, record: Item<'_>) -> Result<Scanned, Silence> {
        let mapped = match self.map.plan.apply(change::payload(record, self.events), self.run) {
            Ok(mapped) => mapped,
            Err(MapError::WithoutKey { .. } | MapError::KeyTooLong { .. }) => return Err(Silence::Key),
            Err(MapError::WithoutPath { pointer, .. }) => return Err(Silence::Value(pointer.trim_start_matches('/').to_owned())),
            Err(error) => return Err(Silence::Unmapped(Simple::from_fault(&error))),
        };
        if let Some(finding) = self.map.kind.lacking(&mapped.fields).first() {
            return Err(Silence::Value(finding.pointer.trim_start_matches('/').to_owned()));
        }
        // A value of the wrong form is loud.
        if let Some(finding) = self.map.kind.misformed(&mapped.fields).first() {
            return Err(Silence::Unmapped(Simple::reject(finding.code, format!("{} at `{}`", finding.message, finding.pointer))));
        }
        let occurred_ms = change::occurred(record, self.events, self.read.incremental.as_ref()).map(|(ms, _)| ms);
        let item = SnapshotItem { key: mapped.key, canonical_type: self.map.kind.name.to_owned(), fields: mapped.fields };
        Ok(Scanned { item, occurred_ms, record: self.record(record) })
    }

    /// The key of a record, where it can be told.
    pub(crate) fn key(&self, record: Item<'_>) -> Option<Key> {
        self.map.plan.key_of(change::payload(record, self.events))
    }

    /// A record that is left out.
    pub(crate) fn left_out(&self, record: Item<'_>, key: Option<Key>, why: Silence) -> LeftOut {
        LeftOut { key, record: shown(&self.id(record)).to_owned(), why }
    }

    fn id(&self, record: Item<'_>) -> String {
        change::external_id(record, self.events, Some(&self.read.records))
    }

    /// Which record it is.
    fn record(&self, record: Item<'_>) -> u64 {
        let hash = hash_bytes(format!("{}\n{}", self.place, self.id(record)).as_bytes());
        u64::from_be_bytes(hash.first_chunk().copied().unwrap_or_default())
    }
}
