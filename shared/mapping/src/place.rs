//! Where in the record the element at hand stands: kept as a chain on the stack, and told only when somebody asks.

use std::fmt::Write;

use crate::field::{Field, Word};

/// One part of the way, and what is before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'s> {
    pub(crate) before: Option<&'s Place<'s>>,
    pub(crate) part: Part<'s>,
}

/// A part of the way.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'s> {
    Field(&'s Field),
    Word(&'s Word),
    Index(usize),
    Name(&'s str),
}

impl Place<'_> {
    /// Appends the JSON Pointer to it.
    pub(crate) fn tell(&self, out: &mut String) {
        if let Some(before) = self.before {
            before.tell(out);
        }
        match self.part {
            Part::Field(field) => out.push_str(&field.pointer()),
            Part::Word(word) => out.push_str(&Field::of_words([word.clone()]).pointer()),
            // Writing to a text does not fail.
            Part::Index(index) => drop(write!(out, "/{index}")),
            Part::Name(name) => drop(write!(out, "/{}", document::token(name))),
        }
    }
}
