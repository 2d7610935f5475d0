//! Chance that counts: the same ids in every run, no two alike. `machine` and `proofs` hand it to whatever asks for chance.

use std::sync::{Arc, Mutex};

use canonical::Chance;

/// Chance that counts.
pub(crate) struct Counting(Mutex<u128>);

impl Counting {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(0)))
    }
}

impl Chance for Counting {
    fn bits(&self) -> u128 {
        let mut next = self.0.lock().unwrap();
        // Spread over all bits: short parts of it have to differ too.
        *next += 1;
        next.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
    }
}
