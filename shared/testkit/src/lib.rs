//! Sample systems that keep state, count calls and misbehave on request.
//!
//! [`shop`] speaks a web shop's documented shapes, [`backoffice`] a back office's; [`faults`] scripts what goes wrong.
//! Tests start them in process, or run the program `sample` and drive it through `/_control/`. Nothing here waits on
//! its own: time is wound by hand, and only a scripted [`faults::Fault::Slow`] takes any.

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
mod server;
pub mod shop;
mod sorted;
mod system;

pub use backoffice::{BackOffice, BackOfficeOptions};
pub use clock::WoundClock;
pub use exchange::{Answer, Request};
pub use moment::{civil, rfc3339};
pub use running::{Held, Running};
pub use shop::{OrderLine, Shop, ShopOptions, Webhook};
pub use system::{Place, System};
