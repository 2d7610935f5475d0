//! Looks values of other entities up for the records of a page: tables read as a whole, asked for a batch, or one by one.
//!
//! The keys of a page are found in a first pass over it, the values are set in a second, by `found.rs`: nothing parsed is held
//! while somebody is asked. `tables.rs` says what is remembered.

use std::{collections::hash_map::Entry, sync::Arc};

use connector::{EventMapping, Fill, Inject, Lookup, OnMiss, Read};
use document::{Arena, Hash128, Item, Parser, Value, hash_bytes, hash_item};
use fault::Simple;

use super::{Dynamic, fetch::{Fetched, Kind, Reach}, found::{Column, Found, unclear}, joined::joined, state::State, tables::{MOST, Picked, Place, Row, Rows}, token};
use crate::Call;

/// Pages read for one table.
const MOST_PAGES: usize = 100_000;

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
            // A scan goes on without such records, and names them.
            if fetched.reach == Reach::Changes
                && let Some(key) = keys.iter().find(|key| matches!(rows.get(*key), Some(None)))
            {
                return Err(unclear(call.config, &table.name, key));
            }
            let on_miss = used.on_miss.unwrap_or(table.on_miss);
            if on_miss == OnMiss::Error
                && let Some(key) = keys.iter().find(|key| !rows.contains_key(*key))
            {
                return Err(Simple::reject("lookup_missed", format!("the table `{}` has no key `{}`", table.name, call.config.redact(key))));
            }
            if on_miss == OnMiss::Error && !every {
                return Err(Simple::reject("lookup_missed", format!("a record has no key for the table `{}`", table.name)));
            }
            found.0.push(Column { table: table.name.clone(), values: rows, on_miss });
        }
        Ok(found)
    }

    /// The keys of a page, by use.
    fn keys(&self, call: Call<'_>, read: &Read, events: &EventMapping, fetched: &Fetched) -> Result<Vec<Keys>, Simple> {
        let (arena, mut parser) = (Arena::new(), Parser::new(crate::decode::limits()));
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
        let found = lacking.iter().filter_map(|key| match rows.get(key)? {
            Row::Found(value) => Some((key.clone(), Some(Arc::clone(value)))),
            Row::Unclear(_) => Some((key.clone(), None)),
            Row::Missed(_) => None,
        });
        picked.extend(found);
        match &table.fill {
            // Half of a table that is read as a whole says nothing of what it lacks.
            Fill::PreloadAll if filled.is_err() => {}
            Fill::PreloadAll => self.tables.keep(place, rows, table.ttl_ms, call.present_ms()),
            // An answer to keys is one, whatever came of the next.
            Fill::Batched { .. } | Fill::PerRecord { .. } => self.tables.add(place, rows, (keys, &lacking), table.ttl_ms, call.present_ms()),
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
                let (arena, mut parser) = (Arena::new(), Parser::new(crate::decode::limits()));
                let doc = if fetched.kind == Kind::Records { Some(fetched.parsed(&mut parser)?) } else { None };
                let digest = self.digest(call, read, &entity.events, &fetched, doc.as_ref().map(document::Doc::root), &arena)?;
                for record in &digest.records {
                    if let (Some(key), Some(value)) = (table.matches.at(*record).and_then(Item::plain), table.value.at(*record).filter(|value| !value.is_null())) {
                        match rows.entry(key.into_owned()) {
                            Entry::Vacant(free) => _ = free.insert(Row::Found(Arc::new(value.to_value()))),
                            Entry::Occupied(mut known) if matches!(known.get(), Row::Found(other) if hash_item(Item::Tree(other)) != hash_item(value)) => _ = known.insert(Row::Unclear(call.present_ms())),
                            Entry::Occupied(_) => {}
                        }
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
