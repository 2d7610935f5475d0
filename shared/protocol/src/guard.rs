//! The loop guard of a poll: a source that repeats itself is stopped, with a name for what it did.

use document::Hash128;

/// What a source did instead of moving on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loop {
    /// The cursor after the page is the cursor before it.
    SameCursor,
    /// The page has the records of the page before.
    SamePage,
    /// More than 50 empty pages in a row, each promising another.
    EmptyPages,
    /// More than 10,000 pages in a run.
    TooManyPages,
    /// More than 5 million records in a run.
    TooManyRecords,
}

impl Loop {
    /// The sentence for the owner.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Loop::SameCursor => "a page gave back the cursor it was asked with",
            Loop::SamePage => "a page repeats the page before it",
            Loop::EmptyPages => "more than 50 empty pages in a row",
            Loop::TooManyPages => "more than 10,000 pages in one run",
            Loop::TooManyRecords => "more than 5 million records in one run",
        }
    }
}

/// What a run has seen so far; carried from continuation to continuation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PollGuard {
    /// Pages so far.
    pub pages: u32,
    /// Records so far.
    pub records: u64,
    /// Empty pages in a row.
    pub empty: u32,
    /// The hash of the page before.
    pub last: Option<Hash128>,
}

impl PollGuard {
    /// Looks at a page that promises another; what it sees is remembered.
    ///
    /// # Errors
    /// What the source did instead of moving on.
    pub fn page(&mut self, records: usize, hash: Hash128, cursor_moved: bool) -> Result<(), Loop> {
        self.pages += 1;
        self.records += records as u64;
        self.empty = if records == 0 { self.empty + 1 } else { 0 };
        let repeats = records > 0 && self.last == Some(hash);
        self.last = Some(hash);
        match () {
            () if !cursor_moved => Err(Loop::SameCursor),
            () if repeats => Err(Loop::SamePage),
            () if self.empty > 50 => Err(Loop::EmptyPages),
            () if self.pages > 10_000 => Err(Loop::TooManyPages),
            () if self.records > 5_000_000 => Err(Loop::TooManyRecords),
            () => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_moves_on_is_left_alone() {
        let mut guard = PollGuard::default();
        assert!((0..100_u8).all(|page| guard.page(10, [page; 16], true).is_ok()));
    }

    #[test]
    fn each_way_of_not_moving_on_has_its_name() {
        let mut guard = PollGuard::default();
        guard.page(1, [1; 16], true).unwrap();
        assert_eq!(guard.page(1, [1; 16], true), Err(Loop::SamePage));
        assert_eq!(PollGuard::default().page(1, [1; 16], false), Err(Loop::SameCursor));
        assert_eq!(PollGuard { empty: 50, ..PollGuard::default() }.page(0, [1; 16], true), Err(Loop::EmptyPages));
        assert_eq!(PollGuard { pages: 10_000, ..PollGuard::default() }.page(1, [1; 16], true), Err(Loop::TooManyPages));
        assert_eq!(PollGuard { records: 5_000_000, ..PollGuard::default() }.page(1, [1; 16], true), Err(Loop::TooManyRecords));
    }
}
