//! Recorded tests: exchanges in a definition are played back, and what comes of them is compared. Nothing is asked outside.
//!
//! The reader, the requests and the judgements are those of a live run; only the exchange and the clock are others.

mod compare;
mod answered;
mod keep;
mod login;
mod play;
mod read;
mod veil;

use std::sync::Arc;

use canonical::Millis;
use connector::{Connector, Recorded, Subject};
use document::{Arena, Item, Value, object};
use fault::Simple;

use crate::{Call, Canonical, Config, Request, Scanned, Secret};

pub use keep::{Ran, Recorder, Unsought};
pub(crate) use play::Tape;

/// The present of a test that names none: 2026-01-31T12:00:00Z.
const NOW_MS: Millis = 1_769_860_800_000;

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Everything that is not as expected; empty when the test passes.
    pub problems: Vec<String>,
    /// Records that were read, or items of a snapshot.
    pub records: usize,
    /// Records a snapshot left out: they say nothing of what its type needs.
    pub left_out: usize,
    /// Requests that were made.
    pub requests: usize,
    /// The records of an entity, in order.
    pub data: Vec<Value>,
    /// Their ids, as the source names them.
    pub ids: Vec<Value>,
}

/// What a run read, before it is compared.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) data: Vec<Value>,
    pub(crate) ids: Vec<Value>,
    pub(crate) events: Vec<Value>,
    pub(crate) refused: Vec<Value>,
    pub(crate) items: Vec<Value>,
    pub(crate) left_out: Vec<Value>,
    pub(crate) fault: Option<Simple>,
}

/// Runs one recorded test.
pub async fn play(connector: &Arc<Connector>, test: &Recorded) -> Outcome {
    play_seen(connector, test, &|_| {}).await
}

/// Runs one recorded test, and shows every request as it would be sent.
pub async fn play_seen(connector: &Arc<Connector>, test: &Recorded, seen: &(dyn Fn(&Request) + Sync)) -> Outcome {
    let config = configured(connector, test);
    let tape = Tape::new(&test.exchanges, seen);
    let now_ms = test.now.as_deref().and_then(expr::instant).map_or(NOW_MS, jiff::Timestamp::as_millisecond);
    let call = Call { pace: &play::Untimed, ..Call::new(&config, &tape, now_ms) };
    let reading = match &test.subject {
        Subject::Entity { name, cursor, limit } => read::entity(connector, call, test, (name, cursor.as_deref(), *limit)).await,
        Subject::Snapshot { kind, only_keys, field_hint } => read::snapshot(connector, call, test, (kind, only_keys.as_deref(), field_hint.as_deref())).await,
    };
    let requests = tape.asked();
    let refused = tape.refused();
    let mut problems = tape.problems();
    if !refused {
        problems.extend(compare::problems(&test.expect, &reading, requests));
    }
    Outcome { problems, records: reading.data.len() + reading.items.len(), left_out: reading.left_out.len(), requests, data: reading.data, ids: reading.ids }
}

/// The values of a test's connection: those given, and made-up ones for what is needed and not given.
fn configured(connector: &Connector, test: &Recorded) -> Config {
    let value = |entry: &connector::ConfigEntry| match test.config.iter().find(|(name, _)| *name == entry.name) {
        Some((_, value)) => Some(value.clone()),
        None if !entry.is_needed() => None,
        None => Some(made_up(entry)),
    };
    Config::new(connector.config().iter().filter_map(|entry| Some((entry.name.clone(), Secret::new(value(entry)?)))))
}

/// A value that stands for one that is not told.
pub(crate) fn made_up(entry: &connector::ConfigEntry) -> String {
    match entry.kind {
        connector::ConfigKind::Url => "https://configured.example".to_owned(),
        connector::ConfigKind::Integer | connector::ConfigKind::Decimal => "1".to_owned(),
        connector::ConfigKind::Boolean => "true".to_owned(),
        connector::ConfigKind::Date => "2026-01-01".to_owned(),
        connector::ConfigKind::Datetime => "2026-01-01T00:00:00Z".to_owned(),
        connector::ConfigKind::String | connector::ConfigKind::Array => format!("made-up-{}", entry.name),
    }
}

/// A record that cannot be mapped, as tests name it.
#[must_use]
pub fn refused(id: &str, fault: &Simple) -> Value {
    object([("id", Some(id.into())), ("code", Some(fault.code.into()))])
}

/// An item of a snapshot as tests and people see it: as an event, without what is not known.
#[must_use]
pub fn told_item(Scanned { item, occurred_ms, .. }: &Scanned) -> Value {
    let occurred = occurred_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()).map(|at| expr::written(at).into());
    object([("canonicalType", Some(item.canonical_type.as_str().into())), ("key", Some(item.key.as_str().into())), ("occurredAt", occurred), ("fields", Some(item.fields.clone()))])
}

/// A canonical event as tests and people see it.
#[must_use]
pub fn told(canonical: &Canonical) -> Value {
    let Canonical { canonical_type, canonical_version, key, occurred_ms, fields, extensions } = canonical;
    let seen = Seen { canonical_type, canonical_version: *canonical_version, key: key.as_str(), occurred_ms: *occurred_ms, fields: fields.into(), extensions: extensions.into() };
    seen.item(&Arena::new()).to_value()
}

/// What is seen of an event.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) canonical_type: &'a str,
    pub(crate) canonical_version: u32,
    pub(crate) key: &'a str,
    pub(crate) occurred_ms: Option<Millis>,
    pub(crate) fields: Item<'a>,
    pub(crate) extensions: Item<'a>,
}

impl<'a> Seen<'a> {
    /// All of it as one object; what is not known or empty is left out.
    pub(crate) fn item(self, arena: &'a Arena) -> Item<'a> {
        let version = arena.text(&self.canonical_version.to_string());
        let occurred = self.occurred_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()).map(|at| Item::Text(arena.text(&expr::written(at))));
        let members = [
            ("canonicalType", Some(Item::Text(self.canonical_type))), ("canonicalVersion", Some(Item::Number(version))), ("key", Some(Item::Text(self.key))), ("occurredAt", occurred), ("fields", Some(self.fields)),
            ("extensions", Some(self.extensions).filter(|extensions| extensions.len() > 0)),
        ];
        arena.map(members.into_iter().filter_map(|(name, item)| Some((name, item?))).collect::<Vec<_>>())
    }
}
