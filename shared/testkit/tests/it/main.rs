//! The sample systems over HTTP, asked by a client of a few lines.

#![expect(clippy::unwrap_used, reason = "the helpers beside the tests may fail as loudly as the tests")]

mod api;
mod backoffice;
mod client;
mod faults;
mod process;
mod shop;
