//! How large a document may be.

/// Limits on one document; [`Limits::default`] is what records and webhooks get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Levels of arrays and objects.
    pub depth: usize,
    /// Values of any kind.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 32 * 1024 * 1024, depth: 64, nodes: 1_000_000 }
    }
}
