//! Where the values made on the way live: texts, lists and maps that an evaluation adds to what it reads.
//!
//! One arena serves one record at a time and is reset between them, so that making values costs no allocation of its own.

use std::borrow::Cow;

use bumpalo::Bump;

use crate::Item;

/// Memory that is given back all at once.
#[derive(Debug, Default)]
pub struct Arena(Bump);

impl Arena {
    /// An empty arena.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives back everything in it.
    pub fn reset(&mut self) {
        self.0.reset();
    }

    /// How many bytes it holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.0.allocated_bytes()
    }

    /// The memory itself, for growing collections.
    #[must_use]
    pub fn bump(&self) -> &Bump {
        &self.0
    }

    /// A copy of a text.
    pub fn text(&self, text: &str) -> &str {
        self.0.alloc_str(text)
    }

    /// A text that lives as long as the arena, copied only if it has to be.
    pub fn keep<'a>(&'a self, text: Cow<'a, str>) -> &'a str {
        match text {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => self.0.alloc_str(&text),
        }
    }

    /// A list of these.
    pub fn list<'a>(&'a self, items: impl AsRef<[Item<'a>]>) -> Item<'a> {
        Item::List(self.0.alloc_slice_copy(items.as_ref()))
    }

    /// A map of these, in order; the keys are distinct.
    pub fn map<'a>(&'a self, entries: impl AsRef<[(&'a str, Item<'a>)]>) -> Item<'a> {
        Item::Map(self.0.alloc_slice_copy(entries.as_ref()))
    }
}
