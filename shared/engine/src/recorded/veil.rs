//! Replaces the secrets of a run by what is made up for them, in every form they may stand in a recording.

use connector::Connector;
use document::Value;

use crate::{Config, Secret, dynamic::derived, encoded, secret::{FORMS, SHORTEST}};

/// What is shorter has a base64 that may stand in what is no secret.
const SHORTEST_BASE64: usize = 6;

/// Secrets and what stands for them.
pub(super) struct Veil(Vec<(String, String)>);

impl Veil {
    /// A veil over the secrets of a connection, and those the other system gave.
    pub(super) fn new(connector: &Connector, config: &Config, tokens: &[(String, Secret)]) -> Self {
        let own = |entry: &&connector::ConfigEntry| entry.derive.is_none() && config.get(&entry.name).is_some();
        let secrets = connector.config().iter().filter(own).filter(|entry| entry.secret).filter_map(|entry| Some((config.get(&entry.name)?.expose().to_owned(), super::made_up(entry))));
        // What is made of secrets is, when the test is played, made of what stands for them.
        let shown = Config::new(connector.config().iter().filter(own).filter_map(|entry| {
            let value = if entry.secret { super::made_up(entry) } else { config.get(&entry.name)?.expose().to_owned() };
            Some((entry.name.clone(), Secret::new(value)))
        }));
        let (made, shown) = (derived(connector.config(), config).ok(), derived(connector.config(), &shown).ok());
        let made = connector.config().iter().filter(|entry| entry.secret && entry.derive.is_some()).filter_map(|entry| {
            let value = made.as_ref()?.get(&entry.name)?.expose().to_owned();
            Some((value, shown.as_ref().and_then(|shown| shown.get(&entry.name)).map_or_else(|| super::made_up(entry), |shown| shown.expose().to_owned())))
        }).collect::<Vec<_>>();
        let secrets = secrets.chain(made);
        let tokens = tokens.iter().map(|(name, token)| (token.expose().to_owned(), format!("made-up-{name}")));
        let mut pairs: Vec<_> = secrets.chain(tokens).filter(|(secret, _)| secret.len() >= SHORTEST).collect();
        // The longest first: one may be part of another.
        pairs.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
        Self(pairs)
    }

    /// The text without secrets, in any form they may stand in it.
    pub(super) fn over(&self, text: &str) -> String {
        let text = self.plain(text);
        encoded::within(&text, &|text| Some(self.plain(text)).filter(|new| new != text))
    }

    fn plain(&self, text: &str) -> String {
        let quoted = |text: &str| {
            let written = Value::String(text.to_owned()).to_string();
            written.get(1..written.len() - 1).unwrap_or_default().to_owned()
        };
        self.0.iter().fold(text.to_owned(), |text, (secret, shown)| {
            let mut forms: Vec<(String, String)> = Vec::new();
            let encoded = FORMS.iter().filter(|(name, _)| !name.starts_with("base64") || secret.len() >= SHORTEST_BASE64).map(|(_, form)| (form(secret), form(shown)));
            for (form, shown) in encoded.chain([(quoted(secret), quoted(shown))]) {
                // A form that is no other one is replaced once: what stands for it may hold it.
                if !forms.iter().any(|(known, _)| *known == form) {
                    forms.push((form, shown));
                }
            }
            forms.iter().fold(text, |text, (form, shown)| text.replace(form, shown))
        })
    }
}
