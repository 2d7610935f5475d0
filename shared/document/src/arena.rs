//! Where the values made on the way live: texts, lists and maps that an evaluation adds to what it reads.
//!
//! One arena serves one record at a time and is reset between them, so that making values costs no allocation of its own.

use std::borrow::Cow;

use bumpalo::Bump;

use crate::{Doc, Error, Item, Limits, Parser, Sort};

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

    /// The document a text is that lives as long as the arena; parts of it are looked at and copied as they stand.
    ///
    /// # Errors
    /// As [`Parser::parse`].
    pub fn parse<'a>(&'a self, text: &'a str, limits: Limits) -> Result<Item<'a>, Error> {
        let mut parser = Parser::new(limits);
        let doc = parser.parse(text.as_bytes())?;
        let (tape, plain, deepest) = (self.0.alloc_slice_copy(doc.tape), doc.plain, doc.deepest);
        let doc: &Doc<'a> = self.0.alloc(Doc { text, tape, plain, deepest });
        Ok(doc.root())
    }

    /// A copy of a value that lives elsewhere.
    pub fn adopt(&self, item: Item<'_>) -> Item<'_> {
        match item.sort() {
            Sort::Null => Item::Null,
            Sort::Bool => Item::Bool(item.bool().unwrap_or_default()),
            Sort::Number => Item::Number(self.text(item.number().unwrap_or("0"))),
            Sort::Text => Item::Text(self.text(&item.text().unwrap_or_default())),
            Sort::Array => self.list(item.items().map(|item| self.adopt(item)).collect::<Vec<_>>()),
            Sort::Object => self.map(item.entries().map(|(key, item)| (self.text(&key), self.adopt(item))).collect::<Vec<_>>()),
        }
    }
}
