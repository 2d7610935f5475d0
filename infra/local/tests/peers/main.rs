//! `pullpush pull` against programs of others, as they come from the registries: what a made-up system gets right is what its
//! author knows already.
//!
//! - `oauth2-mock-server` gives tokens (JWTs) and `json-server` data for them, with pages by `Link`. Driven by its events, the first
//!   is as strict as real ones: clients, rotating refresh tokens, short lives.
//! - `datasette` publishes SQLite. One table comes as objects, arrays, columns with rows, JSON Lines and CSV, its pages as an address, a
//!   cursor and a header, by keys of two columns; filters reach the database, and errors come as 400, 404 and 500.
//!
//! They stand in the folder named by `PULLPUSH_PEERS`, which `.ci/run` makes: `requirements.txt` in a virtual environment and
//! `package.json` installed beside it. Without the folder, a test says so and passes.

#![expect(clippy::unwrap_used, reason = "what starts and asks programs may end a test")]

mod errors;
mod installed;
mod office;
mod pull;
mod renewal;
mod shelf;
mod shelves;
mod tokens;
