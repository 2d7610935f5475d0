//! What all requests share: the database, the clock, the bell for long polls, the tally of calls.
//!
//! The database is behind one mutex, held for one operation's SQL and never across an await.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use canonical::Clock;
use rusqlite::Connection;
use tokio::sync::Notify;

/// The state behind a [`crate::Cloud`].
pub(crate) struct World {
    db: Mutex<Connection>,
    clock: Arc<dyn Clock>,
    /// Rung whenever a message may have become available.
    pub(crate) bell: Notify,
    calls: Mutex<BTreeMap<String, u64>>,
}

impl World {
    /// A world over an open database.
    pub(crate) fn new(db: Connection, clock: Arc<dyn Clock>) -> World {
        World { db: Mutex::new(db), clock, bell: Notify::new(), calls: Mutex::default() }
    }

    /// The database. A panic elsewhere rolled its transaction back, so a poisoned lock guards sound data.
    pub(crate) fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds since 1970, by the clock handed in.
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Adds one call of `service.operation`.
    pub(crate) fn count(&self, service: &str, operation: &str) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry(format!("{service}.{operation}")).or_default() += 1;
    }

    /// The calls so far.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
