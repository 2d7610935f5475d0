//! `metadata`: what the connector is called and which sides it has.

use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// Which sides a connector has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Changes are read from it.
    Source,
    /// Events are delivered to it.
    Destination,
    /// Both.
    Both,
}

/// What a connector is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The name it is registered under: `a-z`, `0-9` and `-`.
    pub slug: String,
    /// Its sides.
    pub side: Side,
    /// Its name for people.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The version of the definition.
    pub version: Option<String>,
}

/// `metadata`.
pub(crate) static METADATA: Element = Element {
    name: "metadata",
    doc: "What the connector is called and which sides it has.",
    keys: &[
        Key::required("slug", Takes::Text, "The name it is registered under: 1 to 64 characters of a-z, 0-9 and `-`."),
        Key::required("type", Takes::Words(&["source", "destination", "both"]), "Which sides it has."),
        Key::new("name", Takes::Text, "Its name for people."),
        Key::new("description", Takes::Text, "What it is for."),
        Key::new("version", Takes::Text, "The version of the definition."),
        Key::new("categories", Takes::List(&Takes::Text), "What it is listed under."),
    ],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Metadata> {
    METADATA.open(cx, node)?;
    let slug = node.need(cx, "slug").and_then(|slug| self::slug(cx, &slug));
    let side = node.need(cx, "type").and_then(|side| side.word(cx, &["source", "destination", "both"]));
    let text = |cx: &mut Check, key: &str| node.get(key).and_then(|value| value.text(cx)).map(str::to_owned);
    let (name, description, version) = (text(cx, "name"), text(cx, "description"), text(cx, "version"));
    if let Some(categories) = node.get("categories").and_then(|categories| categories.items(cx)) {
        categories.iter().for_each(|category| _ = category.text(cx));
    }
    let side = match side? {
        "source" => Side::Source,
        "destination" => Side::Destination,
        _ => Side::Both,
    };
    Some(Metadata { slug: slug?, side, name, description, version })
}

fn slug(cx: &mut Check, node: &Node<'_>) -> Option<String> {
    let text = node.text(cx)?;
    if !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        return Some(text.to_owned());
    }
    cx.error("definition_unknown_value", &node.at, "a slug is 1 to 64 characters of a-z, 0-9 and `-`", "choose another slug");
    None
}
