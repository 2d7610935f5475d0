//! The tables, made when the file is new.
//!
//! `message.id` is the order of arrival, is never used twice (receipt handles name it) and stays when a message moves
//! to its dead-letter queue. `message.receipt` is the nonce of the newest receipt handle.

use rusqlite::Connection;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    region TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    body TEXT NOT NULL,
    body_md5 TEXT NOT NULL,
    attributes TEXT,
    trace TEXT,
    group_id TEXT,
    dedup_id TEXT,
    sent_ms INTEGER NOT NULL,
    visible_ms INTEGER NOT NULL,
    received_ms INTEGER,
    first_ms INTEGER,
    receives INTEGER NOT NULL DEFAULT 0,
    receipt TEXT,
    source_arn TEXT
);
CREATE INDEX IF NOT EXISTS message_by_visibility ON message (queue, visible_ms, id);
CREATE INDEX IF NOT EXISTS message_by_age ON message (queue, sent_ms);
CREATE INDEX IF NOT EXISTS message_by_order ON message (queue, id);
CREATE INDEX IF NOT EXISTS message_by_group ON message (queue, group_id, visible_ms) WHERE group_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS dedup (
    queue INTEGER NOT NULL,
    scope TEXT NOT NULL,
    dedup_id TEXT NOT NULL,
    message INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (queue, scope, dedup_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS dedup_by_age ON dedup (queue, at_ms);
CREATE TABLE IF NOT EXISTS key (
    id TEXT PRIMARY KEY,
    region TEXT NOT NULL,
    description TEXT NOT NULL,
    material BLOB NOT NULL,
    enabled INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alias (
    name TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    region TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) WITHOUT ROWID;
";

/// Makes what is missing.
pub(crate) fn prepare(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(TABLES)
}
