//! How a sample API is set up.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use canonical::Clock;

use super::{Life, Misbehaviour};
use crate::WoundClock;

/// How a sample API is set up; the default holds 250 records and behaves.
#[derive(Clone)]
pub struct ApiOptions {
    /// The port; 0 takes a free one.
    pub port: u16,
    /// A file that keeps the state.
    pub data: Option<PathBuf>,
    /// How many records it holds at first.
    pub records: i64,
    /// How it misbehaves at every request, beside what a request asks for.
    pub misbehave: BTreeSet<Misbehaviour>,
    /// How often a path fails before it works, where failing passes.
    pub failures: u64,
    /// Calls a second that `/limited` and `/strict` take.
    pub rate: i64,
    /// How long tokens live.
    pub token_life: Life,
    /// What stamps answers and lets tokens expire.
    pub clock: Arc<dyn Clock>,
}

impl Default for ApiOptions {
    fn default() -> Self {
        Self {
            port: 0,
            data: None,
            records: 250,
            misbehave: BTreeSet::new(),
            failures: 2,
            rate: 5,
            token_life: Life::Seconds(1800),
            clock: Arc::new(WoundClock::at(1_769_850_000_000)),
        }
    }
}

impl fmt::Debug for ApiOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiOptions").field("port", &self.port).field("records", &self.records).field("misbehave", &self.misbehave).finish_non_exhaustive()
    }
}
