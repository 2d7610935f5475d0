//! What is held of a listing until it ended: it may be read again from its first page, and then what was told of it counts no more.

use document::Value;
use engine::{LeftOut, Sayings, Scanned, told_item};

use crate::lines::{Ended, Results};

/// Bytes of lines that are held. A listing with more is printed while it is read.
const HELD: usize = 64 * 1024 * 1024;
/// Bytes of what is known of keys.
pub(super) const KNOWN: usize = 64 * 1024 * 1024;

/// The present listing.
pub(super) struct Listing {
    lines: Vec<u8>,
    /// Lines that are held at most, in bytes.
    most: usize,
    /// Items of it.
    pub(super) items: u64,
    /// Items of it that are printed.
    pub(super) printed: u64,
    /// The items of a run that is recorded.
    pub(super) recorded: Option<Vec<Value>>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) sayings: Sayings,
}

impl Listing {
    /// None yet; whether items are kept to be recorded.
    pub(super) fn new(recorded: bool) -> Self {
        Self::holding(HELD, recorded)
    }

    fn holding(most: usize, recorded: bool) -> Self {
        Self { lines: Vec::new(), most, items: 0, printed: 0, recorded: recorded.then(Vec::new), left_out: Vec::new(), sayings: Sayings::within(KNOWN) }
    }

    /// Takes an item; what is too much to be held is printed.
    pub(super) fn take<W: std::io::Write>(&mut self, scanned: &Scanned, output: &mut Results<W>) -> Result<(), Ended> {
        let item = told_item(scanned);
        self.lines.extend_from_slice(format!("{item}\n").as_bytes());
        self.items += 1;
        self.sayings.take(scanned);
        if let Some(recorded) = &mut self.recorded {
            recorded.push(item);
        }
        if self.lines.len() > self.most { self.print(output) } else { Ok(()) }
    }

    /// Prints what is held.
    pub(super) fn print<W: std::io::Write>(&mut self, output: &mut Results<W>) -> Result<(), Ended> {
        output.write(&self.lines)?;
        output.flush()?;
        self.lines = Vec::new();
        self.printed = self.items;
        Ok(())
    }

    /// The next one, or the same from its first page.
    pub(super) fn anew(&self) -> Self {
        Self::holding(self.most, self.recorded.is_some())
    }
}

#[cfg(test)]
mod tests {
    use canonical::{Key, SnapshotItem};

    use super::*;

    #[test]
    fn no_more_is_held_than_there_is_room_for() {
        let scanned = |key: &str| Scanned { item: SnapshotItem { key: Key::new(key).unwrap(), canonical_type: "stocklevel".into(), fields: Value::Object(Vec::new()) }, occurred_ms: None, record: 1 };
        let line = told_item(&scanned("A")).to_string().len() + 1;
        for (most, printed) in [(0, [1, 2, 3, 4]), (line, [0, 2, 2, 4]), (2 * line, [0, 0, 3, 3]), (4 * line, [0, 0, 0, 0])] {
            let (mut listing, mut output) = (Listing::holding(most, false), Results::new(Vec::new()));
            for (key, printed) in ["A", "B", "C", "D"].into_iter().zip(printed) {
                assert!(listing.take(&scanned(key), &mut output).is_ok());
                assert_eq!((listing.printed, listing.items > listing.printed), (printed, !listing.lines.is_empty()), "{most} {key}");
            }
            assert!(listing.print(&mut output).is_ok() && listing.printed == 4 && listing.anew().items == 0, "{most}");
        }
    }
}
