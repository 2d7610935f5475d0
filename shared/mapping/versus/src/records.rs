//! The records of one workload, one behind the other in memory, as a batch of them would be.
//!
//! Made before anything is measured. Contenders get one at a time, as bytes.

/// Records and where each ends.
#[derive(Default)]
pub struct Records {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Records {
    /// As many records as asked for, each written by `make` from its number.
    #[must_use]
    pub fn make(count: u64, make: fn(u64, &mut Vec<u8>)) -> Self {
        let mut records = Self::default();
        for number in 0..count {
            make(number, &mut records.bytes);
            records.ends.push(records.bytes.len());
        }
        records
    }

    /// Each record in turn.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, end)| &self.bytes[begin..*end])
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// The lengths of the shortest, the mean and the longest record.
    #[must_use]
    pub fn lengths(&self) -> (usize, usize, usize) {
        let lengths = || self.iter().map(<[u8]>::len);
        (lengths().min().unwrap_or(0), self.bytes.len() / self.count().max(1), lengths().max().unwrap_or(0))
    }
}
