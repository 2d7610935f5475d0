//! Dynamic connectors against scripted answers: plain data in, plain data out, no network and no time of the machine.
#![expect(clippy::unwrap_used, reason = "the scripted exchange and what is built for it may end a test")]

mod api;
mod budgets;
mod circles;
mod conditions;
mod deliver;
mod doubled;
mod errors;
mod examples;
mod fan_out;
mod hidden;
mod incremental;
mod joined;
mod lookups;
mod moving;
mod oauth;
mod pages;
mod paging;
mod parents;
mod reader;
mod present;
mod recorded;
mod requests;
mod same_requests;
mod script;
mod sessions;
mod shapes;
mod signature;
mod snapshots;
mod stamps;
mod standing;
mod tables;
mod veiled;
mod windows;
mod trust;
mod world;
