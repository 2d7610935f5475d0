//! What stands on both sides of a mapping, as far as it is known when it is checked.

use canonical::Kind;

/// The two ends, and who runs the mapping.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ends {
    /// The canonical type that goes in.
    pub from: Option<&'static Kind>,
    /// The canonical type that comes out.
    pub to: Option<&'static Kind>,
    /// One record at a time, by a flow: nobody loads tables, and nothing is remembered from record to record.
    pub flow: bool,
}

impl Ends {
    /// Nothing known of either end.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// A flow: canonical fields of a type in, fields of the same type out.
    #[must_use]
    pub fn flow(canonical_type: &str) -> Self {
        let kind = Kind::of(canonical_type);
        Self { from: kind, to: kind, flow: true }
    }
}
