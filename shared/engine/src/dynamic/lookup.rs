//! Looks values of other entities up for the records of a page: tables read as a whole, asked for a batch, or one by one.
//!
//! The keys of a page are found in a first pass over it, the values are set in a second: nothing parsed is held while
//! somebody is asked. `tables.rs` says what is remembered.

use std::sync::Arc;

use connector::{EventMapping, Fill, Inject, Lookup, OnMiss, Read};
use document::{Arena, Hash128, Item, Limits, Parser, Value, hash_bytes};
use fault::Simple;

use super::{Dynamic, fetch::{Fetched, Kind, Reach}, joined::joined, state::State, tables::{MOST, Picked, Place, Row, Rows}, token};
use crate::Call;

/// Pages read for one table.
const MOST_PAGES: usize = 100_000;

/// The values found for one page, in the order in which the entity uses its tables.
#[derive(Default)]
pub(crate) struct Found(Vec<(Picked, OnMiss)>);

/// The keys of a page.
struct Keys {
    keys: Vec<String>,
    /// Whether every record has one.
    every: bool,
}

impl Dynamic {
    /// Looks up what the records of a page need.
    pub(crate) async fn found(&self, call: Call<'_>, read: &Read, events: &EventMapping, fetched: &Fetched) -> Result<Found, Simple> {
        let mut found = Found::default();
        if read.lookups.is_empty() || fetched.kind != Kind::Records {
            return Ok(found);
        }
        let keys = self.keys(call, read, events, fetched)?;
        let whose = hex::encode(token::whole(call.config));
        let ids: Vec<Hash128> = read.lookups.iter().map(|used| hash_bytes(format!("{}\n{whose}", used.table).as_bytes())).collect();
        for ((used, id), Keys { keys, every }) in read.lookups.iter().zip(&ids).zip(keys) {
            let table = self.connector.lookups().iter().find(|table| table.name == used.table);
            let table = table.ok_or_else(|| Simple::reject("definition_entity", format!("no table `{}`", used.table)))?;
            let place = Place { id: *id, beside: ids.iter().filter(|other| *other != id).copied().collect() };
            let rows = self.rows(call, table, &place, &keys).await?;
            let on_miss = used.on_miss.unwrap_or(table.on_miss);
            if on_miss == OnMiss::Error
                && let Some(key) = keys.iter().find(|key| !rows.contains_key(*key))
            {
                return Err(Simple::reject("lookup_missed", format!("the table `{}` has no key `{}`", table.name, call.config.redact(key))));
            }
            if on_miss == OnMiss::Error && !every {
                return Err(Simple::reject("lookup_missed", format!("a record has no key for the table `{}`", table.name)));
            }
            found.0.push((rows, on_miss));
        }
        Ok(found)
    }

    /// The keys of a page, by use.
    fn keys(&self, call: Call<'_>, read: &Read, events: &EventMapping, fetched: &Fetched) -> Result<Vec<Keys>, Simple> {
        let (arena, mut parser) = (Arena::new(), Parser::new(Limits::default()));
        let doc = fetched.parsed(&mut parser)?;
        let digest = self.digest(call, read, events, fetched, Some(doc.root()), &arena)?;
        Ok(read.lookups.iter().map(|used| {
            let mut keys: Vec<String> = digest.records.iter().filter_map(|record| Some(used.key.at(*record)?.plain()?.into_owned())).collect();
            let every = keys.len() == digest.records.len();
            keys.sort();
            keys.dedup();
            Keys { keys, every }
        }).collect())
    }

    /// The values of these keys: those that are known, and those that this asks for.
    async fn rows(&self, call: Call<'_>, table: &Lookup, place: &Place, keys: &[String]) -> Result<Picked, Simple> {
        let (mut picked, lacking) = self.tables.pick(place.id, keys, call.present_ms());
        if lacking.is_empty() {
            return Ok(picked);
        }
        let mut rows = Rows::new();
        let filled = self.filled(call, table, place, &lacking, &mut rows).await;
        let found = lacking.into_iter().filter_map(|key| match rows.get(&key) {
            Some(Row::Found(value)) => Some((key, Arc::clone(value))),
            _ => None,
        });
        picked.extend(found);
        match &table.fill {
            // Half of a table that is read as a whole says nothing of what it lacks.
            Fill::PreloadAll if filled.is_err() => {}
            Fill::PreloadAll => self.tables.keep(place, rows, table.ttl_ms, call.present_ms()),
            // An answer to keys is one, whatever came of the next.
            Fill::Batched { .. } | Fill::PerRecord { .. } => self.tables.add(place, rows, keys, table.ttl_ms, call.present_ms()),
        }
        filled.map(|()| picked)
    }

