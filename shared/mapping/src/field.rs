//! One canonical field: where its value comes from and what is done to it on the way.

use document::{Path, Sort, Value};

use crate::{Cast, Error};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// Where it stands; singular.
    pub path: Path,
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
    pub absent_when_null: Option<Path>,
}

impl Pick {
    /// The value at a path, as it is.
    #[must_use]
    pub fn of(path: Path) -> Self {
        Self { path, table: Vec::new(), on_miss: OnMiss::Error, cast: None, required: false, default: None, absent_when_null: None }
    }
}

/// Where a field comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// From a path.
    Pick(Pick),
    /// Always this.
    Const(Value),
    /// An array: one object per element of the path; absent when the array is.
    Each {
        /// The elements.
        path: Path,
        /// The fields of each, relative to the element. A dotted name nests.
        fields: Vec<(String, Field)>,
    },
}

/// The object the fields make of a record.
pub(crate) fn assemble(fields: &[(String, Field)], record: &Value, pointer: &str) -> Result<Value, Error> {
    let mut out = Value::Object(Vec::new());
    for (name, field) in fields {
        let place = format!("{pointer}/{}", name.replace('.', "/"));
        if let Some(value) = field.value(record, &place)? {
            put(&mut out, name, value);
        }
    }
    Ok(out)
}

impl Field {
    fn value(&self, record: &Value, pointer: &str) -> Result<Option<Value>, Error> {
        match self {
            Field::Const(value) => Ok(Some(value.clone())),
            Field::Pick(pick) => pick.value(record, pointer),
            Field::Each { path, fields } => each(path, fields, record, pointer),
        }
    }
}

impl Pick {
    fn value(&self, record: &Value, pointer: &str) -> Result<Option<Value>, Error> {
        let (pointer, path) = (pointer.to_owned(), self.path.text().to_owned());
        if self.absent_when_null.as_ref().and_then(|path| record.at(path)) == Some(&Value::Null) {
            return if self.required { Err(Error::WithoutPath { pointer, path }) } else { Ok(None) };
        }
        let Some(value) = record.at(&self.path).filter(|value| !(self.required && **value == Value::Null)).or(self.default.as_ref()) else {
            return if self.required { Err(Error::WithoutPath { pointer, path }) } else { Ok(None) };
        };
        let Some(value) = self.translated(value).map_err(|()| Error::Miss { pointer: pointer.clone(), path: path.clone() })? else { return Ok(None) };
        let Some(cast) = self.cast else { return Ok(Some(value.clone())) };
        let kind = value.kind();
        cast.apply(value).map(Some).ok_or(Error::Cast { pointer, path, kind, cast: cast.word() })
    }

    fn translated<'v>(&'v self, value: &'v Value) -> Result<Option<&'v Value>, ()> {
        if self.table.is_empty() || *value == Value::Null {
            return Ok(Some(value));
        }
        let text = value.plain();
        match (self.table.iter().find(|(from, _)| Some(from) == text.as_ref()), self.on_miss) {
            (Some((_, to)), _) => Ok(Some(to)),
            (None, OnMiss::Error) => Err(()),
            (None, OnMiss::Absent) => Ok(None),
            (None, OnMiss::Keep) => Ok(Some(value)),
        }
    }
}

fn each(path: &Path, fields: &[(String, Field)], record: &Value, pointer: &str) -> Result<Option<Value>, Error> {
    let found = path.all(record)?;
    let items = match found.as_slice() {
        [Value::Array(items)] if path.is_singular() => items.iter().collect(),
        // An empty list is an empty list, a missing one is absent.
        [] if path.stem(record.into()).is_none_or(|list| list.sort() != Sort::Array) => return Ok(None),
        _ => found,
    };
    let items = items.into_iter().enumerate().map(|(index, item)| assemble(fields, item, &format!("{pointer}/{index}")));
    Ok(Some(Value::Array(items.collect::<Result<_, _>>()?)))
}

fn put(out: &mut Value, name: &str, value: Value) {
    let Some((head, rest)) = name.split_once('.') else { return out.set(name, value) };
    let mut inner = out.get(head).cloned().unwrap_or(Value::Object(Vec::new()));
    put(&mut inner, rest, value);
    out.set(head, inner);
}
