//! A value while an expression is evaluated: an item, a number just calculated, or absent.
//!
//! [`View`] says what a value is, once, for whoever has to decide by it.

use std::fmt::Write as _;

use document::{Item, Sort};

use crate::{failure::Stop, names::Cx, number::Num};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Val<'a> {
    Absent,
    Num(Num),
    Item(Item<'a>),
}

/// What a value is. Numbers that were not calculated keep their text.
#[derive(Debug, Clone, Copy)]
pub(crate) enum View<'a> {
    Absent,
    Null,
    Bool(bool),
    Num(Num),
    Digits(&'a str),
    Text(&'a str),
    List(Item<'a>),
    Object(Item<'a>),
}

impl<'a> Val<'a> {
    pub(crate) const NULL: Self = Val::Item(Item::Null);

    pub(crate) fn of(item: Option<Item<'a>>) -> Self {
        item.map_or(Val::Absent, Val::Item)
    }

    pub(crate) fn bool(value: bool) -> Self {
        Val::Item(Item::Bool(value))
    }

    pub(crate) fn int(value: impl Into<i128>) -> Self {
        Val::Num(Num::Int(value.into()))
    }

    /// A text made on the way; it is paid for.
    pub(crate) fn made(text: &str, cx: &Cx<'a, '_>) -> Result<Self, Stop> {
        cx.make(text.len())?;
        Ok(Val::Item(Item::Text(cx.arena.text(text))))
    }

    pub(crate) fn view(self, cx: &Cx<'a, '_>) -> Result<View<'a>, Stop> {
        Ok(match self {
            Val::Absent => View::Absent,
            Val::Num(number) => View::Num(number),
            Val::Item(Item::Text(text)) => View::Text(text),
            Val::Item(Item::Number(digits)) => View::Digits(digits),
            Val::Item(Item::Bool(value)) => View::Bool(value),
            Val::Item(item) => match item.sort() {
                Sort::Null => View::Null,
                Sort::Bool => View::Bool(item.bool().unwrap_or_default()),
                Sort::Number => View::Digits(item.number().unwrap_or_default()),
                Sort::Array => View::List(item),
                Sort::Object => View::Object(item),
                Sort::Text => {
                    let text = item.text().unwrap_or_default();
                    cx.read(text.len())?;
                    View::Text(cx.arena.keep(text))
                }
            },
        })
    }

    /// The value as it is handed out; a number is written.
    pub(crate) fn item(self, cx: &Cx<'a, '_>) -> Option<Item<'a>> {
        match self {
            Val::Absent => None,
            Val::Item(item) => Some(item),
            Val::Num(number) => Some(Item::Number(cx.arena.text(Digits::of(number).as_str()))),
        }
    }

    /// What it is, in a word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Val::Absent => "absent",
            Val::Num(_) => "a number",
            Val::Item(item) => match item.sort() {
                Sort::Null => "null",
                Sort::Bool => "a boolean",
                Sort::Number => "a number",
                Sort::Text => "a text",
                Sort::Array => "a list",
                Sort::Object => "an object",
            },
        }
    }

    pub(crate) fn is_absent(self) -> bool {
        matches!(self, Val::Absent)
    }

    pub(crate) fn is_null(self) -> bool {
        matches!(self, Val::Item(item) if item.is_null())
    }

    /// Absent or null.
    pub(crate) fn is_nothing(self) -> bool {
        self.is_absent() || self.is_null()
    }

    /// The number, if this is one that can be calculated with.
    pub(crate) fn number(self, cx: &Cx<'a, '_>) -> Result<Num, Stop> {
        match self.view(cx)? {
            View::Num(number) => Ok(number),
            View::Digits(digits) => calculable(digits),
            _ => Err(Stop::sort(format!("a number is needed, not {}", self.word()))),
        }
    }

    /// A scalar as plain text; `None` of what has none.
    pub(crate) fn plain(self, cx: &Cx<'a, '_>) -> Result<Option<&'a str>, Stop> {
        Ok(match self.view(cx)? {
            View::Bool(value) => Some(if value { "true" } else { "false" }),
            View::Digits(digits) => Some(plain_digits(digits, cx)?),
            View::Num(number) => Some(cx.arena.text(Digits::of(number).as_str())),
            View::Text(text) => Some(text),
            View::Absent | View::Null | View::List(_) | View::Object(_) => None,
        })
    }
}

/// The value of a number's text.
pub(crate) fn calculable(digits: &str) -> Result<Num, Stop> {
    Num::of(digits).ok_or_else(|| Stop::number(format!("the number has more than {} digits or is out of range", crate::number::MOST_DIGITS)))
}

/// A number without an exponent, where that is not absurdly long.
fn plain_digits<'a>(digits: &'a str, cx: &Cx<'a, '_>) -> Result<&'a str, Stop> {
    if !digits.bytes().any(|byte| matches!(byte, b'e' | b'E')) {
        return Ok(digits);
    }
    Ok(cx.arena.text(Digits::of(calculable(digits)?).as_str()))
}

/// A number written on the stack.
pub(crate) struct Digits {
    bytes: [u8; 48],
    length: usize,
}

impl Digits {
    pub(crate) fn of(number: Num) -> Self {
        let mut digits = Self { bytes: [0; 48], length: 0 };
        // Invariant: a sign, 39 digits, a point and a leading zero fit into 48 bytes.
        let _ = write!(digits, "{number}");
        digits
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl std::fmt::Write for Digits {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}
