//! Values as JSON text: compact, numbers as they were written.

use std::fmt;

use crate::{Item, Sort, Value, doc::plain_text, escape::write_text};

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
                Sort::Object => map(out, node.children(), |out, (key, child)| {
                    member(out, &key.map(|key| plain_text(key, node.doc.text)).unwrap_or_default(), child.item());
                }),
                Sort::Array => list(out, node.children().map(|(_, child)| child.item())),
                // A scalar has no space in it: it is copied as it stands, whatever is around it.
                Sort::Text | Sort::Null | Sort::Bool | Sort::Number => out.extend_from_slice(node.raw().as_bytes()),
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

#[cfg(test)]
mod tests {
    use crate::{Item, Parser};

    #[test]
    fn a_part_is_written_as_it_stood_without_the_space_around_it() {
        for text in [r#"{"a":19.990,"b":[1E400,null,true,"x\u0041"],"c":{"d":-0.0}}"#, "[]", "\"å\\n\""] {
            let spaced = text.replace(',', " ,\n").replace(':', "\t: ");
            for text in [text, &spaced] {
                let mut parser = Parser::default();
                let doc = parser.parse(text.as_bytes()).unwrap();
                let plain = text.replace([' ', '\n', '\t'], "");
                assert_eq!(doc.root().to_json(), plain, "{text}");
                let mut parts = Vec::new();
                doc.root().parts(|key, item| parts.push(format!("\"{key}\":{item}")));
                if let Item::Node(_) = doc.root() && !parts.is_empty() {
                    assert_eq!(format!("{{{}}}", parts.join(",")), plain, "{text}");
                }
            }
        }
    }
}
