//! What looks as if a listing was not read whole, told behind the run.

use engine::ReaderPage;

use crate::say::{several, tell};

/// What was noticed so far.
#[derive(Default)]
pub(super) struct Noticed {
    /// An answer names a next page, or more records, that nobody reads.
    unread: bool,
    /// A listing moved whenever it was read.
    restless: bool,
    /// Records that listings told of and did not show.
    lacking: i64,
}

impl Noticed {
    pub(super) fn page(&mut self, page: &ReaderPage<'_>) {
        self.unread |= page.unread;
        self.restless |= page.restless;
        self.lacking += page.lacking;
    }

    pub(super) fn tell(&self) {
        if self.unread {
            tell!("an answer names a next page, or more records than it shows, that the definition does not read: it has no `pagination`, or that looks where nothing stands; what is behind is missing");
        }
        if self.restless {
            tell!("a listing became shorter each time it was read: records that moved up meanwhile may be missing; ask in ascending order of change (`order`), or behind the last id (`last_record`), where the system can");
        }
        if self.lacking > 0 {
            tell!("{} fewer came than the source told of by its `total`: either it counts what it does not show, or they are missing", several(self.lacking, "record"));
        }
    }
}
