//! The only room that opens a connection to the outside.
#![doc = include_str!("../README.md")]

mod address;
mod client;
mod error;
mod policy;
mod resolver;

pub use address::is_public;
pub use client::Client;
pub use error::Error;
