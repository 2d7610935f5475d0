//! Chance as a value.

/// Where chance comes from: the machine in `runtime`, a seed in tests.
pub trait Chance: Send + Sync {
    /// 128 random bits.
    fn bits(&self) -> u128;

    /// A number in 0..1, for jitter.
    fn unit(&self) -> f64 {
        // 53 bits fill a float's mantissa exactly.
        #[expect(clippy::cast_precision_loss, reason = "53 bits are exact in an f64")]
        let bits = (self.bits() >> 75) as f64;
        bits / 9_007_199_254_740_992.0
    }

    /// A new id text with a prefix, 32 hex characters after it.
    fn id(&self, prefix: &str) -> String {
        format!("{prefix}{:032x}", self.bits())
    }
}
