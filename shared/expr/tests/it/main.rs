//! The language from outside: its examples, every function, what is refused, what ends at a limit, what is only data, and its laws.
#![expect(clippy::unwrap_used, reason = "the helpers beside the tests may fail as loudly as the tests")]

mod bombs;
mod examples;
mod functions;
mod injection;
mod laws;
mod reference;
mod reject;
mod sorts;
mod templates;
