//! What was looked up so far: what was found is good for the `ttl` of its table, what was missed for a minute, and so is a key with
//! rows that differ.
//!
//! A page takes the values it needs, and nothing else of a table is copied. What is kept between pages is bounded.

use std::{collections::{HashMap, hash_map::Entry}, sync::{Arc, Mutex, MutexGuard, PoisonError}};

use document::{Hash128, Value};

/// Rows of one table, and of all together.
pub(crate) const MOST: usize = 1_000_000;
/// Rows kept between pages: beyond it the tables asked for longest ago are forgotten, but those that are used together.
const KEPT: usize = 200_000;
/// For how long a miss is believed: what it lacked may be there by now.
const MISS_MS: i64 = 60_000;

/// The tables of one instance, those asked for last behind.
#[derive(Default)]
pub(crate) struct Tables(Mutex<Vec<(Hash128, Table)>>);

/// What is known of a key.
#[derive(Debug)]
pub(crate) enum Row {
    /// Its value.
    Found(Arc<Value>),
    /// There were rows of it at this time that say something else.
    Unclear(i64),
    /// There was none at this time.
    Missed(i64),
}

/// What is known, by key.
pub(crate) type Rows = HashMap<String, Row>;

/// The values of the keys of one page; none of a key that has rows which differ.
pub(crate) type Picked = HashMap<String, Option<Arc<Value>>>;

/// A table: until when it is good, when it was read as a whole, and what is in it.
struct Table {
    until_ms: i64,
    whole_ms: Option<i64>,
    rows: Rows,
}

/// Which table is meant, and which are used together with it.
pub(crate) struct Place {
    pub(crate) id: Hash128,
    pub(crate) beside: Vec<Hash128>,
}

impl Tables {
    /// The values of these keys, and the keys somebody has to be asked for.
    pub(crate) fn pick(&self, id: Hash128, keys: &[String], now_ms: i64) -> (Picked, Vec<String>) {
        let (mut picked, mut lacking) = (Picked::new(), Vec::new());
        let mut tables = self.tables();
        let Some(at) = tables.iter().position(|(known, table)| *known == id && now_ms < table.until_ms) else { return (picked, keys.to_vec()) };
        let (_, table) = tables.remove(at);
        for key in keys {
            let row = table.rows.get(key);
            let missed_ms = match row {
                Some(Row::Found(value)) => {
                    picked.insert(key.clone(), Some(Arc::clone(value)));
                    continue;
                }
                Some(Row::Missed(at_ms) | Row::Unclear(at_ms)) => Some(*at_ms),
                None => table.whole_ms,
            };
            if missed_ms.is_none_or(|at_ms| now_ms.saturating_sub(at_ms) >= MISS_MS) {
                lacking.push(key.clone());
            } else if let Some(Row::Unclear(_)) = row {
                picked.insert(key.clone(), None);
            }
        }
        tables.push((id, table));
        (picked, lacking)
    }

    /// Keeps a table that was read as a whole, instead of what is known of it.
    pub(crate) fn keep(&self, place: &Place, rows: Rows, ttl_ms: i64, now_ms: i64) {
        let mut tables = self.tables();
        tables.retain(|(id, table)| *id != place.id && now_ms < table.until_ms);
        put(&mut tables, place, Table { until_ms: now_ms.saturating_add(ttl_ms), whole_ms: Some(now_ms), rows });
    }

    /// Keeps what was answered beside what is known; a table that becomes too large begins anew, with what the keys of the page have. These
    /// are in order, as are those of them that were asked for.
    pub(crate) fn add(&self, place: &Place, rows: Rows, (keys, asked): (&[String], &[String]), ttl_ms: i64, now_ms: i64) {
        let mut tables = self.tables();
        tables.retain(|(_, table)| now_ms < table.until_ms);
        let known = tables.iter().position(|(id, _)| *id == place.id).map(|at| tables.remove(at).1);
        let mut table = known.unwrap_or_else(|| Table { until_ms: now_ms.saturating_add(ttl_ms), whole_ms: None, rows: Rows::new() });
        for (key, row) in rows {
            let answered = asked.binary_search(&key).is_ok();
            match table.rows.entry(key) {
                // One of the rows that differ may come with an answer to another key.
                Entry::Occupied(mut known) if matches!(known.get(), Row::Missed(_)) || (answered && matches!(known.get(), Row::Unclear(_))) => _ = known.insert(row),
                // What was found is good for its time.
                Entry::Occupied(_) => {}
                Entry::Vacant(free) => _ = free.insert(row),
            }
        }
        if table.rows.len() > KEPT {
            table.rows.retain(|key, _| keys.binary_search(key).is_ok());
            table.rows.shrink_to_fit();
        }
        put(&mut tables, place, table);
    }

    /// Makes room for a table while it is read: no two large ones are held at the same time, unless an entity uses both.
    pub(crate) fn room(&self, place: &Place, rows: usize) {
        make_room(&mut self.tables(), place, rows);
    }

    fn tables(&self) -> MutexGuard<'_, Vec<(Hash128, Table)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn put(tables: &mut Vec<(Hash128, Table)>, place: &Place, table: Table) {
    make_room(tables, place, table.rows.len());
    tables.push((place.id, table));
}

fn make_room(tables: &mut Vec<(Hash128, Table)>, place: &Place, rows: usize) {
    let over = |tables: &[(Hash128, Table)], most: usize| tables.iter().map(|(_, table)| table.rows.len()).sum::<usize>() + rows > most;
    // An entity that uses two would otherwise read both again at every page.
    while over(tables, KEPT) && let Some(at) = tables.iter().position(|(id, _)| !place.beside.contains(id)) {
        tables.remove(at);
    }
    while over(tables, MOST) && !tables.is_empty() {
        tables.remove(0);
    }
}
