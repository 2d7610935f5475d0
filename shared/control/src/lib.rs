//! The operations of the control plane, one file each, and who may call them.
#![doc = include_str!("../README.md")]

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
