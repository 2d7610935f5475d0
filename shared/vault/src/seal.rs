//! The pure part: AES-256-GCM with a data key, bound to a place.
//!
//! Knows nothing of where keys come from. A nonce is handed in and must never be used twice with one key.

use aes_gcm::{Aes256Gcm, KeyInit, aead::{Aead, Payload}};
use zeroize::Zeroizing;

use crate::binding::Binding;

/// Bytes of a data key.
pub(crate) const KEY_BYTES: usize = 32;
/// Bytes of a nonce: 96 bits, the size GCM is defined for.
pub(crate) const NONCE_BYTES: usize = 12;

/// A data key in clear; wiped when dropped.
pub(crate) type DataKey = Zeroizing<[u8; KEY_BYTES]>;

/// A nonce by chance. A data key seals for five minutes at most, far from where 96 random bits would repeat.
pub(crate) fn nonce() -> Result<[u8; NONCE_BYTES], getrandom::Error> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce)?;
    Ok(nonce)
}

/// The ciphertext and its tag. `None` only for a plaintext beyond what GCM can take (64 GiB).
pub(crate) fn seal(key: &DataKey, nonce: &[u8; NONCE_BYTES], binding: &Binding<'_>, plaintext: &[u8]) -> Option<Vec<u8>> {
    Aes256Gcm::new(key.as_ref().into()).encrypt(nonce.into(), Payload { msg: plaintext, aad: &binding.bytes() }).ok()
}

/// The plaintext; `None` when the key, the place or a single bit is not the one it was sealed with.
pub(crate) fn open(key: &DataKey, nonce: &[u8; NONCE_BYTES], binding: &Binding<'_>, text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    Aes256Gcm::new(key.as_ref().into()).decrypt(nonce.into(), Payload { msg: text, aad: &binding.bytes() }).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use canonical::{ConnectionId, TenantId};

    use super::*;
    use crate::Purpose;

    /// Five tenants, both purposes, five connections, five fields; borders between parts are moved on purpose.
    fn places() -> Vec<(TenantId, Purpose, ConnectionId, &'static str)> {
        let mut places = Vec::new();
        for tenant in ["t1", "t11", "t2", "t", "tcredentials"] {
            for purpose in [Purpose::Credentials, Purpose::Webhook] {
                for connection in ["1c", "c", "c1", "webhookc", "c2"] {
                    for field in ["token", "1token", "", "Token", "password"] {
                        places.push((TenantId::parse(tenant).unwrap(), purpose, ConnectionId::parse(connection).unwrap(), field));
                    }
                }
            }
        }
        places
    }

    #[test]
    fn a_value_opens_only_at_the_place_it_was_sealed_for() {
        let (key, nonce) = (DataKey::new([7; KEY_BYTES]), [9; NONCE_BYTES]);
        let places = places();
        for (i, (tenant, purpose, connection, field)) in places.iter().enumerate() {
            let text = seal(&key, &nonce, &Binding { tenant, purpose: *purpose, connection, field }, b"s3cret").unwrap();
            for (j, (tenant, purpose, connection, field)) in places.iter().enumerate() {
                let opened = open(&key, &nonce, &Binding { tenant, purpose: *purpose, connection, field }, &text);
                assert_eq!(opened.as_ref().map(|plain| plain.as_slice()), (i == j).then_some(b"s3cret".as_slice()), "{i} {j}");
            }
        }
    }

    #[test]
    fn a_changed_bit_a_foreign_key_and_a_foreign_nonce_open_nothing() {
        let (tenant, connection) = (TenantId::parse("t").unwrap(), ConnectionId::parse("c").unwrap());
        let place = Binding { tenant: &tenant, purpose: Purpose::Webhook, connection: &connection, field: "secret" };
        let (key, nonce) = (DataKey::new([7; KEY_BYTES]), [9; NONCE_BYTES]);
        let text = seal(&key, &nonce, &place, b"s3cret").unwrap();
        assert_eq!(text.len(), b"s3cret".len() + 16);
        for bit in 0..text.len() * 8 {
            let mut changed = text.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&key, &nonce, &place, &changed).is_none(), "bit {bit}");
        }
        assert!(open(&key, &nonce, &place, &text[..15]).is_none());
        assert!(open(&DataKey::new([8; KEY_BYTES]), &nonce, &place, &text).is_none());
        assert!(open(&key, &[8; NONCE_BYTES], &place, &text).is_none());
    }

    #[test]
    fn nonces_do_not_repeat() {
        let nonces: std::collections::BTreeSet<_> = (0..100_000).map(|_| nonce().unwrap()).collect();
        assert_eq!(nonces.len(), 100_000);
    }

    #[test]
    fn the_cipher_is_the_published_one() {
        // Test case 14 of the GCM specification: a zero key, a zero nonce, one zero block, no associated data.
        let cipher = Aes256Gcm::new((&[0_u8; KEY_BYTES]).into());
        let text = cipher.encrypt((&[0_u8; NONCE_BYTES]).into(), [0_u8; 16].as_slice()).unwrap();
        let expected = [
            0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5, 0xd3, 0xba, 0xf3, 0x9d, 0x18, 0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99, 0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19,
        ];
        assert_eq!(text, expected);
    }
}
