//! The SDK clients of this machine: loopback endpoints, keys that mean nothing.
//!
//! [`crate::services`] makes them once, the way a deployed function makes its own, and everything in the chain gets the
//! same ones. No credentials of the machine's owner are ever looked for.

use runtime::{Clients, Endpoints, Settings};

use crate::setup::{KEY_ALIAS, PREFIX};

/// Both parts of the key; the servers on loopback check no signature.
pub(crate) const ACCESS_KEY: &str = "local";

/// Clients for these endpoints.
pub(crate) async fn local(dynamodb: &str, cloud: &str) -> Clients {
    let endpoints = Endpoints { dynamodb: Some(dynamodb.to_owned()), sqs: Some(cloud.to_owned()), kms: Some(cloud.to_owned()) };
    let settings = Settings { endpoints, table_prefix: PREFIX.into(), key_id: Some(KEY_ALIAS.into()), local: true, ..Settings::default() };
    Box::pin(Clients::open(&settings)).await
}
