//! `config`: the values a connection is given, secrets among them.

use jiff::tz::TimeZone;

use super::{derive::Derive, secret};
use crate::{Pattern, TimeFormat, check::{Check, Node}, shape::{Element, Key, Takes}};

/// What kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigKind {
    /// A text.
    String,
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// An absolute address requests may start with.
    Url,
    /// A date, such as `2026-01-31`.
    Date,
    /// An instant by RFC 3339.
    Datetime,
    /// Several texts: a JSON array, or parts with commas between them.
    Array,
}

/// One value a connection is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigEntry {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: ConfigKind,
    /// Never shown.
    pub secret: bool,
    /// May be left out.
    pub optional: bool,
    /// The value where none is given, as text.
    pub default: Option<String>,
    /// What the whole value has to look like; of an array, each part.
    pub pattern: Option<Pattern>,
    /// The values it may have; empty is any.
    pub choices: Vec<String>,
    /// What it is made of; then nobody gives it.
    pub derive: Option<Derive>,
    /// What it is, for people.
    pub description: Option<String>,
}

impl ConfigEntry {
    /// Whether a connection has to be given it.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        !self.optional && self.default.is_none() && self.derive.is_none()
    }

    pub(crate) fn implied(name: &str) -> Self {
        Self { name: name.to_owned(), kind: ConfigKind::String, secret: true, optional: false, default: None, pattern: None, choices: Vec::new(), derive: None, description: None }
    }
}

const KINDS: &[&str] = &["string", "integer", "decimal", "boolean", "url", "date", "datetime", "array"];

