//! What a mapping makes of what it is given, before there is a record: every operation says what it does to the types of
//! the fields, and what may go wrong on the way is told when the mapping is written.
//!
//! The check goes through it once; it never sees a value of a record. Where nothing is known of a value, nothing is said of it.

mod alike;
mod conversion;
mod expression;
#[cfg(test)]
mod honest;
mod judge;
mod members;
mod notes;
mod schema;
mod shape;
mod sorts;
mod parts;
mod stock;
mod value;
mod walk;

use std::rc::Rc;

pub(crate) use conversion::{Converted, converted};
pub(crate) use expression::{Absent, condition, formula};
pub(crate) use members::Members;
pub(crate) use notes::Notes;
pub(crate) use schema::read as read_schema;
pub(crate) use shape::Shape;
pub(crate) use sorts::Sorts;
pub(crate) use walk::{Known, check, walk};
pub use stock::{invents, is_blank};

/// The operation a value comes from: JSON Pointer to it.
pub(crate) type At = Rc<str>;

/// What a value may be.
#[derive(Debug, Clone)]
pub(crate) struct Type {
    pub(crate) sorts: Sorts,
    /// Whether that is known; else it may be anything because nobody said.
    pub(crate) known: bool,
    /// Whether it may be absent or null only because nobody said.
    pub(crate) vague: bool,
    pub(crate) text: Wording,
    /// What the elements of an array may be, where it is known.
    pub(crate) items: Option<Rc<Type>>,
    /// The members of an object, where they are known.
    pub(crate) members: Option<Rc<Members>>,
    /// The operation that put it there or took it away; nothing where it is as the source said.
    pub(crate) by: Option<At>,
    /// The operation that may have made it up where the source says nothing.
    pub(crate) invented: Option<At>,
    /// Who made up anything in it.
    pub(crate) inside: Option<At>,
    /// Levels and values of it: what grows beyond a bound is not followed any further.
    pub(crate) depth: u8,
    pub(crate) size: u32,
}

/// What is followed of one value.
const DEEPEST: u8 = 40;
const MOST: u32 = 4000;

/// What a text may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wording {
    Any,
    /// One of these.
    Words(Rc<[String]>),
    /// An instant by RFC 3339.
    Instant,
    /// A date.
    Date,
}

impl Type {
    /// Anything, because nobody said.
    pub(crate) fn unknown() -> Self {
        Self { known: false, vague: true, ..Self::of(Sorts::ANY) }
    }

    /// One of these sorts.
    pub(crate) fn of(sorts: Sorts) -> Self {
        Self { sorts, known: true, vague: false, text: Wording::Any, items: None, members: None, by: None, invented: None, inside: None, depth: 1, size: 1 }
    }

    pub(crate) fn absent() -> Self {
        Self::of(Sorts::ABSENT)
    }

    /// An array of these.
    pub(crate) fn array(items: Type) -> Self {
        Self { items: Some(Rc::new(items)), ..Self::of(Sorts::ARRAY) }.sealed()
    }

    /// An object with these members and no others.
    pub(crate) fn object(members: impl IntoIterator<Item = (Box<str>, Type)>) -> Self {
        Self { members: Some(Rc::new(Members::closed(members.into_iter().collect()))), ..Self::of(Sorts::OBJECT) }.sealed()
    }

    /// A text of this wording.
    pub(crate) fn text(text: Wording) -> Self {
        Self { text, ..Self::of(Sorts::TEXT) }
    }

    pub(crate) fn with(self, sorts: Sorts) -> Self {
        Self { sorts: self.sorts | sorts, ..self }
    }

    pub(crate) fn without(self, sorts: Sorts) -> Self {
        Self { sorts: self.sorts.without(sorts), ..self }
    }

    pub(crate) fn by(self, at: &At) -> Self {
        Self { by: Some(at.clone()), ..self }
    }

    /// The same, made up by whoever made the other up.
    pub(crate) fn tainted(self, at: Option<At>) -> Self {
        Self { inside: self.inside.or_else(|| at.clone()), invented: self.invented.or(at), ..self }
    }

    /// The same, after something in it changed.
    pub(crate) fn sealed(mut self) -> Self {
        let members = || self.members.iter().flat_map(|members| members.list.iter().map(|(_, member)| member));
        let parts = || self.items.iter().map(|items| &**items).chain(members());
        let depth = 1 + parts().map(|part| part.depth).max().unwrap_or(0);
        let size = parts().fold(1_u32, |sum, part| sum.saturating_add(part.size));
        let inside = self.invented.clone().or_else(|| self.members.as_ref()?.invented.clone()).or_else(|| parts().find_map(|part| part.inside.clone()));
        if depth > DEEPEST || size > MOST {
            return Self { items: None, members: None, invented: inside.clone(), inside, depth: 1, size: 1, ..self };
        }
        (self.depth, self.size, self.inside) = (depth, size, inside);
        self
    }

    /// Whether it is there, and not null, as far as it is known.
    pub(crate) fn is_certain(&self) -> bool {
        self.known && !self.sorts.may(Sorts::NOTHING)
    }

    /// What it may be of absent and null, as far as somebody said so.
    pub(crate) fn lacks(&self) -> Sorts {
        if self.vague { Sorts::NONE } else { self.sorts.and(Sorts::NOTHING) }
    }

    /// Whether nothing is ever there.
    pub(crate) fn is_gone(&self) -> bool {
        self.sorts == Sorts::ABSENT
    }

    /// The same, as if the source had said it.
    pub(crate) fn honest(self) -> Self {
        Self { invented: None, inside: None, ..self }
    }

    /// Who made up anything in it.
    pub(crate) fn invented_inside(&self) -> Option<At> {
        self.inside.clone()
    }

    /// The elements of an array, or of whatever this is if it is one.
    pub(crate) fn element(&self) -> Type {
        match &self.items {
            Some(items) => (**items).clone().tainted(self.invented.clone()),
            None => Type::unknown().tainted(self.invented.clone()),
        }
    }

    /// The member of a name.
    pub(crate) fn member(&self, name: &str) -> Type {
        if self.known && !self.sorts.may(Sorts::OBJECT) {
            return Type::absent();
        }
        let found = match &self.members {
            Some(members) => members.get(name),
            None => Type::unknown(),
        };
        let lacking = if self.sorts.is(Sorts::OBJECT) { Sorts::NONE } else { Sorts::ABSENT };
        let vague = if self.vague || lacking == Sorts::NONE { found.vague || self.vague } else { false };
        Type { vague, ..found.with(lacking).tainted(self.invented.clone()) }
    }
}
