//! Secrets and the configuration that holds them.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose};
use zeroize::Zeroizing;

use crate::{encoded, sought::Sought};

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

    /// The text with every value of this configuration masked, in whatever way it is written there: for excerpts of foreign answers.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        mask(text, self.0.values())
    }
}

fn mask<'s>(text: &str, secrets: impl Iterator<Item = &'s Secret>) -> String {
    const MASK: &str = "•••";
    let secrets: Vec<&str> = secrets.map(Secret::expose).filter(|value| value.len() >= SHORTEST).collect();
    // The longest form first: one may begin another.
    let mut forms: Vec<String> = secrets.iter().flat_map(|secret| FORMS.map(|(_, form)| form(secret))).collect();
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    let masked = |text: &str| forms.iter().fold(text.to_owned(), |text, form| text.replace(form, MASK));
    let text = encoded::within(&masked(text), &|text| Some(masked(text)).filter(|new| new != text));
    Sought::new(secrets.into_iter()).over(&text, &|_| MASK.to_owned()).unwrap_or(text)
}

/// Shorter ones stand in anything, and are not looked for.
pub(crate) const SHORTEST: usize = 4;

/// Shorter ones may stand by chance in other letters than their own, and longer ones are as good in those.
pub(crate) const SHORTEST_CASED: usize = 8;

/// Whether a secret is looked for in large and small letters alike.
pub(crate) fn is_cased(secret: &[u8]) -> bool {
    secret.len() >= SHORTEST_CASED && secret.iter().any(u8::is_ascii_alphabetic)
}

/// A way to write a text.
pub(crate) type Form = fn(&str) -> String;

/// The ways a secret may be written where it comes back, by name; as it is comes first, and what begins another comes behind it.
pub(crate) const FORMS: [(&str, Form); 12] = [
    ("", str::to_owned),
    ("percent", percent),
    ("percent-lower", |text| lower(&percent(text))),
    ("form", form),
    ("form-lower", |text| lower(&form(text))),
    ("form-path", |text| form(text).replace('+', "%20")),
    ("base64", |text| general_purpose::STANDARD.encode(text)),
    ("base64-bare", |text| general_purpose::STANDARD_NO_PAD.encode(text)),
    ("base64url", |text| general_purpose::URL_SAFE.encode(text)),
    ("base64url-bare", |text| general_purpose::URL_SAFE_NO_PAD.encode(text)),
    ("hex", |text| hex::encode(text)),
    ("hex-upper", |text| hex::encode_upper(text)),
];

fn form(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// As a value stands in an address that is made: RFC 3986, with every sign encoded that may be.
fn percent(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The same with the digits behind a percent sign in small letters.
fn lower(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        format!("{out}%{}{rest}", digits.to_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_in_every_form_it_may_come_back_in() {
        let config = Config::new([("token".into(), Secret::new("s3cr+t/key".into()))]);
        for form in ["s3cr+t/key", "czNjcit0L2tleQ==", "czNjcit0L2tleQ", "733363722b742f6b6579", "733363722B742F6B6579", "s3cr%2Bt%2Fkey", "s3cr%2bt%2fkey"] {
            let masked = config.redact(&format!("bad token {form}!"));
            assert_eq!(masked, "bad token •••!");
        }
    }
}
