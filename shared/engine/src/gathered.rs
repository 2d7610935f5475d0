//! What the pages of a snapshot come to: each listing once, however often it was read.

use fault::Simple;

use crate::{LeftOut, Sayings, Scanned, SnapshotPage, Standing};

/// What was read of a snapshot so far.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The items, in the order they were read.
    pub items: Vec<Scanned>,
    /// The records that are no items.
    pub left_out: Vec<LeftOut>,
    /// Whether the source held something back, or, of a whole scan, a record that is left out may be any key: then nothing is concluded from absence.
    pub partial: bool,
    /// Where the present listing began among the items and among what is left out.
    began: (usize, usize),
}

impl Gathered {
    /// Takes a page; gives where to go on. Of a listing that is read again, what was told before is dropped.
    pub fn take(&mut self, page: SnapshotPage) -> Option<String> {
        match page.standing {
            Standing::First => self.began = (self.items.len(), self.left_out.len()),
            Standing::Later => {}
            Standing::Again => {
                self.items.truncate(self.began.0);
                self.left_out.truncate(self.began.1);
            }
        }
        self.items.extend(page.items);
        self.left_out.extend(page.left_out);
        self.partial |= page.partial;
        page.next
    }

    /// All of it, behind the last page: a record in other letters than it was asked for is of no account where one in these letters is there,
    /// and where one is left out whose key is not known, nobody can tell which is not there.
    #[must_use]
    pub fn whole(mut self) -> Self {
        if self.left_out.iter().any(LeftOut::is_in_other_letters) {
            let mut sayings = Sayings::default();
            self.items.iter().for_each(|scanned| sayings.take(scanned));
            self.left_out.retain(|left| !sayings.answers(left));
        }
        self.partial |= self.left_out.iter().any(|left| left.key.is_none());
        self
    }

    /// The fault of a scan of which no record could be mapped, and some could not: its definition fits nothing.
    #[must_use]
    pub fn unfit(&self) -> Option<Simple> {
        self.left_out.iter().filter(|_| self.items.is_empty()).find_map(LeftOut::fault)
    }
}
