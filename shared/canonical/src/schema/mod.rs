//! Schemas in compiled form: what the files of `schemas/` say, ready to be asked a million times.
//!
//! [`Kind`](crate::Kind) holds one per type and version. A schema knows no default and no conversion: what is judged is
//! looked at and left as it is. Its keywords are those of JSON Schema 2020-12 that `read` names; another is refused.

mod compatible;
mod decimal;
mod form;
mod format;
mod judge;
mod lint;
mod outline;
mod pattern;
mod place;
mod read;
mod says;
mod slots;

use document::Sort;

use crate::Order;

pub use compatible::compatible;
pub use form::{Form, FormField};
pub use outline::Entry;

pub(crate) use judge::{Judge, lacks};
pub(crate) use lint::lint;

use format::Format;
use pattern::Pattern;
use slots::Slots;

/// What one version of one canonical type must be.
#[derive(Clone, PartialEq, Eq)]
pub struct Schema {
    /// The name of the type.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub description: String,
    /// The field whose value is the key where a definition names no other.
    pub key: String,
    /// The fields a definition may make the key of, where one value is not enough to tell records apart.
    pub key_parts: Vec<String>,
    /// The order a flow keeps unless it says otherwise.
    pub order: Order,
    /// What whoever reads an older version has to know, where this one is not compatible with it.
    pub breaking: Option<String>,
    /// Documents that are right.
    pub examples: Vec<document::Value>,
    /// Every rule, those that are referred to once; the root is the last.
    nodes: Vec<Rule>,
}

/// What one value must be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    sorts: Sorts,
    /// Whether any text will do.
    any_text: bool,
    words: Option<Vec<String>>,
    format: Option<Format>,
    pattern: Option<Pattern>,
    shortest: Option<usize>,
    longest: Option<usize>,
    least: Option<String>,
    most: Option<String>,
    items: Option<usize>,
    fields: Option<Fields>,
}

/// The fields of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fields {
    /// In the order they are declared; the place here is the bit of a field.
    list: Vec<Field>,
    /// Where the name of a field is found.
    slots: Slots,
    /// The bits of those that must be there.
    required: u64,
    /// Whoever has the first bit needs all of the second.
    dependent: Vec<(u64, u64)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    name: String,
    rule: usize,
    title: String,
    description: String,
}

/// A set of sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sorts(u8);

impl Sorts {
    const ANY: Self = Self(0b11_1111);

    fn of(sort: Sort) -> Self {
        Self(1 << sort as u8)
    }

    fn has(self, sort: Sort) -> bool {
        self.0 & Self::of(sort).0 != 0
    }

    fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Schema {
    fn root(&self) -> &Rule {
        // Invariant: `read` refuses what has no root, and puts the root last.
        &self.nodes[self.nodes.len() - 1]
    }

    fn fields(&self) -> Option<&Fields> {
        self.root().fields.as_ref()
    }

    /// The names of the fields that must be present and not null.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        let named = |fields: &'_ Fields, bit: usize| fields.required & (1 << bit) != 0;
        self.fields().into_iter().flat_map(move |fields| fields.list.iter().enumerate().filter(move |(bit, _)| named(fields, *bit)).map(|(_, field)| field.name.as_str()))
    }

    /// The words a field may hold, where they are counted.
    #[must_use]
    pub fn words(&self, field: &str) -> Option<&[String]> {
        let fields = self.fields()?;
        let field = &fields.list[fields.slots.find(field)?];
        self.nodes[field.rule].words.as_deref()
    }
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Schema({}/{})", self.name, self.version)
    }
}