/// A value of `config`.
pub(crate) static ENTRY: Element = Element {
    name: "config",
    doc: "A value a connection is given.",
    keys: &[
        Key::required("type", Takes::Words(KINDS), "What kind of value."),
        Key::new("items", Takes::Words(&["string"]), "What an array holds."),
        Key::new("secret", Takes::Boolean, "Never shown; every value is sealed."),
        Key::new("optional", Takes::Boolean, "May be left out."),
        Key::new("default", Takes::Either(&[Takes::Text, Takes::Decimal, Takes::Boolean]), "The value where none is given; a secret has none."),
        Key::new("pattern", Takes::Text, "A regular expression the whole value must fit; needed where the value is part of a host."),
        Key::new("enum", Takes::List(&Takes::Text), "The values it may have."),
        Key::new("derive", Takes::Template, "What it is made of, such as `https://{{ config.shop }}.example`: other values of `config`, in any expression that gives the same whenever it is looked at. Nobody is asked for it, it is held to its own `pattern`, and made of a secret it is one."),
        Key::new("description", Takes::Text, "What it is, for people."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<ConfigEntry> {
    let entries = node.entries(cx).unwrap_or_default();
    entries.iter().filter_map(|entry| self::entry(cx, entry)).collect()
}

fn entry(cx: &mut Check, node: &Node<'_>) -> Option<ConfigEntry> {
    ENTRY.open(cx, node)?;
    let kind = node.need(cx, "type").and_then(|kind| kind.word(cx, KINDS));
    if let Some(items) = node.get("items") {
        items.word(cx, &["string"]);
        if kind.is_some_and(|kind| kind != "array") {
            cx.error("definition_unknown_key", &items.at, "`items` belongs to an array", "set `\"type\": \"array\"`, or remove it");
        }
    }
    let flag = |cx: &mut Check, key: &str| node.get(key).and_then(|flag| flag.boolean(cx)).unwrap_or(false);
    let (secret, optional) = (flag(cx, "secret"), flag(cx, "optional"));
    let default = node.get("default").and_then(|default| default.value.plain());
    let expression = default.as_ref().filter(|text| text.contains("{{"));
    let hidden = secret || (expression.is_none() && secret::is_name(&node.name()));
    if let Some(given) = node.get("default") {
        if hidden {
            cx.error("definition_secret", &given.at, "a secret has a default", "remove it: secrets come from the connection");
        } else if let Some(text) = expression {
            cx.error("definition_unknown_value", &given.at, format!("a default is a value, and `{text}` is an expression"), "write it where the value is used: `{{ default(config.NAME, …) }}`");
        } else if let Some(kind) = kind {
            self::default(cx, &given, kind, default.as_deref());
        }
    }
    let description = node.get("description").and_then(|description| description.text(cx)).map(str::to_owned);
    let choices = node.get("enum").and_then(|choices| choices.items(cx)).unwrap_or_default();
    let mut known: Vec<String> = Vec::new();
    for choice in &choices {
        let Some(text) = choice.text(cx) else { continue };
        if known.iter().any(|known| known == text) {
            cx.error("definition_unknown_value", &choice.at, "the value stands twice", "remove one of them");
            continue;
        }
        known.push(text.to_owned());
    }
    let choices = known;
    if let Some(empty) = node.get("enum").filter(|choices| choices.value.items().is_some_and(<[_]>::is_empty)) {
        cx.error("definition_unknown_value", &empty.at, "there is no value it may have", "name one, or remove `enum`");
    }
    if let Some(default) = default.as_ref().filter(|default| expression.is_none() && !hidden && !choices.is_empty() && !choices.contains(default)) {
        cx.error("definition_unknown_value", &format!("{}/default", node.at), format!("`{default}` is none of `enum`"), format!("use one of: {}", choices.join(", ")));
    }
    let pattern = node.get("pattern").and_then(|pattern| self::pattern(cx, &pattern));
    if node.get("pattern").is_some() && pattern.is_none() {
        return None;
    }
    if let (Some(pattern), Some(default)) = (&pattern, default.as_ref().filter(|_| expression.is_none() && !hidden && kind != Some("array")))
        && !pattern.fits(default)
    {
        cx.error("definition_unknown_value", &format!("{}/default", node.at), format!("`{default}` does not fit `pattern`"), "write a default that fits it");
    }
    let kind = match kind? {
        "integer" => ConfigKind::Integer,
        "decimal" => ConfigKind::Decimal,
        "boolean" => ConfigKind::Boolean,
        "url" => ConfigKind::Url,
        "date" => ConfigKind::Date,
        "datetime" => ConfigKind::Datetime,
        "array" => ConfigKind::Array,
        _ => ConfigKind::String,
    };
    Some(ConfigEntry { name: node.name(), kind, secret, optional, default, pattern, choices, derive: None, description })
}

/// A default that is no value of its kind.
fn default(cx: &mut Check, node: &Node<'_>, kind: &str, text: Option<&str>) {
    let Some(text) = text else { return node.wrong(cx, "a text, a number, true or false").unwrap_or(()) };
    let (fits, expected) = match kind {
        "integer" => (text.parse::<i64>().is_ok(), "a whole number"),
        "decimal" => (document::parse_str(text).is_ok_and(|value| matches!(value, document::Value::Number(_))), "a number"),
        "boolean" => (matches!(text, "true" | "false"), "`true` or `false`"),
        "url" => (url::Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.has_host()), "an address such as `https://api.example.com`"),
        "date" => (text.len() == 10 && TimeFormat::Date.read(text, &TimeZone::UTC).is_some(), "a date such as `2026-01-31`"),
        "datetime" => (expr::instant(text).is_some(), "an instant such as `2026-01-31T12:00:00Z`"),
        _ => (true, ""),
    };
    if !fits {
        cx.error("definition_unknown_value", &node.at, format!("`{text}` is no value of type `{kind}`"), format!("write {expected}"));
    }
}

pub(crate) fn pattern(cx: &mut Check, node: &Node<'_>) -> Option<Pattern> {
    match Pattern::parse(node.text(cx)?) {
        Ok(pattern) => Some(pattern),
        Err(reason) => {
            cx.error("definition_unknown_value", &node.at, reason, "write it like `^[a-z0-9-]+$`");
            None
        }
    }
}
