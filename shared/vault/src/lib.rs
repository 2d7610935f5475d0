//! Envelope encryption: a data key per tenant and purpose.
#![doc = include_str!("../README.md")]

mod binding;
mod cache;
mod error;
mod keys;
mod purpose;
mod seal;
mod sealed;
mod vault;

pub use error::Error;
pub use purpose::Purpose;
pub use sealed::Sealed;
pub use vault::Vault;
