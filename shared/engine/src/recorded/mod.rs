//! Recorded tests: exchanges in a definition are played back, and what comes of them is compared. Nothing is asked outside.
//!
//! The reader, the requests and the judgements are those of a live run; only the exchange and the clock are others.

mod compare;
mod keep;
mod play;

use std::sync::Arc;

use canonical::Millis;
use connector::{Connector, Recorded};
use document::{Value, object};
use fault::Simple;

use crate::{Call, Canonical, Config, Reader, Secret};

pub use keep::{Ran, Recorder};
pub(crate) use play::Tape;

/// The present of a test that names none: 2026-01-31T12:00:00Z.
const NOW_MS: Millis = 1_769_860_800_000;
/// Records a test reads at most.
const MOST: usize = 100_000;

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Everything that is not as expected; empty when the test passes.
    pub problems: Vec<String>,
    /// Records that were read.
    pub records: usize,
    /// Requests that were made.
    pub requests: usize,
}

/// What a run read, before it is compared.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) data: Vec<Value>,
    pub(crate) events: Vec<Value>,
    pub(crate) fault: Option<Simple>,
}

/// Runs one recorded test.
pub async fn play(connector: &Arc<Connector>, test: &Recorded) -> Outcome {
    let config = configured(connector, test);
    let tape = Tape::new(&test.exchanges);
    let now_ms = test.now.as_deref().and_then(expr::instant).map_or(NOW_MS, jiff::Timestamp::as_millisecond);
    let call = Call { pace: &play::Untimed, ..Call::new(&config, &tape, now_ms) };
    let reader = Reader::new(Arc::clone(connector));
    let mapped = connector.canonical_map(&test.entity).is_some();
    let mut reading = Reading::default();
    let result = reader.read(call, &test.entity, test.cursor.as_deref(), |page| {
        for record in page.records {
            reading.data.push(record.to_value());
            if mapped && let Some(canonical) = page.canonical(*record)? {
                reading.events.push(told(&canonical));
            }
        }
        Ok(reading.data.len() < MOST)
    }).await;
    reading.fault = result.err();
    let requests = tape.asked();
    let mut problems = tape.problems();
    problems.extend(compare::problems(&test.expect, &reading, requests));
    Outcome { problems, records: reading.data.len(), requests }
}

/// The values of a test's connection: those given, and made-up ones for what is needed and not given.
fn configured(connector: &Connector, test: &Recorded) -> Config {
    let value = |entry: &connector::ConfigEntry| match test.config.iter().find(|(name, _)| *name == entry.name) {
        Some((_, value)) => Some(value.clone()),
        None if entry.optional || entry.default.is_some() => None,
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

/// A canonical event as tests and people see it.
#[must_use]
pub fn told(canonical: &Canonical) -> Value {
    let occurred = canonical.occurred_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()).map(|at| Value::String(expr::written(at)));
    object([
        ("canonicalType", Some(canonical.canonical_type.as_str().into())), ("canonicalVersion", Some(i64::from(canonical.canonical_version).into())), ("key", Some(canonical.key.as_str().into())), ("occurredAt", occurred),
        ("fields", Some(canonical.fields.clone())), ("extensions", canonical.extensions.entries().is_some_and(|entries| !entries.is_empty()).then(|| canonical.extensions.clone())),
    ])
}
