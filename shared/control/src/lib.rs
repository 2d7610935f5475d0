//! The operations of the control plane, one file each, and who may call them.
//!
//! A tool exists once and is reached three ways: REST, the command line, and later MCP. The tenant comes from the key,
//! never from an argument; secrets pass through no argument and no result.

mod argument;
mod bootstrap;
mod catalogue;
mod connectors;
mod door;
mod secrets;
mod tools;

pub use argument::Arguments;
pub use bootstrap::{Bootstrap, bootstrap};
pub use catalogue::{Tool, call, every_tool, named, tool};
pub use secrets::{SecretKind, put_secret};
