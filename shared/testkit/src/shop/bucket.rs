//! The leaky bucket that limits calls. It leaks with the shop's clock, so a test winds it or refills it.

/// A call limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// Calls that fit at once.
    pub size: i64,
    /// Calls that leak away each second.
    pub leak_per_second: i64,
}

/// How full the bucket is, in thousandths of a call.
#[derive(Debug, Default)]
pub(crate) struct Level {
    thousandths: i64,
    at_ms: Option<i64>,
}

impl Level {
    /// Takes one call in; false when it does not fit.
    pub(crate) fn take(&mut self, bucket: Bucket, now_ms: i64) -> bool {
        let elapsed = self.at_ms.map_or(0, |at_ms| now_ms.saturating_sub(at_ms).max(0));
        self.at_ms = Some(now_ms);
        self.thousandths = self.thousandths.saturating_sub(elapsed.saturating_mul(bucket.leak_per_second)).max(0);
        let fits = self.thousandths + 1000 <= bucket.size * 1000;
        if fits {
            self.thousandths += 1000;
        }
        fits
    }

    /// Calls inside, rounded up.
    pub(crate) fn calls(&self) -> i64 {
        (self.thousandths + 999) / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_bucket_takes_calls_again_as_it_leaks() {
        let bucket = Bucket { size: 2, leak_per_second: 2 };
        let mut level = Level::default();
        let taken = [0, 0, 0, 499, 500, 500, 10_000].map(|now_ms| level.take(bucket, now_ms));
        assert_eq!(taken, [true, true, false, false, true, false, true]);
        assert_eq!(level.calls(), 1);
    }
}
