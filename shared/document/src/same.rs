//! Whether two names are one. Most names of one length differ at their ends: these are asked first, and the library last.

/// Whether two texts are the same.
#[must_use]
#[inline]
pub fn same(left: &str, right: &str) -> bool {
    same_bytes(left.as_bytes(), right.as_bytes())
}

#[inline]
pub(crate) fn same_bytes(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.first() == right.first() && left.last() == right.last() && left == right
}
