//! The values templates see: the configuration of the connection, and what the place adds.

use connector::{ConfigEntry, ConfigKind, Name, Names, RenderError};
use document::{Number, Value};

use crate::Config;

/// The values of one place.
#[derive(Clone, Copy)]
pub(crate) struct Values<'v> {
    /// What is declared.
    pub(crate) declared: &'v [ConfigEntry],
    /// What the connection holds.
    pub(crate) config: &'v Config,
    /// The cursor of the request, or nothing.
    pub(crate) cursor: Option<&'v Value>,
    /// The page number.
    pub(crate) page: Option<i64>,
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
}

impl Names for Values<'_> {
    fn value(&self, name: &Name) -> Result<Option<Value>, RenderError> {
        let within = |value: Option<&Value>| name.rest.iter().try_fold(value?, |value, word| member(value, word)).cloned();
        match name.root.as_str() {
            "config" => setting(self.declared, self.config, name),
            "cursor" => Ok(self.cursor.cloned()),
            "page" => Ok(self.page.map(Value::from)),
            "key" => Ok(self.key.map(Value::from)),
            "fields" => Ok(within(self.fields)),
            "extensions" => Ok(within(self.extensions)),
            _ => Ok(None),
        }
    }
}

/// A member of an object, or an element of an array by its number.
fn member<'v>(value: &'v Value, word: &str) -> Option<&'v Value> {
    match value.items() {
        Some(items) => items.get(word.parse::<usize>().ok()?),
        None => value.get(word),
    }
}

fn setting(declared: &[ConfigEntry], config: &Config, name: &Name) -> Result<Option<Value>, RenderError> {
    let entry = name.rest.first().and_then(|word| declared.iter().find(|entry| entry.name == *word));
    let Some(entry) = entry else { return Ok(None) };
    let given = config.get(&entry.name).map(|secret| secret.expose().to_owned()).filter(|text| !text.is_empty());
    let Some(text) = given.or_else(|| entry.default.clone()) else {
        return if entry.optional { Ok(None) } else { Err(RenderError::ConfigMissing(entry.name.clone())) };
    };
    if entry.pattern.as_ref().is_some_and(|pattern| !pattern.fits(&text)) {
        return Err(RenderError::Unfit(name.to_string()));
    }
    Ok(Some(match entry.kind {
        ConfigKind::Integer | ConfigKind::Decimal => Value::Number(Number::from_text(text.trim()).ok_or_else(|| RenderError::Unfit(name.to_string()))?),
        ConfigKind::Boolean => Value::Bool(text.trim() == "true"),
        ConfigKind::String | ConfigKind::Url => Value::String(text),
    }))
}
