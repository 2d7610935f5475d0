//! The encryption context as bytes to authenticate.
//!
//! Two contexts are equal when their pairs are, whatever the order they were written in; lengths are part of the bytes,
//! so no pair can pose as another.

use std::collections::BTreeMap;

/// Pairs authenticated with a ciphertext and never stored in it.
pub(crate) type Context = BTreeMap<String, String>;

/// The bytes a ciphertext of `key` under `context` is bound to.
pub(crate) fn bound(key: &str, context: &Context) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pairs = context.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    for part in std::iter::once(key).chain(pairs) {
        bytes.extend_from_slice(&part.len().to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}
