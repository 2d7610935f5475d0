//! What a sealed value is bound to: it opens at this place and nowhere else.

use canonical::{ConnectionId, TenantId};

use crate::Purpose;

/// Separates these bytes from every other use of the key.
const DOMAIN: &[u8] = b"pullpush.sealed.1";

/// The place of a value.
#[derive(Clone, Copy)]
pub(crate) struct Binding<'a> {
    pub(crate) tenant: &'a TenantId,
    pub(crate) purpose: Purpose,
    pub(crate) connection: &'a ConnectionId,
    pub(crate) field: &'a str,
}

impl Binding<'_> {
    /// The place as bytes, each part after its length, so that no two places look alike.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let parts: [&[u8]; 5] = [DOMAIN, self.tenant.as_str().as_bytes(), self.purpose.word().as_bytes(), self.connection.as_str().as_bytes(), self.field.as_bytes()];
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}
