//! The events a slot has seen lately, by the mark of the source's own id of their delivery.
//!
//! A source that got no answer sends an event again. Its second receipt is accepted later, and where the source's times
//! tie, later would mean newer: an old value would overwrite the one that came in between. A mark says that it is known.

use canonical::EventId;
use document::hash_bytes;

/// The most events a slot remembers.
const MOST: usize = 32;
/// Bytes of a mark: by chance two of 32 are alike once in 10^13 events.
const BYTES: usize = 6;

/// Marks of events, newest first, as one text: `,` and twelve hex digits each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks(String);

impl Marks {
    /// The mark of an event.
    #[must_use]
    pub fn of(event: &EventId) -> String {
        let hash = hash_bytes(event.as_str().as_bytes());
        hash[..BYTES].iter().fold(String::from(","), |text, byte| text + &format!("{byte:02x}"))
    }

    /// Takes a text that was marks.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a mark is among them.
    #[must_use]
    pub fn holds(&self, mark: &str) -> bool {
        self.0.contains(mark)
    }

    /// These and one more; the oldest makes room.
    #[must_use]
    pub fn with(&self, mark: &str) -> Self {
        if self.holds(mark) {
            return self.clone();
        }
        let mut text = format!("{mark}{}", self.0);
        text.truncate(MOST * (2 * BYTES + 1));
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(number: u32) -> String {
        Marks::of(&EventId::parse(&format!("evt_{number}")).unwrap())
    }

    #[test]
    fn the_last_thirty_two_are_held_and_no_others() {
        let marks = (0..40).fold(Marks::default(), |marks, number| marks.with(&mark(number)));
        let held: Vec<_> = (0..50).filter(|number| marks.holds(&mark(*number))).collect();
        assert_eq!(held, (8..40).collect::<Vec<_>>());
        assert_eq!((marks.as_str().len(), marks.with(&mark(20)) == marks), (32 * 13, true));
    }
}
