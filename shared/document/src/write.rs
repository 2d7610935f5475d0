//! Values as JSON text: compact, numbers as they were written.

use std::fmt;

use crate::{Item, Value, doc::plain_text, escape::write_text};

impl Item<'_> {
    /// Appends the value as compact JSON.
    pub fn write(self, out: &mut Vec<u8>) {
        match self {
            Item::Null => out.extend_from_slice(b"null"),
            Item::Bool(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
            Item::Number(text) => out.extend_from_slice(text.as_bytes()),
            Item::Text(text) => write_text(out, text),
            Item::List(items) => list(out, items.iter().copied()),
            Item::Map(entries) => map(out, entries.iter(), |out, (key, item)| member(out, key, *item)),
            Item::Node(node) if node.doc.plain => out.extend_from_slice(node.raw().as_bytes()),
            Item::Node(node) => match node.sort() {
                crate::Sort::Object => map(out, node.children(), |out, (key, child)| {
                    member(out, &key.map(|key| plain_text(key, node.doc.text)).unwrap_or_default(), child.item());
                }),
                crate::Sort::Array => list(out, node.children().map(|(_, child)| child.item())),
                _ => write_text(out, &node.text()),
            },
            Item::Tree(value) => tree(out, value),
        }
    }

    /// The value as compact JSON.
    #[must_use]
    pub fn to_json(self) -> String {
        let mut out = Vec::new();
        self.write(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }
}

fn tree(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(value) => Item::Bool(*value).write(out),
        Value::Number(number) => out.extend_from_slice(number.text().as_bytes()),
        Value::String(text) => write_text(out, text),
        Value::Array(items) => list(out, items.iter().map(Item::Tree)),
        Value::Object(entries) => map(out, entries.iter(), |out, (key, value)| member(out, key, Item::Tree(value))),
    }
}

fn list<'a>(out: &mut Vec<u8>, items: impl Iterator<Item = Item<'a>>) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        item.write(out);
    }
    out.push(b']');
}

fn map<T>(out: &mut Vec<u8>, entries: impl Iterator<Item = T>, mut each: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'{');
    for (index, entry) in entries.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        each(out, entry);
    }
    out.push(b'}');
}

fn member(out: &mut Vec<u8>, key: &str, item: Item<'_>) {
    write_text(out, key);
    out.push(b':');
    item.write(out);
}

impl fmt::Display for Item<'_> {
    /// Compact JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl fmt::Display for Value {
    /// Compact JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Item::Tree(self).to_json())
    }
}
