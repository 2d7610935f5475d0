//! Reading changes, a page at a time.

use async_trait::async_trait;
use canonical::Millis;
use connector::{CanonicalMap, Entity, Read};
use document::{Arena, Item, Parser};
use fault::Simple;
use mapping::Sketch;

use super::{Dynamic, change, fetch::{Fetched, Kind, Reach}, found::Found, names::instant, state::State};
use crate::{Call, Canonical, Page, Source, Told, Webhook};

/// Bytes of a cursor: it is kept in a row of at most 400 KB.
const MOST_CURSOR: usize = 350_000;

#[async_trait]
impl Source for Dynamic {
    fn entities(&self) -> Vec<String> {
        self.connector.entities().iter().filter(|entity| entity.read.is_some()).map(|entity| entity.name.clone()).collect()
    }

    fn canonical_type(&self, entity: &str) -> Option<&str> {
        self.connector.canonical_map(entity).map(|map| map.kind.name)
    }

    fn guards_itself(&self) -> bool {
        true
    }

    async fn page(&self, call: Call<'_>, entity: &str, cursor: Option<&str>) -> Result<Page, Simple> {
        let config = self.configured(call)?;
        let call = Call { config: &config, ..call };
        let (entity, read) = self.readable(entity)?;
        let state = State::read(cursor)?;
        self.anew(&state);
        let fetched = self.fetch(call, read, state, Reach::Changes, &[], None).await?;
        let found = self.found(call, read, &entity.events, &fetched).await?;
        self.changes(call, entity, read, &fetched, &found)
    }

    fn canonical(&self, told: &Told<'_>, now_ms: Millis) -> Result<Option<Canonical>, Simple> {
        let arena = Arena::new();
        let (map, sketch) = self.sketch(told.entity, told.payload, now_ms, &arena)?;
        Ok(Some(Canonical {
            canonical_type: map.kind.name.to_owned(),
            canonical_version: map.version,
            fields: sketch.fields.to_value(),
            extensions: sketch.extensions.to_value(),
            key: sketch.key,
            occurred_ms: told.occurred_ms,
        }))
    }

    fn webhook(&self) -> Option<&dyn Webhook> {
        self.connector.webhook().map(|_| self as &dyn Webhook)
    }
}

impl Dynamic {
    /// A record in canonical space, judged, and nothing of it copied.
    pub(crate) fn sketch<'a>(&'a self, entity: &str, payload: Item<'a>, now_ms: Millis, arena: &'a Arena) -> Result<(&'a CanonicalMap, Sketch<'a>), Simple> {
        let map = self.connector.canonical_map(entity);
        let map = map.ok_or_else(|| Simple::reject("definition_entity", format!("`{entity}` has no canonical map")))?;
        let sketch = map.plan.sketch(payload, &mapping::Run::at(instant(now_ms)), arena).map_err(|error| Simple::from_fault(&error))?;
        if let Some(finding) = map.kind.check_item(sketch.fields).first() {
            return Err(Simple::reject(finding.code, format!("{} at `{}`", finding.message, finding.pointer)));
        }
        Ok((map, sketch))
    }

    /// An entity that can be polled, and how.
    pub(crate) fn readable(&self, entity: &str) -> Result<(&Entity, &Read), Simple> {
        let unknown = || Simple::reject("definition_entity", format!("`{entity}` cannot be polled"));
        let entity = self.connector.entity(entity).ok_or_else(unknown)?;
        Ok((entity, entity.read.as_ref().ok_or_else(unknown)?))
    }

    /// The changes a page tells of.
    fn changes(&self, call: Call<'_>, entity: &Entity, read: &Read, fetched: &Fetched, found: &Found) -> Result<Page, Simple> {
        let (arena, mut parser) = (Arena::new(), Parser::new(crate::decode::limits()));
        let doc = if fetched.kind == Kind::Records { Some(fetched.parsed(&mut parser)?) } else { None };
        let mut digest = self.digest(call, read, &entity.events, fetched, doc.as_ref().map(document::Doc::root), &arena)?;
        found.set(call.config, &mut digest.records, read, &arena);
        let changes = digest.records.iter().map(|record| change::change(*record, &entity.name, &entity.events, Some(read), None)).collect();
        let mut cursor = digest.state.text();
        if cursor.len() > MOST_CURSOR {
            // Doubles are better than no records at all.
            digest.state.lighten();
            cursor = digest.state.text();
        }
        if cursor.len() > MOST_CURSOR {
            return Err(Simple::reject("cursor_too_large", format!("where the run stands takes {} bytes, more than the {MOST_CURSOR} that can be kept", cursor.len())));
        }
        Ok(Page { changes, cursor, done: digest.done, hash: digest.hash })
    }
}
