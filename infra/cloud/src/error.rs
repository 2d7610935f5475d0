//! Why a cloud could not be opened.
//!
//! Only [`crate::Cloud::open`] fails this way; once open, every failure is an answer on the wire (see `refusal`).

/// What kept the servers from starting.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is missing, locked, or not a database of ours.
    #[error("the cloud's database could not be opened")]
    Database(#[from] rusqlite::Error),
}