    /// Asks for what is lacking: what was answered stands in the rows, whatever comes of the rest.
    async fn filled(&self, call: Call<'_>, table: &Lookup, place: &Place, lacking: &[String], rows: &mut Rows) -> Result<(), Simple> {
        let (inject, size) = match &table.fill {
            Fill::PreloadAll => return self.fill(call, table, place, &[], rows).await,
            Fill::Batched { inject, batch } => (inject, usize::try_from(*batch).unwrap_or(1).max(1)),
            Fill::PerRecord { inject } => (inject, 1),
        };
        for keys in lacking.chunks(size) {
            let asked_ms = call.present_ms();
            let asked = match keys {
                [one] if size == 1 => one.clone(),
                keys => joined(call, &format!("the keys of the table `{}`", table.name), &keys.iter().map(String::as_str).collect::<Vec<_>>(), ",", "ask for each by itself with `\"mode\": \"per_record\"`")?,
            };
            self.fill(call, table, place, &[(inject, asked.into())], rows).await?;
            keys.iter().for_each(|key| _ = rows.entry(key.clone()).or_insert(Row::Missed(asked_ms)));
        }
        Ok(())
    }

    /// Reads the entity of a table, all its pages.
    async fn fill(&self, call: Call<'_>, table: &Lookup, place: &Place, more: &[(&Inject, Value)], rows: &mut Rows) -> Result<(), Simple> {
        let (entity, read) = self.readable(&table.entity)?;
        let mut state = State::default();
        for _ in 0..MOST_PAGES {
            let fetched = Box::pin(self.fetch(call, read, state, Reach::All, more, None)).await?;
            let (next, done) = {
                let (arena, mut parser) = (Arena::new(), Parser::new(Limits::default()));
                let doc = if fetched.kind == Kind::Records { Some(fetched.parsed(&mut parser)?) } else { None };
                let digest = self.digest(call, read, &entity.events, &fetched, doc.as_ref().map(document::Doc::root), &arena)?;
                for record in &digest.records {
                    if let (Some(key), Some(value)) = (table.matches.at(*record).and_then(Item::plain), table.value.at(*record).filter(|value| !value.is_null())) {
                        // Of several the first counts.
                        rows.entry(key.into_owned()).or_insert_with(|| Row::Found(Arc::new(value.to_value())));
                    }
                }
                (digest.state, digest.done)
            };
            if rows.len() > MOST {
                return Err(Simple::reject("definition_records", format!("the table `{}` has more than {MOST} keys", table.name)));
            }
            if more.is_empty() {
                self.tables.room(place, rows.len());
            }
            if done {
                return Ok(());
            }
            state = next;
        }
        Err(Simple::reject("cursor_loop", format!("the table `{}` has more than {MOST_PAGES} pages", table.name)))
    }
}

impl Found {
    /// Sets the values into the records; takes out those whose keys are missed where that is said, and answers with them.
    pub(crate) fn set<'p>(&'p self, records: &mut Vec<Item<'p>>, read: &'p Read, arena: &'p Arena) -> Vec<Item<'p>> {
        let mut missed = Vec::new();
        for (used, (rows, on_miss)) in read.lookups.iter().zip(&self.0) {
            records.retain_mut(|record| {
                let key = used.key.at(*record).filter(|key| !key.is_null());
                let value = key.and_then(Item::plain).and_then(|key| rows.get(&*key)).map(|value| Item::Tree(value));
                let value = match (value, on_miss) {
                    (Some(value), _) => Some(value),
                    (None, OnMiss::Skip) => {
                        missed.push(*record);
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
        missed
    }
}
