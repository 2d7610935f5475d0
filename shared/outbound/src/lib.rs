//! The only room that opens a connection to the outside.
//!
//! [`Client`] carries what the engine asks through its `Exchange` port. Every address is judged twice: the URL before
//! anything happens, and each address a name resolves to, so that the connection goes to the address that was judged.
//! It never follows a redirect, never retries, keeps no cookies and uses no proxy.

mod address;
mod client;
mod error;
mod policy;
mod resolver;

pub use address::is_public;
pub use client::Client;
pub use error::Error;
