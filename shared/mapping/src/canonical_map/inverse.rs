//! A canonical map read backwards: what writes a raw record from canonical fields, and which fields it cannot write, and why.
//!
//! The destination that speaks the same map asks for it; nothing is guessed: a field whose record cannot be told is left out.

use document::{Step, Value};

use super::{Irreversible, Plan, Source, undo::{self, Undo}};
use crate::field::Field;

/// What writes records from canonical fields.
#[derive(Debug)]
pub struct Inverse {
    fields: Vec<Back>,
}

/// A map read backwards.
#[derive(Debug)]
pub struct Inversion {
    /// What can be written.
    pub inverse: Inverse,
    /// The fields that cannot, those of elements as `lines[].sku`, and why.
    pub lacking: Vec<(String, Irreversible)>,
}

/// One field on its way back.
#[derive(Debug)]
struct Back {
    /// The names that lead to it in the canonical fields.
    from: Box<[String]>,
    /// The names that lead to it in the record.
    to: Box<[String]>,
    how: How,
}

#[derive(Debug)]
enum How {
    Value(Undo),
    Each(Vec<Back>),
}

impl Plan {
    /// What writes a record from canonical fields.
    #[must_use]
    pub fn inverse(&self) -> Inversion {
        let mut lacking = Vec::new();
        let fields = back(&self.fields, "", &mut lacking);
        Inversion { inverse: Inverse { fields }, lacking }
    }
}

fn back(fields: &[(String, Source)], around: &str, lacking: &mut Vec<(String, Irreversible)>) -> Vec<Back> {
    let mut made: Vec<Back> = Vec::new();
    for (name, source) in fields {
        let path = format!("{around}{name}");
        let clash = |back: &Back, made: &[Back]| {
            let other = made.iter().find(|other| overlap(&other.to, &back.to) || overlap(&other.from, &back.from))?;
            Some(Irreversible::Overlap(format!("{around}{}", other.from.join("."))))
        };
        match one(name, source, &path, lacking) {
            Ok(back) => match clash(&back, &made) {
                None => made.push(back),
                Some(reason) => lacking.push((path, reason)),
            },
            Err(reason) => lacking.push((path, reason)),
        }
    }
    made
}

fn one(name: &str, source: &Source, path: &str, lacking: &mut Vec<(String, Irreversible)>) -> Result<Back, Irreversible> {
    let from = name.split('.').map(str::to_owned).collect();
    match source {
        Source::Const(_) => Err(Irreversible::Constant),
        Source::Value(_) => Err(Irreversible::Expression),
        Source::Pick(pick) => {
            let to = names(&pick.path).ok_or(Irreversible::Place)?;
            Ok(Back { from, to, how: How::Value(undo::of(pick)?) })
        }
        Source::Each { path: each, fields } => {
            let steps = each.plain_steps().ok_or(Irreversible::Place)?;
            let way = if let [way @ .., Step::Each] = steps { way } else { steps };
            let to: Option<Box<[String]>> = way.iter().map(|step| if let Step::Name(name) = step { Some(name.clone()) } else { None }).collect();
            let to = to.filter(|to| !to.is_empty()).ok_or(Irreversible::Place)?;
            Ok(Back { from, to, how: How::Each(back(fields, &format!("{path}[]."), lacking)) })
        }
    }
}

fn names(field: &Field) -> Option<Box<[String]>> {
    Some(field.names()?.into_iter().map(str::to_owned).collect())
}

/// Whether one leads to the other, or into it.
fn overlap(left: &[String], right: &[String]) -> bool {
    left.iter().zip(right).all(|(left, right)| left == right)
}

impl Inverse {
    /// The record that says these fields, as far as they can be written back; what is absent stays absent.
    #[must_use]
    pub fn apply(&self, fields: &Value) -> Value {
        written(&self.fields, fields)
    }

    /// The fields that are written, as `lines[].sku` where they are of elements.
    #[must_use]
    pub fn fields(&self) -> Vec<String> {
        let mut names = Vec::new();
        told(&self.fields, "", &mut names);
        names
    }
}

fn told(fields: &[Back], around: &str, names: &mut Vec<String>) {
    for back in fields {
        let name = format!("{around}{}", back.from.join("."));
        match &back.how {
            How::Value(_) => names.push(name),
            How::Each(inner) => {
                told(inner, &format!("{name}[]."), names);
                names.push(name);
            }
        }
    }
}

fn written(fields: &[Back], made: &Value) -> Value {
    let mut record = Value::Object(Vec::new());
    for back in fields {
        let Some(value) = back.from.iter().try_fold(made, |value, name| value.get(name)) else { continue };
        let raw = match &back.how {
            How::Value(undo) => undo.value(value),
            How::Each(inner) => value.items().map(|items| Value::Array(items.iter().map(|item| written(inner, item)).collect())),
        };
        if let Some(raw) = raw {
            put(&mut record, &back.to, raw);
        }
    }
    record
}

/// Puts a value at the end of some names; objects appear on the way.
fn put(out: &mut Value, names: &[String], value: Value) {
    let Some((name, rest)) = names.split_first() else {
        *out = value;
        return;
    };
    if rest.is_empty() {
        return out.set(name, value);
    }
    let mut inner = out.get(name).cloned().unwrap_or_else(|| Value::Object(Vec::new()));
    put(&mut inner, rest, value);
    out.set(name, inner);
}
