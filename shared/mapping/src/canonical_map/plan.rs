//! A compiled canonical map and its application to one record.

use canonical::Key;
use document::{Arena, Item, Value};

use super::{Error, Source, source::{Members, Scene, assemble, set}};
use crate::{Run, field::Field};

/// How records of one entity become one canonical type.
#[derive(Debug)]
pub struct Plan {
    /// Where the key stands in the record.
    pub key: Field,
    /// The canonical fields, in order. A dotted name nests.
    pub fields: Vec<(String, Source)>,
    /// What is passed through unmapped, named by the last name of its path.
    pub extensions: Vec<Field>,
}

/// A record in canonical space, while it is looked at: what it is made of stands in the record, the map or the arena.
#[derive(Debug, Clone, PartialEq)]
pub struct Sketch<'a> {
    /// Which thing.
    pub key: Key,
    /// The canonical fields; absent ones are not there.
    pub fields: Item<'a>,
    /// What is passed through.
    pub extensions: Item<'a>,
}

/// A record in canonical space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// Which thing.
    pub key: Key,
    /// The canonical fields; absent ones are not there.
    pub fields: Value,
    /// What is passed through.
    pub extensions: Value,
}

impl Plan {
    /// Maps one record.
    ///
    /// # Errors
    /// What is missing or does not fit, with its path in the record and its pointer in the fields.
    pub fn apply(&self, record: Item<'_>, run: &Run<'_>) -> Result<Mapped, Error> {
        let arena = Arena::new();
        let Sketch { key, fields, extensions } = self.sketch(record, run, &arena)?;
        Ok(Mapped { key, fields: fields.to_value(), extensions: extensions.to_value() })
    }

    /// Maps one record without copying what it says: for who looks at it once, or writes it out.
    ///
    /// # Errors
    /// As [`Plan::apply`].
    pub fn sketch<'a>(&'a self, record: Item<'a>, run: &Run<'_>, arena: &'a Arena) -> Result<Sketch<'a>, Error> {
        let path = || self.key.to_string();
        let text = self.key.of(record).and_then(Item::plain).filter(|text| !text.trim().is_empty()).ok_or_else(|| Error::WithoutKey { path: path() })?;
        let key = Key::new(&*text).ok_or_else(|| Error::KeyTooLong { path: path(), bytes: text.len() })?;
        let scene = Scene::new(arena, record, run);
        let fields = assemble(&self.fields, record, None, &scene, &String::new)?;
        Ok(Sketch { key, fields, extensions: self.extensions(record, arena) })
    }

    /// The key of a record, where it has one.
    #[must_use]
    pub fn key_of(&self, record: Item<'_>) -> Option<Key> {
        self.key.of(record).and_then(Item::plain).filter(|text| !text.trim().is_empty()).and_then(|text| Key::new(&*text))
    }

    fn extensions<'a>(&'a self, record: Item<'a>, arena: &'a Arena) -> Item<'a> {
        let mut out = Members::new_in(arena.bump());
        for path in &self.extensions {
            if let Some(item) = path.of(record) {
                set(&mut out, path.name().unwrap_or("record"), item);
            }
        }
        Item::Map(out.into_bump_slice())
    }
}
