//! Envelope encryption: a data key per tenant and purpose, and the only door to a secret.
//!
//! Every room that seals or opens calls [`Vault`]. Data keys come from the key service with the tenant and the purpose as
//! encryption context; values are sealed with AES-256-GCM and bound to the tenant, purpose, connection and field they
//! belong to. Nothing here prints, stores or logs a secret, and no plaintext key outlives its few minutes in memory.

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
