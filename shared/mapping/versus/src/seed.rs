//! Chance that is the same everywhere: `SplitMix64`, so that a record is known by its number.
//!
//! The generators of records use it. It never asks the machine for anything.

/// A row of numbers that follows from where it began.
pub struct Seed(u64);

impl Seed {
    /// The row of one record of one workload.
    #[must_use]
    pub fn of(workload: u64, record: u64) -> Self {
        Self(workload.wrapping_mul(0xD1B5_4A32_D192_ED03) ^ record.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` up to and without `high`.
    pub fn within(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low)
    }

    /// One of a choice.
    pub fn one<'a>(&mut self, choice: &[&'a str]) -> &'a str {
        let at = self.next() % choice.len() as u64;
        choice[usize::try_from(at).expect("a choice is short")]
    }
}
