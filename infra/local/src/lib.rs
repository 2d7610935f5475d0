//! The whole chain on one machine: the handlers in this process, AWS on loopback, one clock.
//!
//! The program `pullpush` and the end-to-end tests start a [`chain::Chain`]. Nothing in here decides about events,
//! deliveries or tenants: it stands in for the services around the functions, and for them alone.

pub mod chain;
mod clients;
mod dynamo;
mod error;
pub mod front;
pub mod function;
pub mod functions;
pub mod mapping;
pub mod services;
pub mod setup;
pub mod winding;
pub mod world;

pub use chain::{Chain, Depth, Options};
pub use error::Error;
pub use services::Ports;
pub use winding::Winding;
pub use world::World;
