//! How a sample shop is set up.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use canonical::Clock;

use super::Bucket;
use crate::WoundClock;

/// How a sample shop is set up; the default is a generous shop with the token `shop-token`.
#[derive(Clone)]
pub struct ShopOptions {
    /// The port; 0 takes a free one.
    pub port: u16,
    /// A file that keeps the state.
    pub data: Option<PathBuf>,
    /// What `X-Shopify-Access-Token` has to say.
    pub token: String,
    /// The secret webhooks are signed with.
    pub secret: String,
    /// The name in `X-Shopify-Shop-Domain`.
    pub domain: String,
    /// The currency of every price.
    pub currency: String,
    /// The offset of every timestamp.
    pub offset_minutes: i64,
    /// The call limit; none when absent.
    pub bucket: Option<Bucket>,
    /// Whether a variant without a stock record still shows `inventory_quantity: 0`, as real shops do; otherwise the
    /// member is left out. `inventory_management` is null either way.
    pub untracked_shows_zero: bool,
    /// What leaks the bucket.
    pub clock: Arc<dyn Clock>,
}

impl Default for ShopOptions {
    fn default() -> Self {
        Self {
            port: 0,
            data: None,
            token: "shop-token".to_owned(),
            secret: "shop-secret".to_owned(),
            domain: "sample.myshopify.com".to_owned(),
            currency: "EUR".to_owned(),
            offset_minutes: 60,
            bucket: None,
            untracked_shows_zero: true,
            clock: Arc::new(WoundClock::at(1_769_850_000_000)),
        }
    }
}

impl fmt::Debug for ShopOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShopOptions").field("port", &self.port).field("domain", &self.domain).field("bucket", &self.bucket).finish_non_exhaustive()
    }
}
