//! Values of the configuration that are made of others: made before each call, of what the connection holds.

use std::borrow::Cow;

use connector::{ConfigEntry, Derive};
use document::{Arena, Fuel, Item, Sort};
use fault::Simple;

use super::{Dynamic, names::{self, Values}};
use crate::{Call, Config, Secret};

/// Bytes of a value that is made.
const MOST: usize = 8 * 1024;

impl Dynamic {
    /// What a connection holds, with what is made of it.
    pub(crate) fn configured<'c>(&self, call: Call<'c>) -> Result<Cow<'c, Config>, Simple> {
        derived(self.connector.config(), call.config)
    }
}

/// A configuration with the values that are made of others, whatever it held under their names.
pub(crate) fn derived<'c>(declared: &[ConfigEntry], config: &'c Config) -> Result<Cow<'c, Config>, Simple> {
    let mut left: Vec<(&ConfigEntry, &Derive)> = declared.iter().filter_map(|entry| Some((entry, entry.derive.as_ref()?))).collect();
    if left.is_empty() {
        return Ok(Cow::Borrowed(config));
    }
    let mut config = config.without(|name| left.iter().any(|(entry, _)| entry.name == name));
    // What is made of nothing that is still to be made comes first; the checker lets no circle pass.
    while let Some(at) = left.iter().position(|(_, derive)| !derive.names().any(|name| left.iter().any(|(other, _)| other.name == name))) {
        let (entry, derive) = left.remove(at);
        if let Some(value) = made(declared, &config, entry, derive)? {
            config = config.with(&entry.name, Secret::new(value));
        }
    }
    Ok(Cow::Owned(config))
}

/// One value as text; none where something of it is absent.
fn made(declared: &[ConfigEntry], config: &Config, entry: &ConfigEntry, derive: &Derive) -> Result<Option<String>, Simple> {
    let lists = names::lists(declared, config);
    let values = Values { lists: lists.as_ref(), ..Values::of(declared, config) };
    let (arena, fuel) = (Arena::new(), Fuel::default());
    let unfit = |what: &str| Simple::reject("request_invalid", format!("what `config.{}` is made of gives {what}", entry.name));
    // No expression that is let through asks for the time.
    let found = values.scene(&arena, &fuel, 0).value(derive.template()).map_err(|error| {
        let fault = Simple::from_fault(&error);
        Simple { message: format!("`config.{}`: {}", entry.name, config.redact(&fault.message)), ..fault }
    })?;
    let text = match found {
        None | Some(Item::Null) => return Ok(None),
        Some(item) if item.sort() == Sort::Array => item.to_value().to_string(),
        Some(item) => item.plain().ok_or_else(|| unfit("an object, and no text"))?.into_owned(),
    };
    if text.len() > MOST { Err(unfit(&format!("more than {MOST} bytes"))) } else { Ok(Some(text)) }
}
