//! The values templates see: the configuration of the connection, and what the place adds.

use canonical::Millis;
use connector::{ConfigEntry, ConfigKind, Scene};
use document::{Arena, Fuel, Item, Number, Value};
use expr::{Lack, Names};
use jiff::Timestamp;

use crate::{Config, Secret};

/// The values of one place.
#[derive(Clone, Copy)]
pub(crate) struct Values<'v> {
    /// What is declared.
    pub(crate) declared: &'v [ConfigEntry],
    /// What the connection holds.
    pub(crate) config: &'v Config,
    /// The cursor of the request, or nothing.
    pub(crate) cursor: Option<&'v Value>,
    /// The page number, as text.
    pub(crate) page: Option<&'v str>,
    /// The canonical key.
    pub(crate) key: Option<&'v str>,
    /// The canonical fields.
    pub(crate) fields: Option<&'v Value>,
    /// What nobody mapped.
    pub(crate) extensions: Option<&'v Value>,
}

impl<'v> Values<'v> {
    /// The configuration alone.
    pub(crate) fn of(declared: &'v [ConfigEntry], config: &'v Config) -> Self {
        Self { declared, config, cursor: None, page: None, key: None, fields: None, extensions: None }
    }

    /// What templates are rendered with at a time.
    pub(crate) fn scene<'s, 'a>(&'s self, arena: &'a Arena, fuel: &'s Fuel, now_ms: Millis) -> Scene<'s, 'a>
    where
        'v: 'a,
    {
        Scene { names: self, cx: expr::Cx::new(arena, fuel, instant(now_ms)) }
    }

    fn setting(&self, name: &str) -> Result<Option<Item<'v>>, Lack> {
        let Some(entry) = self.declared.iter().find(|entry| entry.name == name) else { return Ok(None) };
        let given = self.config.get(&entry.name).map(Secret::expose).filter(|text| !text.is_empty());
        let Some(text) = given.or(entry.default.as_deref()) else {
            let lack = || Lack::park("config_missing", format!("the connection has no value for `{name}`"));
            return if entry.optional { Ok(None) } else { Err(lack()) };
        };
        let unfit = || Lack::reject("request_invalid", format!("the value of `config.{name}` cannot stand there"));
        if entry.pattern.as_ref().is_some_and(|pattern| !pattern.fits(text)) {
            return Err(unfit());
        }
        Ok(Some(match entry.kind {
            ConfigKind::Integer | ConfigKind::Decimal => Item::Number(Some(text.trim()).filter(|text| Number::is_number(text)).ok_or_else(unfit)?),
            ConfigKind::Boolean => Item::Bool(text.trim() == "true"),
            ConfigKind::String | ConfigKind::Url => Item::Text(text),
        }))
    }
}

impl<'a, 'v: 'a> Names<'a> for Values<'v> {
    fn path(&self, root: &str, steps: &[Box<str>]) -> Result<Option<Item<'a>>, Lack> {
        let within = |value: Option<&'v Value>| value.and_then(|value| expr::descend(Item::Tree(value), steps));
        Ok(match root {
            "config" => match steps.split_first() {
                Some((name, below)) => self.setting(name)?.and_then(|item| expr::descend(item, below)),
                None => None,
            },
            "cursor" => self.cursor.map(Item::Tree),
            "page" => self.page.map(Item::Number),
            "key" => self.key.map(Item::Text),
            "fields" => within(self.fields),
            "extensions" => within(self.extensions),
            _ => None,
        })
    }
}

/// The instant of a time; one that no calendar has is 1970.
pub(crate) fn instant(ms: Millis) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
