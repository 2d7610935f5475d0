//! What looks as if a listing was not read whole, on its way to whoever reads: that of parents goes with their children.

/// What was noticed of a listing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Noticed {
    /// It names a next page, and the definition reads none there.
    pub(crate) unread: bool,
    /// It ended, and moved whenever it was read.
    pub(crate) restless: bool,
    /// How many records fewer it showed than it told of, where it ended.
    pub(crate) lacking: i64,
}

impl Noticed {
    /// With what was noticed of another.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { unread: self.unread | other.unread, restless: self.restless | other.restless, lacking: self.lacking.saturating_add(other.lacking) }
    }
}
