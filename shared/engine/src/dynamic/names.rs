//! The values templates see: the configuration of the connection, and what the place adds.

use canonical::Millis;
use connector::{ConfigEntry, ConfigKind, Scene, TimeFormat};
use document::{Arena, Fuel, Item, Number, Value};
use expr::{Lack, Names};
use jiff::{Timestamp, tz::TimeZone};

use crate::{Config, Secret, Session};

/// The values of one place. What is absent is not offered there, or has no value.
#[derive(Clone, Copy)]
pub(crate) struct Values<'v> {
    /// What is declared.
    pub(crate) declared: &'v [ConfigEntry],
    /// What the connection holds.
    pub(crate) config: &'v Config,
    /// The lists of the configuration, taken apart.
    pub(crate) lists: Option<&'v Value>,
    /// The cursor of the request.
    pub(crate) cursor: Option<&'v Value>,
    /// The page number, as text.
    pub(crate) page: Option<&'v str>,
    /// The offset, as text.
    pub(crate) offset: Option<&'v str>,
    /// Start and end of the window.
    pub(crate) window: [Option<&'v str>; 2],
    /// The variables of the pagination, an object.
    pub(crate) vars: Option<&'v Value>,
    /// The parents, an object by name.
    pub(crate) parent: Option<&'v Value>,
    /// The session.
    pub(crate) session: Option<&'v Session>,
    /// The scope of a scan.
    pub(crate) field_hint: Option<&'v str>,
    /// The canonical key.
    pub(crate) key: Option<&'v str>,
    /// The canonical fields.
    pub(crate) fields: Option<&'v Value>,
    /// What nobody mapped.
    pub(crate) extensions: Option<&'v Value>,
    /// The answer.
    pub(crate) response: Option<Item<'v>>,
    /// Its headers, an object in lower case.
    pub(crate) headers: Option<&'v Value>,
    /// Its status, as text.
    pub(crate) status: Option<&'v str>,
    /// The record.
    pub(crate) record: Option<Item<'v>>,
    /// The last record of the page.
    pub(crate) last: Option<Item<'v>>,
    /// Records on the page, as text.
    pub(crate) count: Option<&'v str>,
}

impl<'v> Values<'v> {
    /// The configuration alone.
    pub(crate) fn of(declared: &'v [ConfigEntry], config: &'v Config) -> Self {
        Self {
            declared, config, lists: None, cursor: None, page: None, offset: None, window: [None; 2], vars: None, parent: None, session: None, field_hint: None, key: None, fields: None, extensions: None,
            response: None, headers: None, status: None, record: None, last: None, count: None,
        }
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
        // The value itself is not told: whatever a connection holds may be a secret.
        let unfit = |what: &str| Lack::park("config_invalid", format!("the value of `config.{name}` is not what it has to be: {what}"));
        if entry.kind == ConfigKind::Array {
            return match self.lists.and_then(|lists| lists.get(name)) {
                Some(Value::Null) => Err(unfit("an array of texts, or texts with commas between them")),
                list => Ok(list.map(Item::Tree)),
            };
        }
        if entry.pattern.as_ref().is_some_and(|pattern| !pattern.fits(text)) {
            return Err(unfit("it does not fit its `pattern`"));
        }
        if !entry.choices.is_empty() && !entry.choices.iter().any(|choice| choice == text) {
            return Err(unfit(&format!("one of {}", entry.choices.join(", "))));
        }
        let number = |what: &str, whole: bool| Some(text.trim()).filter(|text| Number::is_number(text) && !(whole && text.contains(['.', 'e', 'E']))).map(Item::Number).ok_or_else(|| unfit(what));
        Ok(Some(match entry.kind {
            ConfigKind::Integer => number("a whole number", true)?,
            ConfigKind::Decimal => number("a number", false)?,
            ConfigKind::Boolean => match text.trim() {
                "true" => Item::Bool(true),
                "false" => Item::Bool(false),
                _ => return Err(unfit("true or false")),
            },
            ConfigKind::Url if url::Url::parse(text.trim()).ok().is_none_or(|url| !url.has_host()) => return Err(unfit("an absolute address, such as https://api.example.com")),
            ConfigKind::Date if text.trim().len() != 10 || expr::instant(text.trim()).is_none() => return Err(unfit("a date, such as 2026-01-31")),
            // Without an offset it is told in the zone of whoever reads it.
            ConfigKind::Datetime if TimeFormat::Iso8601.read(text, &TimeZone::UTC).is_none() || text.trim().len() < 10 => return Err(unfit("an instant, such as 2026-01-31T12:00:00Z")),
            ConfigKind::String | ConfigKind::Url | ConfigKind::Date | ConfigKind::Datetime | ConfigKind::Array => Item::Text(text),
        }))
    }
}

/// The arrays of a configuration: JSON, or parts with commas between them; null where it is neither.
pub(crate) fn lists(declared: &[ConfigEntry], config: &Config) -> Option<Value> {
    let arrays = declared.iter().filter(|entry| entry.kind == ConfigKind::Array);
    let lists: Vec<_> = arrays.filter_map(|entry| {
        let text = config.get(&entry.name).map(Secret::expose).filter(|text| !text.is_empty()).or(entry.default.as_deref())?;
        let parts = || Value::Array(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Value::from).collect());
        let list = match document::parse_str(text) {
            Ok(list @ Value::Array(_)) if list.items().is_some_and(|items| items.iter().all(|item| item.plain().is_some())) => list,
            Ok(Value::Array(_) | Value::Object(_)) => Value::Null,
            // What begins as an array and is none was cut off, or written without quotes.
            Err(_) if text.trim_start().starts_with(['[', '{']) => Value::Null,
            _ => parts(),
        };
        Some((entry.name.clone(), list))
    }).collect();
    (!lists.is_empty()).then_some(Value::Object(lists))
}

impl<'a, 'v: 'a> Names<'a> for Values<'v> {
    fn path(&self, root: &str, steps: &[Box<str>]) -> Result<Option<Item<'a>>, Lack> {
        let within = |value: Option<Item<'v>>| value.and_then(|value| expr::descend(value, steps));
        let tree = |value: Option<&'v Value>| within(value.map(Item::Tree));
        Ok(match root {
            "config" => match steps.split_first() {
                Some((name, below)) => self.setting(name)?.and_then(|item| expr::descend(item, below)),
                None => None,
            },
            "cursor" => self.cursor.map(Item::Tree),
            "page" => self.page.map(Item::Number),
            "offset" => self.offset.map(Item::Number),
            "window" => match steps {
                [end] if &**end == "start" => self.window[0].map(Item::Text),
                [end] if &**end == "end" => self.window[1].map(Item::Text),
                _ => None,
            },
            "vars" => tree(self.vars),
            "parent" => tree(self.parent),
            "token" if steps.is_empty() => self.session.map(|session| Item::Text(session.token.expose())),
            "token" => tree(self.session.map(|session| &session.captured)),
            "field_hint" => self.field_hint.map(Item::Text),
            "key" => self.key.map(Item::Text),
            "fields" => tree(self.fields),
            "extensions" => tree(self.extensions),
            "response" => within(self.response),
            "headers" => tree(self.headers),
            "status" => self.status.map(Item::Number),
            "record" => within(self.record),
            "last" => within(self.last),
            "count" => self.count.map(Item::Number),
            _ => None,
        })
    }
}

/// The instant of a time; one that no calendar has is 1970.
pub(crate) fn instant(ms: Millis) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
