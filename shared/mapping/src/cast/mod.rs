//! The only conversions there are. None of them invents a value: what has no value in the new form is an error.
//!
//! Shared by the operation `cast` and by the fields of a canonical map. Null stays null.

mod boolean;
mod moment;
mod number;

use std::borrow::Cow;

use document::{Arena, Item, Sort, authored::Findings, authored::Node};
use expr::Format;
use jiff::tz::TimeZone;

pub(crate) use number::{Places, shifted};

/// What a value is turned into.
#[derive(Debug, Clone, PartialEq)]
pub struct Cast {
    /// The form.
    pub to: To,
    /// The power of ten a number is multiplied by: -2 reads cents.
    pub(crate) scale: i32,
    /// Digits behind the point, and what happens to further ones.
    pub(crate) places: Option<Places>,
    /// How an instant may be written; the first that reads it counts.
    pub(crate) formats: Box<[Format]>,
    /// The zone of a text that names none.
    pub(crate) zone: TimeZone,
}

/// The forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// A whole number.
    Integer,
    /// An exact decimal number.
    Decimal,
    /// A text.
    String,
    /// True or false.
    Boolean,
    /// A date, `2026-01-31`.
    Date,
    /// An instant, RFC 3339 in UTC.
    Datetime,
    /// Whatever a text of JSON says.
    Json,
}

/// The words of the forms.
pub const TO: &[(&str, To)] = &[
    ("integer", To::Integer), ("decimal", To::Decimal), ("string", To::String), ("boolean", To::Boolean), ("date", To::Date), ("datetime", To::Datetime), ("json", To::Json),
];

/// The keys a cast has besides the word of its form.
pub const KEYS: &[&str] = &["scale", "places", "rounding", "formats", "zone"];

impl To {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        TO.iter().find_map(|(word, to)| (*to == self).then_some(*word)).unwrap_or_default()
    }
}

impl Cast {
    /// A cast with nothing said but its form.
    #[must_use]
    pub fn plain(to: To) -> Self {
        Self { to, scale: 0, places: None, formats: Box::new([]), zone: TimeZone::UTC }
    }

    /// Reads the form at `to` and the keys of `node` that shape it.
    pub fn read(cx: &mut Findings, to: &Node<'_>, node: &Node<'_>) -> Option<Self> {
        let words: Vec<&str> = TO.iter().map(|(word, _)| *word).collect();
        let word = to.word(cx, &words)?;
        Self::of(cx, TO.iter().find_map(|(known, form)| (*known == word).then_some(*form))?, node)
    }

    /// Reads the keys of `node` that shape a form.
    pub fn of(cx: &mut Findings, form: To, node: &Node<'_>) -> Option<Self> {
        for key in KEYS {
            let fits = match form {
                To::Decimal | To::Integer => matches!(*key, "scale" | "places" | "rounding"),
                To::Date | To::Datetime => matches!(*key, "formats" | "zone"),
                To::String | To::Boolean | To::Json => false,
            };
            if let Some(said) = node.get(key).filter(|_| !fits) {
                cx.error("mapping_cast_parameter", &said.at, format!("`{key}` means nothing for {}", form.word()), "remove it");
            }
        }
        let scale = node.get("scale").map_or(Some(0), |scale| {
            let power = i32::try_from(scale.integer(cx)?).ok();
            power.filter(|power| (-28..=28).contains(power)).or_else(|| scale.wrong(cx, "a power of ten between -28 and 28"))
        });
        let (formats, zone, places) = (moment::formats(cx, node), moment::zone(cx, node), number::places(cx, node, form));
        Some(Self { to: form, scale: scale?, places: places?, formats: formats?, zone: zone? })
    }

    /// The value in its new form; `None` when it has none.
    #[must_use]
    pub fn apply<'a>(&self, item: Item<'a>, arena: &'a Arena) -> Option<Item<'a>> {
        if item.is_null() {
            return Some(Item::Null);
        }
        match self.to {
            To::Integer | To::Decimal => number::cast(self, item, arena),
            To::String => match item.sort() {
                Sort::Text => Some(item),
                _ => item.plain().map(|text| Item::Text(arena.keep(text))),
            },
            To::Boolean => boolean::cast(item).map(Item::Bool),
            To::Date => moment::date(self, item).map(|text| Item::Text(arena.text(&text))),
            To::Datetime => moment::datetime(self, item).map(|text| Item::Text(arena.text(&text))),
            To::Json => json(item, arena),
        }
    }

    /// Whether what comes out may say less than what went in.
    #[must_use]
    pub fn is_lossy(&self) -> bool {
        self.places.is_some() || self.to == To::Date
    }
}

/// The value a text of JSON has; anything but a text stays what it is.
fn json<'a>(item: Item<'a>, arena: &'a Arena) -> Option<Item<'a>> {
    let Some(text) = item.text() else { return Some(item) };
    let mut parser = document::Parser::new(document::Limits::default());
    let doc = parser.parse(text.as_bytes()).ok()?;
    Some(arena.adopt(doc.root()))
}

/// A scalar's text without the space around it.
fn trimmed(item: Item<'_>) -> Option<Cow<'_, str>> {
    match item.text()? {
        Cow::Borrowed(text) => Some(Cow::Borrowed(text.trim())),
        Cow::Owned(text) => Some(Cow::Owned(text.trim().to_owned())),
    }
}
