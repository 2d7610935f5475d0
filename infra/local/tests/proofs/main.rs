//! Proofs over the whole machine: the table against the model, recorded events against the handlers, the deployed
//! programs behind the Runtime API, records and definitions through the command line, and what is written about the rooms against the rooms.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod built;
mod calls;
#[path = "../machine/chance.rs"]
mod chance;
mod codes;
mod day;
mod definition;
mod events;
mod lambda;
mod mapping;
mod mistakes;
mod programs;
mod pull;
mod pull_at_once;
mod pull_cursor;
mod pull_once;
mod pull_record;
mod pull_snapshot;
mod pull_told;
mod readme;
mod roles;
mod refusals;
mod rooms;
mod said;
mod same_requests;
mod slots;

use std::path::{Path, PathBuf};

pub(crate) use chance::Counting;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
