//! Chance: ids, receipt nonces, key material.
//!
//! The one place that asks the system for random bytes. It never hands out the same id twice in practice, and nothing
//! here is reproducible.

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// Fills `target` with random bytes.
pub(crate) fn fill(target: &mut [u8]) {
    getrandom::fill(target).expect("the system has a source of random bytes");
}

/// A random (version 4) UUID in its usual spelling.
pub(crate) fn uuid() -> String {
    let mut id: [u8; 16] = bytes();
    id[6] = (id[6] & 0x0f) | 0x40;
    id[8] = (id[8] & 0x3f) | 0x80;
    spelled(&id)
}

/// Sixteen bytes as `8-4-4-4-12` hexadecimal digits.
pub(crate) fn spelled(id: &[u8; 16]) -> String {
    let hex = hex::encode(id);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
