//! Secrets and the configuration that holds them.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

/// A value nobody may print: no `Debug`, no `Display`, no `Serialize`; wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a value in.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value, for the request being built or the signature being checked.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A hydrated connection configuration: names to values, all of them treated as secrets.
#[derive(Clone, Default)]
pub struct Config(BTreeMap<String, Secret>);

impl Config {
    /// A configuration of the given values.
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = (String, Secret)>) -> Self {
        Self(values.into_iter().collect())
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.0.get(name)
    }

    /// The configuration without the values of some names.
    pub(crate) fn without(&self, of: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, _)| !of(name)).map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The configuration with one more value.
    pub(crate) fn with(mut self, name: &str, value: Secret) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// The values of some names as one text, to be hashed and never shown.
    pub(crate) fn identity(&self, of: impl Fn(&str) -> bool) -> Zeroizing<String> {
        let parts = self.0.iter().filter(|(name, _)| of(name)).map(|(name, value)| format!("{}:{name}={}:{}\n", name.len(), value.expose().len(), value.expose()));
        Zeroizing::new(parts.collect())
    }

    /// The text with every value of this configuration masked, also base64-, hex- and percent-encoded: for excerpts of foreign answers.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        mask(text, self.0.values())
    }
}

fn mask<'s>(text: &str, secrets: impl Iterator<Item = &'s Secret>) -> String {
    use base64::{Engine as _, engine::general_purpose};
    let mut text = text.to_owned();
    for secret in secrets.map(Secret::expose).filter(|value| value.len() >= 4) {
        let percent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        for form in [
            secret.to_owned(),
            general_purpose::STANDARD.encode(secret),
            general_purpose::STANDARD_NO_PAD.encode(secret),
            general_purpose::URL_SAFE_NO_PAD.encode(secret),
            hex::encode(secret),
            percent,
        ] {
            text = text.replace(&form, "•••");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_in_every_form_it_may_come_back_in() {
        let config = Config::new([("token".into(), Secret::new("s3cr+t/key".into()))]);
        for form in ["s3cr+t/key", "czNjcit0L2tleQ==", "733363722b742f6b6579", "s3cr%2Bt%2Fkey"] {
            let masked = config.redact(&format!("bad token {form}!"));
            assert_eq!(masked, "bad token •••!");
        }
    }
}
