//! Dynamic connectors against scripted answers: plain data in, plain data out, no network and no time of the machine.
#![expect(clippy::unwrap_used, reason = "the scripted exchange and what is built for it may end a test")]

mod deliver;
mod examples;
mod oauth;
mod pages;
mod present;
mod recorded;
mod script;
mod signature;
