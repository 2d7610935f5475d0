//! How much of an answer is read.

use document::Limits;

/// The limits of an answer: as many bytes as a definition may declare at most.
pub(crate) fn limits() -> Limits {
    Limits { bytes: 64 * 1024 * 1024, ..Limits::default() }
}
