//! Sample systems that keep state, count calls and misbehave on request.
#![doc = include_str!("../README.md")]

pub mod api;
pub mod backoffice;
mod calls;
mod clock;
mod control;
mod cut;
mod exchange;
pub mod faults;
mod moment;
mod percent;
mod running;
mod sent;
mod server;
pub mod shop;
mod sorted;
mod system;

pub use api::{Api, ApiOptions};
pub use backoffice::{BackOffice, BackOfficeOptions};
pub use clock::WoundClock;
pub use exchange::{Answer, Ending, Request};
pub use moment::{civil, rfc3339};
pub use running::{Held, Running};
pub use shop::{OrderLine, Shop, ShopOptions, Webhook};
pub use system::{Place, System};
