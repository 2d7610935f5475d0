//! How a sample back office is set up.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use canonical::Clock;

use crate::WoundClock;

/// How a sample back office is set up; the default has one source `default` and the token `office-token`.
#[derive(Clone)]
pub struct BackOfficeOptions {
    /// The port; 0 takes a free one.
    pub port: u16,
    /// A file that keeps the state.
    pub data: Option<PathBuf>,
    /// The bearer token.
    pub token: String,
    /// The sources stock can be kept at; a write to any other is refused.
    pub sources: BTreeSet<String>,
    /// The SKUs it knows; a write for any other is refused. Without a list every SKU is accepted, as older versions do.
    pub skus: Option<BTreeSet<String>>,
    /// Whether a page past the end repeats the last page instead of being empty.
    pub repeats_last_page: bool,
    /// Whether a repeated `Idempotency-Key` replays the first answer.
    pub honours_idempotency_key: bool,
    /// Whether an order without the members the schema requires is refused.
    pub requires_order_members: bool,
    /// The most source items one request may carry, where the shop limits it.
    pub max_source_items: Option<usize>,
    /// What stamps orders.
    pub clock: Arc<dyn Clock>,
}

impl Default for BackOfficeOptions {
    fn default() -> Self {
        Self {
            port: 0,
            data: None,
            token: "office-token".to_owned(),
            sources: BTreeSet::from(["default".to_owned()]),
            skus: None,
            repeats_last_page: false,
            honours_idempotency_key: false,
            requires_order_members: false,
            max_source_items: None,
            clock: Arc::new(WoundClock::at(1_769_850_000_000)),
        }
    }
}

impl fmt::Debug for BackOfficeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackOfficeOptions").field("port", &self.port).field("sources", &self.sources).finish_non_exhaustive()
    }
}
