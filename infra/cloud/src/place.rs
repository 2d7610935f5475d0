//! Where the servers keep what they hold.
//!
//! A file for `dev`, memory for tests. Both run the same SQL; only a file outlives the process.

use std::path::PathBuf;

use rusqlite::Connection;

/// Where queues, messages and keys are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Gone with the [`crate::Cloud`].
    Memory,
    /// A SQLite file, made when it is missing.
    File(PathBuf),
}

impl Place {
    /// A connection with the durability promised: a committed write survives the death of the process.
    pub(crate) fn connect(self) -> rusqlite::Result<Connection> {
        let db = match self {
            Place::Memory => Connection::open_in_memory()?,
            Place::File(path) => Connection::open(path)?,
        };
        // NORMAL leaves a committed write in the page cache of the system: safe from kill -9, not from a power cut.
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;
             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;",
        )?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(db)
    }
}
