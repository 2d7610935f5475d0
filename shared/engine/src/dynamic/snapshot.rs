//! Reading the current state. A record that says nothing about what its type needs is left out: absent is not zero.

use async_trait::async_trait;
use canonical::{Key, Millis, SnapshotItem};
use connector::{CanonicalMap, EventMapping, OnlyKeys, Scan};
use document::{Arena, Value};
use fault::Simple;
use mapping::{MapError, Run};

use super::{Dynamic, change, names::instant, read, state::State};
use crate::{Call, Snapshot, SnapshotPage};

#[async_trait]
impl Snapshot for Dynamic {
    fn scans(&self) -> Vec<String> {
        self.connector.scans().iter().map(|scan| scan.kind.name.to_owned()).collect()
    }

    async fn snapshot(&self, call: Call<'_>, canonical_type: &str, only_keys: Option<&[Key]>, cursor: Option<&str>) -> Result<SnapshotPage, Simple> {
        let lacking = || Simple::reject("connector_lacks", format!("nothing scans `{canonical_type}` here"));
        let scan = self.connector.scans().iter().find(|scan| scan.kind.name == canonical_type).ok_or_else(lacking)?;
        let read = self.connector.read_of(scan).ok_or_else(lacking)?;
        let map = self.connector.canonical_map(&scan.entity).ok_or_else(lacking)?;
        let mut state = State::read(cursor)?;
        let batches = batches(scan, only_keys);
        let more: Vec<_> = match (&scan.only_keys, batches.get(state.batch)) {
            (Some(only), Some(keys)) => vec![(&only.inject, keys.clone())],
            _ => Vec::new(),
        };
        if only_keys.is_some_and(<[Key]>::is_empty) {
            return Ok(SnapshotPage { items: Vec::new(), next: None });
        }
        let answer = self.answer(call, read, &state, &more).await?;
        let events = self.connector.entity(&scan.entity).map(|entity| entity.events.clone()).or_else(|| self.connector.events().cloned()).unwrap_or_else(EventMapping::whole);
        let run = Run::at(instant(call.now_ms));
        let mut items = Vec::new();
        let arena = Arena::new();
        for record in read::records(&answer.value, &read.records, &arena)? {
            items.extend(item(&record, map, &events, only_keys, &run)?);
        }
        if answer.next.is_none() {
            state.batch += 1;
        }
        let more = answer.next.is_some() || state.batch < batches.len();
        state.at = answer.next;
        Ok(SnapshotPage { items, next: more.then(|| state.text()) })
    }
}

/// The keys as they go into requests; empty when the scan takes none.
fn batches(scan: &Scan, only_keys: Option<&[Key]>) -> Vec<String> {
    let (Some(OnlyKeys { batch, .. }), Some(keys)) = (&scan.only_keys, only_keys) else { return Vec::new() };
    let size = usize::try_from(*batch).unwrap_or(1).max(1);
    keys.chunks(size).map(|keys| keys.iter().map(Key::as_str).collect::<Vec<_>>().join(",")).collect()
}

fn item(record: &Value, map: &CanonicalMap, events: &EventMapping, only_keys: Option<&[Key]>, run: &Run<'_>) -> Result<Option<(SnapshotItem, Option<Millis>)>, Simple> {
    let payload = record.at(&events.payload).unwrap_or(record);
    let mapped = match map.plan.apply(payload.into(), run) {
        Ok(mapped) => mapped,
        // Without a key or a required value the record says nothing in this scope; a value of the wrong form is loud.
        Err(MapError::WithoutKey { .. } | MapError::KeyTooLong { .. } | MapError::WithoutPath { .. }) => return Ok(None),
        Err(error) => return Err(Simple::from_fault(&error)),
    };
    if !map.kind.lacking(&mapped.fields).is_empty() || only_keys.is_some_and(|keys| !keys.contains(&mapped.key)) {
        return Ok(None);
    }
    if let Some(finding) = map.kind.misformed(&mapped.fields).first() {
        return Err(Simple::reject(finding.code, format!("{} at `{}`", finding.message, finding.pointer)));
    }
    let occurred_ms = change::occurred(record, events).map(|(ms, _)| ms);
    Ok(Some((SnapshotItem { key: mapped.key, canonical_type: map.kind.name.to_owned(), fields: mapped.fields }, occurred_ms)))
}
