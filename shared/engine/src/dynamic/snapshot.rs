//! Reading the current state. A record that says nothing about what its type needs is no item, and told of: absent is not
//! zero, and not gone.

use async_trait::async_trait;
use canonical::Key;
use connector::{EventMapping, Inject, OnlyKeys, Scan};
use document::{Arena, Item, Parser, Value};
use fault::Simple;
use mapping::Run;

use super::{Dynamic, asked::Asked, condition, fetch::{Fetched, Kind, Reach}, found::Out, joined::joined, names::{self, Values, instant}, scanned::Of, state::State};
use crate::{Call, Scanned, Silence, Snapshot, SnapshotPage, Standing};

#[async_trait]
impl Snapshot for Dynamic {
    fn scans(&self) -> Vec<String> {
        let mut names: Vec<String> = self.connector.scans().iter().map(|scan| scan.kind.name.to_owned()).collect();
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    fn complete(&self, canonical_type: &str) -> bool {
        let mut scans = self.connector.scans().iter().filter(|scan| scan.kind.name == canonical_type).peekable();
        scans.peek().is_some() && scans.all(|scan| scan.complete)
    }

    async fn snapshot(&self, call: Call<'_>, canonical_type: &str, only_keys: Option<&[Key]>, field_hint: Option<&str>, cursor: Option<&str>) -> Result<SnapshotPage, Simple> {
        let config = self.configured(call)?;
        let call = Call { config: &config, ..call };
        let lacking = || Simple::reject("connector_lacks", format!("nothing scans `{canonical_type}` here"));
        let state = State::read(cursor)?;
        // What one entity does not hold another may: their scans are read one after the other.
        let (at, mut scans) = (state.scan, self.connector.scans().iter().filter(|scan| scan.kind.name == canonical_type).skip(state.scan));
        let scan = scans.next().ok_or_else(lacking)?;
        let read = self.connector.read_of(scan).ok_or_else(lacking)?;
        let map = self.connector.canonical_map(&scan.entity).ok_or_else(lacking)?;
        if only_keys.is_some_and(<[Key]>::is_empty) {
            return Ok(SnapshotPage { standing: Standing::First, items: Vec::new(), left_out: Vec::new(), partial: false, next: None });
        }
        self.anew(&state);
        let (batch, batches) = (state.batch, batches(call, scan, only_keys)?);
        let more: Vec<(&Inject, Value)> = match (&scan.only_keys, batches.get(batch)) {
            (Some(only), Some(keys)) => vec![(&only.inject, keys.as_str().into())],
            _ => Vec::new(),
        };
        let reach = if scan.complete { Reach::Whole } else { Reach::All };
        let fetched = self.fetch(call, read, state, reach, &more, field_hint).await?;
        let events = self.connector.entity(&scan.entity).map(|entity| entity.events.clone()).or_else(|| self.connector.events().cloned()).unwrap_or_else(EventMapping::whole);
        let found = self.found(call, read, &events, &fetched).await?;
        let (arena, mut parser) = (Arena::new(), Parser::new(crate::decode::limits()));
        let doc = if fetched.kind == Kind::Records { Some(fetched.parsed(&mut parser)?) } else { None };
        let mut digest = self.digest(call, read, &events, &fetched, doc.as_ref().map(document::Doc::root), &arena)?;
        let out = found.set(call.config, &mut digest.records, read, &arena);
        let run = Run::at(instant(call.now_ms));
        let of = Of { map, events: &events, read, run: &run, place: format!("{at}\n{}", fetched.scope.key) };
        let asked = only_keys.map(Asked::of);
        let (mut items, mut left_out) = (Vec::new(), Vec::new());
        // Who asks for some keys does not ask after the others.
        let mut take = |record, said, made: Result<Scanned, Silence>| {
            let key = made.as_ref().map_or_else(|_| of.key(said), |made| Some(made.item.key.clone()));
            match (&asked, key, made) {
                (Some(asked), Some(key), _) if !asked.holds(&key) => {
                    let written = || Silence::Letters(key.as_str().to_owned());
                    left_out.extend(asked.in_other_letters(&key).map(|theirs| of.left_out(record, Some(theirs.clone()), written())));
                }
                (_, _, Ok(made)) => items.push(made),
                (_, key, Err(why)) => left_out.push(of.left_out(record, key, why)),
            }
        };
        out.into_iter().for_each(|Out { record, said, why }| take(record, said, Err(why)));
        for record in &digest.records {
            let made = if self.silent(call, scan, *record, &fetched)? { Err(Silence::Rule) } else { of.item(*record) };
            take(*record, *record, made);
        }
        // What was to be asked of one scope was asked of no other: it may be all of them, or any.
        let partial = digest.partial || field_hint.is_none() && read.request.uses("field_hint");
        let standing = standing(&fetched);
        // The next batch begins at its first page, whatever the one before ended with; and so does the next scan.
        let state = match digest.done {
            false => State { batch, scan: at, ..digest.state },
            true if batch + 1 < batches.len() => State { batch: batch + 1, scan: at, ..State::default() },
            true if scans.next().is_some() => State { scan: at + 1, ..State::default() },
            true => return Ok(SnapshotPage { standing, items, left_out, partial, next: None }),
        };
        Ok(SnapshotPage { standing, items, left_out, partial, next: Some(state.text()) })
    }
}

impl Dynamic {
    /// Whether a record says nothing in this scope.
    fn silent(&self, call: Call<'_>, scan: &Scan, record: Item<'_>, fetched: &Fetched) -> Result<bool, Simple> {
        let lists = names::lists(self.connector.config(), call.config);
        for rule in &scan.absent {
            let values = Values { record: Some(record), lists: lists.as_ref(), field_hint: fetched.field_hint.as_deref(), ..Values::of(self.connector.config(), call.config) };
            if condition::truth(&values, rule, call.now_ms)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Where a page stands in its listing, by the place it was asked for. One that begins anew behind its last record goes on.
fn standing(fetched: &Fetched) -> Standing {
    let part = &fetched.state.part;
    match fetched.kind {
        Kind::NotYet | Kind::End => Standing::Later,
        _ if part.at.is_some() || part.from.is_some() => Standing::Later,
        _ if part.again > 0 => Standing::Again,
        _ => Standing::First,
    }
}

/// The keys as they go into requests; empty when the scan takes none.
fn batches(call: Call<'_>, scan: &Scan, only_keys: Option<&[Key]>) -> Result<Vec<String>, Simple> {
    let (Some(OnlyKeys { batch, join, .. }), Some(keys)) = (&scan.only_keys, only_keys) else { return Ok(Vec::new()) };
    let size = usize::try_from(*batch).unwrap_or(1).max(1);
    let text = |keys: &[Key]| match keys {
        [one] if size == 1 => Ok(one.as_str().to_owned()),
        keys => joined(call, &format!("the keys of `{}`", scan.entity), &keys.iter().map(Key::as_str).collect::<Vec<_>>(), join, "give `only_keys` another `join`, or a `batch` of 1"),
    };
    keys.chunks(size).map(text).collect()
}
