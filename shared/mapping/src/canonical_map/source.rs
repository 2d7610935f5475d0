//! One canonical field: where its value comes from and what is done to it on the way.

use bumpalo::collections::Vec as List;
use document::{Arena, Fuel, Item, Path, Sort, Value};
use expr::{Lack, Names, Template};

use super::{Error, Raw, elements};
use crate::{Cast, Run, field::Field};

/// What happens to a value that is not in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnMiss {
    /// The record is rejected.
    Error,
    /// The field stays absent.
    Absent,
    /// The value stays as it is.
    Keep,
}

/// A value picked from the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// Where it stands.
    pub path: Field,
    /// The table it goes through, by its plain text; before the cast.
    pub table: Vec<(String, Value)>,
    /// What happens to a value the table does not know.
    pub on_miss: OnMiss,
    /// What it becomes.
    pub cast: Option<Cast>,
    /// Absent and null reject the record.
    pub required: bool,
    /// The value where the path names nothing.
    pub default: Option<Value>,
    /// Where this holds `null`, the field is absent whatever its own path says: a system that does not track a quantity
    /// may still send a number for it.
    pub absent_when_null: Option<Field>,
    /// What stands in the record, where a cast or a table has to be undone.
    pub raw: Option<Raw>,
}

impl Pick {
    /// The value at a path, as it is.
    #[must_use]
    pub fn of(path: Field) -> Self {
        Self { path, table: Vec::new(), on_miss: OnMiss::Error, cast: None, required: false, default: None, absent_when_null: None, raw: None }
    }
}

/// Where a field comes from.
#[derive(Debug)]
pub enum Source {
    /// From a path.
    Pick(Pick),
    /// Always this.
    Const(Value),
    /// What an expression makes of the record; absent when it does.
    Value(Template),
    /// An array: one object per element of the path; absent when the array is.
    Each {
        /// The elements.
        path: Path,
        /// The fields of each, relative to the element. A dotted name nests.
        fields: Vec<(String, Source)>,
    },
}

/// What the fields of one record are made with.
pub(crate) struct Scene<'s, 'a> {
    pub(super) arena: &'a Arena,
    record: Item<'a>,
    run: &'s Run<'s>,
    pub(super) fuel: Fuel,
}

impl<'s, 'a> Scene<'s, 'a> {
    pub(crate) fn new(arena: &'a Arena, record: Item<'a>, run: &'s Run<'s>) -> Self {
        Self { arena, record, run, fuel: crate::runner::fuel(record) }
    }
}

/// The names expressions of a field see.
struct Seen<'a> {
    record: Item<'a>,
    item: Option<Item<'a>>,
}

impl<'a> Names<'a> for Seen<'a> {
    fn path(&self, root: &str, steps: &[Box<str>]) -> Result<Option<Item<'a>>, Lack> {
        let item = if root == "item" { self.item } else { Some(self.record).filter(|_| root == "record") };
        Ok(item.and_then(|item| expr::descend(item, steps)))
    }
}

/// The members of an object while it is made.
pub(super) type Members<'a> = List<'a, (&'a str, Item<'a>)>;

/// The object the fields make of a record, or of an element of it. The place of a field is told only where it is asked for.
pub(crate) fn assemble<'a>(fields: &'a [(String, Source)], item: Item<'a>, element: Option<Item<'a>>, scene: &Scene<'_, 'a>, pointer: &dyn Fn() -> String) -> Result<Item<'a>, Error> {
    let mut out = List::with_capacity_in(fields.len(), scene.arena.bump());
    for (name, source) in fields {
        let place = || format!("{}/{}", pointer(), name.replace('.', "/"));
        if let Some(value) = source.value(item, element, scene, &place)? {
            put(&mut out, name, value, scene.arena);
        }
    }
    Ok(Item::Map(out.into_bump_slice()))
}

