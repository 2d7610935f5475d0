//! The program killed while it works: nothing it answered for may be lost, and nothing it told may be forgotten.
//!
//! Each test starts the real `pullpush dev` over a folder of its own and ends it without warning. The sample systems
//! live in the test's process and stay up. Waiting is on conditions, because the chain is another process.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod depot;
mod kept;
mod office;
mod orders;
mod ports;
mod program;
mod twenty;
mod web;
