//! The servers through their sockets, under a clock wound by hand: what no contract script can show in real time.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's vocabulary is a failed test")]

mod data_keys;
mod fifo;
mod polling;
mod redrive;
mod restart;
mod server;
mod standard;
