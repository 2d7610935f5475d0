//! Replaces the secrets of a run by what is made up for them, however they are written in a recording.

use connector::Connector;
use document::{Limits, Value};
use encoding_rs::Encoding;

use crate::{Config, Secret, dynamic::derived, encoded, secret::{FORMS, SHORTEST}, sought::{SHORTEST_BASE64, Sought}};

/// Secrets and what stands for them.
pub(super) struct Veil {
    /// Every form of a secret, and that of what stands for it.
    forms: Vec<(String, String)>,
    sought: Sought,
    /// What stands for each secret that is sought.
    shown: Vec<String>,
    /// The names of secrets that are too short to be looked for.
    short: Vec<String>,
    /// Whether every secret looks the same in all character sets that hold ASCII.
    ascii: bool,
    /// The character sets that the definition names.
    sets: Vec<&'static Encoding>,
}

impl Veil {
    /// A veil over the secrets of a connection, and those the other system gave.
    pub(super) fn new(connector: &Connector, config: &Config, tokens: &[(String, Secret)]) -> Self {
        let own = |entry: &&connector::ConfigEntry| entry.derive.is_none() && config.get(&entry.name).is_some();
        let secrets = connector.config().iter().filter(own).filter(|entry| entry.secret).filter_map(|entry| Some((entry.name.clone(), config.get(&entry.name)?.expose().to_owned(), super::made_up(entry))));
        // What is made of secrets is, when the test is played, made of what stands for them.
        let shown = Config::new(connector.config().iter().filter(own).filter_map(|entry| {
            let value = if entry.secret { super::made_up(entry) } else { config.get(&entry.name)?.expose().to_owned() };
            Some((entry.name.clone(), Secret::new(value)))
        }));
        let (made, shown) = (derived(connector.config(), config).ok(), derived(connector.config(), &shown).ok());
        let made = connector.config().iter().filter(|entry| entry.secret && entry.derive.is_some()).filter_map(|entry| {
            let value = made.as_ref()?.get(&entry.name)?.expose().to_owned();
            Some((entry.name.clone(), value, shown.as_ref().and_then(|shown| shown.get(&entry.name)).map_or_else(|| super::made_up(entry), |shown| shown.expose().to_owned())))
        }).collect::<Vec<_>>();
        let secrets = secrets.chain(made);
        let tokens = tokens.iter().map(|(name, token)| (name.clone(), token.expose().to_owned(), format!("made-up-{name}")));
        let (mut pairs, short): (Vec<_>, Vec<_>) = secrets.chain(tokens).filter(|(_, secret, _)| !secret.is_empty()).partition(|(_, secret, _)| secret.len() >= SHORTEST);
        // The longest first: one may be part of another.
        pairs.sort_by_key(|(_, secret, _)| std::cmp::Reverse(secret.len()));
        let mut short: Vec<String> = short.into_iter().map(|(name, ..)| name).collect();
        short.sort();
        short.dedup();
        Self {
            forms: pairs.iter().flat_map(|(_, secret, shown)| forms(secret, shown)).collect(),
            sought: Sought::new(pairs.iter().map(|(_, secret, _)| secret.as_str())),
            ascii: pairs.iter().all(|(_, secret, _)| secret.is_ascii()),
            shown: pairs.into_iter().map(|(.., shown)| shown).collect(),
            short,
            sets: sets(connector),
        }
    }

    /// The character sets that the definition names.
    pub(super) fn sets(&self) -> &[&'static Encoding] {
        &self.sets
    }

    /// The names of secrets that are too short to be looked for.
    pub(super) fn short(&self) -> &[String] {
        &self.short
    }

    /// Whether every secret looks the same in all character sets that hold ASCII.
    pub(super) fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// The text without secrets, however they are written in it.
    pub(super) fn over(&self, text: &str) -> String {
        let text = self.plainly(text);
        self.sought.over(&text, &|of| self.shown.get(of).cloned().unwrap_or_default()).unwrap_or(text)
    }

    /// The value without secrets: every text in it is looked at as it is read, not as it was written.
    pub(super) fn within(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.over(&text)),
            Value::Number(number) => {
                let new = self.over(number.text());
                if new == number.text() { Value::Number(number) } else { document::Number::from_text(&new).map_or(Value::String(new), Value::Number) }
            }
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.within(item)).collect()),
            Value::Object(members) => Value::Object(members.into_iter().map(|(name, value)| (self.over(&name), self.within(value))).collect()),
            value => value,
        }
    }

    /// JSON or another text without secrets; what stands over several values of JSON is found too.
    pub(super) fn read(&self, text: &str) -> Result<Value, String> {
        let parse = |text: &str| document::parse(text.as_bytes(), &Limits::default());
        match parse(&self.plainly(text)) {
            Ok(value) => Ok(self.within(value)),
            // A number that is a secret is none any more.
            Err(_) => parse(text).map(|value| self.within(value)).map_err(|_| self.over(text)),
        }
    }

    /// The text without secrets in the forms they are often in.
    fn plainly(&self, text: &str) -> String {
        let plain = |text: &str| self.forms.iter().fold(text.to_owned(), |text, (form, shown)| text.replace(form, shown));
        encoded::within(&plain(text), &|text| Some(plain(text)).filter(|new| new != text))
    }
}

/// The character sets that a definition reads answers in, each once.
fn sets(connector: &Connector) -> Vec<&'static Encoding> {
    let reads = connector.entities().iter().filter_map(|entity| entity.read.as_ref()).chain(connector.scans().iter().filter_map(|scan| scan.read.as_ref()));
    let mut sets: Vec<&'static Encoding> = Vec::new();
    for set in reads.filter_map(|read| read.records.decode.encoding) {
        if !sets.contains(&set) {
            sets.push(set);
        }
    }
    sets
}

/// A secret in every form, each once: what stands for it may hold another.
fn forms(secret: &str, shown: &str) -> Vec<(String, String)> {
    let quoted = |text: &str| {
        let written = Value::String(text.to_owned()).to_string();
        written.get(1..written.len() - 1).unwrap_or_default().to_owned()
    };
    let encoded = FORMS.iter().filter(|(name, _)| !name.starts_with("base64") || secret.len() >= SHORTEST_BASE64).map(|(_, form)| (form(secret), form(shown)));
    let mut forms: Vec<(String, String)> = Vec::new();
    for (form, shown) in encoded.chain([(quoted(secret), quoted(shown))]) {
        if !forms.iter().any(|(known, _)| *known == form) {
            forms.push((form, shown));
        }
    }
    forms
}