impl Source {
    fn value<'a>(&'a self, item: Item<'a>, element: Option<Item<'a>>, scene: &Scene<'_, 'a>, pointer: &dyn Fn() -> String) -> Result<Option<Item<'a>>, Error> {
        match self {
            Source::Const(value) => Ok(Some(Item::Tree(value))),
            Source::Pick(pick) => pick.value(item, scene.arena, pointer),
            Source::Each { path, fields } => elements::each(path, fields, item, scene, pointer),
            Source::Value(template) => {
                let place = pointer();
                let cx = expr::Cx::new(scene.arena, &scene.fuel, scene.run.now).at(scene.run.id, &place);
                let made = template.render(&Seen { record: scene.record, item: element }, &cx);
                made.map_err(|failure| Error::Expression { pointer: pointer(), code: failure.code, message: failure.to_string() })
            }
        }
    }
}

impl Pick {
    fn value<'a>(&'a self, record: Item<'a>, arena: &'a Arena, pointer: &dyn Fn() -> String) -> Result<Option<Item<'a>>, Error> {
        let lacking = || if self.required { Err(Error::WithoutPath { pointer: pointer(), path: self.path.to_string() }) } else { Ok(None) };
        if self.absent_when_null.as_ref().and_then(|path| path.of(record)).is_some_and(Item::is_null) {
            return lacking();
        }
        let Some(item) = self.path.of(record).filter(|item| !(self.required && item.is_null())).or(self.default.as_ref().map(Item::Tree)) else { return lacking() };
        let Some(item) = self.looked_up(item, pointer)? else { return Ok(None) };
        self.shaped(item, arena, pointer).map(Some)
    }

    pub(super) fn looked_up<'a>(&'a self, item: Item<'a>, pointer: &dyn Fn() -> String) -> Result<Option<Item<'a>>, Error> {
        self.translated(item).map_err(|()| Error::Miss { pointer: pointer(), path: self.path.to_string() })
    }

    pub(super) fn shaped<'a>(&'a self, item: Item<'a>, arena: &'a Arena, pointer: &dyn Fn() -> String) -> Result<Item<'a>, Error> {
        let Some(cast) = &self.cast else { return Ok(item) };
        cast.apply(item, arena).ok_or_else(|| Error::Cast { pointer: pointer(), path: self.path.to_string(), kind: item.sort().word(), cast: cast.to.word() })
    }

    fn translated<'a>(&'a self, item: Item<'a>) -> Result<Option<Item<'a>>, ()> {
        if self.table.is_empty() || item.is_null() {
            return Ok(Some(item));
        }
        let text = item.plain();
        match (self.table.iter().find(|(from, _)| Some(from.as_str()) == text.as_deref()), self.on_miss) {
            (Some((_, to)), _) => Ok(Some(Item::Tree(to))),
            (None, OnMiss::Error) => Err(()),
            (None, OnMiss::Absent) => Ok(None),
            (None, OnMiss::Keep) => Ok(Some(item)),
        }
    }
}

/// Puts a value at a dotted name; objects appear on the way, and what is no object is left alone.
fn put<'a>(out: &mut Members<'a>, name: &'a str, value: Item<'a>, arena: &'a Arena) {
    let Some((head, rest)) = name.split_once('.') else { return set(out, name, value) };
    let mut inner = List::new_in(arena.bump());
    match out.iter().find(|(known, _)| *known == head) {
        Some((_, item)) if item.sort() != Sort::Object => return,
        Some((_, item)) => inner.extend(item.entries().map(|(key, item)| (arena.keep(key), item))),
        None => {}
    }
    put(&mut inner, rest, value, arena);
    set(out, head, Item::Map(inner.into_bump_slice()));
}

/// Sets a member, in place or behind the others.
pub(super) fn set<'a>(out: &mut Members<'a>, name: &'a str, value: Item<'a>) {
    match out.iter_mut().find(|(known, _)| *known == name) {
        Some((_, old)) => *old = value,
        None => out.push((name, value)),
    }
}
