//! What this system keeps: its records, what it was asked, and what it has given out.

use std::collections::BTreeMap;

use document::{Value, object};
use serde::{Deserialize, Serialize};

use super::scroll::Scrolls;
use super::tokens::Tokens;
use super::{ApiOptions, Thing};
use crate::{Request, percent};

/// Requests remembered; older ones are forgotten.
const REMEMBERED: usize = 10_000;

/// The state of the system.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The records: when each was changed last.
    pub(crate) things: BTreeMap<i64, i64>,
    /// Requests since the beginning.
    pub(crate) seen: u64,
    /// The latest of them.
    pub(crate) asked: std::collections::VecDeque<Asked>,
    /// How often each path has failed.
    pub(crate) failed: BTreeMap<String, u64>,
    /// Sessions begun.
    pub(crate) sessions: u64,
    /// The tokens.
    pub(crate) tokens: Tokens,
    /// The scrolls.
    pub(crate) scrolls: Scrolls,
}

/// One request.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    method: String,
    path: String,
    query: String,
    body: String,
}

impl Kept {
    /// The first records, and nothing asked.
    pub(crate) fn new(options: &ApiOptions) -> Self {
        Self { things: (1..=options.records).map(Thing::first).map(|thing| (thing.id, thing.updated_ms)).collect(), ..Self::default() }
    }

    /// Notes a request.
    pub(crate) fn note(&mut self, request: &Request) {
        let query: Vec<String> = request.query.iter().map(|(key, value)| format!("{key}={}", percent::encode(value))).collect();
        let body = String::from_utf8_lossy(request.body.get(..request.body.len().min(4096)).unwrap_or_default()).into_owned();
        self.seen += 1;
        self.asked.push_back(Asked { method: request.method.clone(), path: request.path.clone(), query: query.join("&"), body });
        if self.asked.len() > REMEMBERED {
            self.asked.pop_front();
        }
    }

    /// Whether a path has still to fail, which counts as one of its failures.
    pub(crate) fn fails(&mut self, path: &str, times: u64) -> bool {
        let failed = self.failed.entry(path.to_owned()).or_default();
        let fails = *failed < times;
        *failed += u64::from(fails);
        fails
    }

    /// Everything, for a person or a comparison.
    pub(crate) fn view(&self) -> Value {
        let before = self.seen.saturating_sub(self.asked.len() as u64);
        let asked = self.asked.iter().zip(before + 1..).map(|(asked, number)| asked.view(number));
        let failed = self.failed.iter().map(|(path, times)| (path.clone(), count(*times)));
        object([
            ("records", Some(count(self.things.len() as u64))),
            ("seen", Some(count(self.seen))),
            ("requests", Some(Value::Array(asked.collect()))),
            ("failed", Some(Value::Object(failed.collect()))),
            ("sessions", Some(count(self.sessions))),
            ("tokens", Some(self.tokens.view())),
            ("scrolls", Some(self.scrolls.view())),
        ])
    }
}

impl Asked {
    fn view(&self, number: u64) -> Value {
        let body = (!self.body.is_empty()).then(|| self.body.as_str().into());
        object([("n", Some(count(number))), ("method", Some(self.method.as_str().into())), ("path", Some(self.path.as_str().into())), ("query", Some(self.query.as_str().into())), ("body", body)])
    }
}

/// A count as JSON.
pub(crate) fn count(number: u64) -> Value {
    Value::from(i64::try_from(number).unwrap_or(i64::MAX))
}
