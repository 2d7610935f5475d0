//! `config`: the values a connection is given, secrets among them.

use crate::{Pattern, check::{Check, Node}};

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
    /// What the whole value has to look like.
    pub pattern: Option<Pattern>,
}

impl ConfigEntry {
    pub(crate) fn implied(name: &str) -> Self {
        Self { name: name.to_owned(), kind: ConfigKind::String, secret: true, optional: false, default: None, pattern: None }
    }
}

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Vec<ConfigEntry> {
    let entries = node.entries(cx).unwrap_or_default();
    entries.iter().filter_map(|entry| self::entry(cx, entry)).collect()
}

fn entry(cx: &mut Check, node: &Node<'_>) -> Option<ConfigEntry> {
    node.object(cx, &["type", "secret", "optional", "default", "pattern", "description"])?;
    let kind = node.need(cx, "type")?.word(cx, &["string", "integer", "decimal", "boolean", "url"])?;
    let flag = |cx: &mut Check, key: &str| node.get(key).and_then(|flag| flag.boolean(cx)).unwrap_or(false);
    let (secret, optional) = (flag(cx, "secret"), flag(cx, "optional"));
    let default = node.get("default").and_then(|default| default.value.plain());
    if secret && default.is_some() {
        cx.error("definition_unknown_value", &format!("{}/default", node.at), "a secret has a default", "remove it: secrets come from the connection");
    }
    if let Some(description) = node.get("description") {
        description.text(cx);
    }
    let pattern = node.get("pattern").and_then(|pattern| self::pattern(cx, &pattern));
    let kind = match kind {
        "integer" => ConfigKind::Integer,
        "decimal" => ConfigKind::Decimal,
        "boolean" => ConfigKind::Boolean,
        "url" => ConfigKind::Url,
        _ => ConfigKind::String,
    };
    Some(ConfigEntry { name: node.name(), kind, secret, optional, default, pattern })
}

fn pattern(cx: &mut Check, node: &Node<'_>) -> Option<Pattern> {
    match Pattern::parse(node.text(cx)?) {
        Ok(pattern) => Some(pattern),
        Err(reason) => {
            cx.error("definition_unknown_value", &node.at, reason, "write it like `^[a-z0-9-]+$`");
            None
        }
    }
}
