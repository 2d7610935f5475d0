//! From one canonical value back to what the record held: a table read backwards, a cast undone.

use document::{Arena, Item, Value};

use super::{Irreversible, OnMiss, Pick, Raw};
use crate::{Cast, To, cast::shifted};

/// How a value is written back.
#[derive(Debug)]
pub(super) enum Undo {
    /// As it is.
    Same,
    /// By a table: the canonical value and the raw one.
    Table(Vec<(Value, Value)>),
    /// By undoing a cast.
    Cast(Cast, Raw),
}

/// How the value of a picked field is written back, or why it cannot be.
pub(super) fn of(pick: &Pick) -> Result<Undo, Irreversible> {
    if pick.default.is_some() {
        return Err(Irreversible::Default);
    }
    if pick.absent_when_null.is_some() {
        return Err(Irreversible::AbsentWhenNull);
    }
    match (&pick.cast, pick.table.is_empty()) {
        (_, false) => table(pick),
        (Some(cast), true) => uncast(cast, pick.raw),
        (None, true) => Ok(Undo::Same),
    }
}

fn table(pick: &Pick) -> Result<Undo, Irreversible> {
    if pick.on_miss != OnMiss::Error {
        return Err(Irreversible::TableMiss);
    }
    let plain_word = |key: &str| document::Number::from_text(key).is_none() && !matches!(key, "true" | "false");
    let raw = match pick.raw {
        Some(raw) => raw,
        None if pick.table.iter().all(|(key, _)| plain_word(key)) => Raw::String,
        None => return Err(Irreversible::RawUnsaid),
    };
    let arena = Arena::new();
    let mut rows: Vec<(Value, Value)> = Vec::new();
    for (key, value) in &pick.table {
        let made = match &pick.cast {
            Some(cast) => cast.apply(Item::Tree(value), &arena).map(Item::to_value),
            None => Some(value.clone()),
        };
        // A row no record of this form can use says nothing.
        let (Some(made), Some(key)) = (made, raw.of(key.clone())) else { continue };
        if made == Value::Null || rows.iter().any(|(known, _)| Item::Tree(known) == Item::Tree(&made)) {
            return Err(Irreversible::Table);
        }
        rows.push((made, key));
    }
    Ok(Undo::Table(rows))
}

fn uncast(cast: &Cast, raw: Option<Raw>) -> Result<Undo, Irreversible> {
    if cast.is_lossy() {
        return Err(Irreversible::Lossy);
    }
    if cast.formats.len() > 1 {
        return Err(Irreversible::Forms);
    }
    let raw = match (cast.to, raw) {
        (To::Datetime, None) if cast.formats.len() == 1 => Raw::String,
        (_, raw) => raw.ok_or(Irreversible::RawUnsaid)?,
    };
    match (cast.to, raw) {
        // How many digits a text had behind its point does not survive it being moved.
        (To::Integer | To::Decimal, Raw::String) if cast.scale != 0 => Err(Irreversible::Forms),
        // Words and numbers for true and false are many; seconds and milliseconds look alike.
        (To::Boolean, Raw::String | Raw::Number) => Err(Irreversible::Forms),
        (To::Datetime, Raw::Number) if cast.formats.is_empty() => Err(Irreversible::Forms),
        (To::Integer | To::Decimal | To::Datetime | To::Json, Raw::Boolean) | (To::Json, Raw::Number) => Err(Irreversible::Forms),
        _ => Ok(Undo::Cast(cast.clone(), raw)),
    }
}

impl Undo {
    /// What the record held; nothing where no record holds what becomes this.
    pub(super) fn value(&self, made: &Value) -> Option<Value> {
        if *made == Value::Null {
            return Some(Value::Null);
        }
        match self {
            Undo::Same => Some(made.clone()),
            Undo::Table(rows) => rows.iter().find(|(known, _)| Item::Tree(known) == Item::Tree(made)).map(|(_, raw)| raw.clone()),
            Undo::Cast(cast, raw) => raw.of(text(cast, made)?),
        }
    }
}

/// The text a value had before a cast.
fn text(cast: &Cast, made: &Value) -> Option<String> {
    match cast.to {
        To::Integer | To::Decimal if cast.scale != 0 => shifted(&made.plain()?, -cast.scale),
        To::Datetime => match &*cast.formats {
            [format] => format.write(expr::instant(made.as_str()?)?, &cast.zone),
            _ => made.plain(),
        },
        To::Json => Some(made.to_string()),
        _ => made.plain(),
    }
}
