//! An element of XML while it is open: what is known of it so far, and the JSON it becomes.

use std::collections::{HashMap, HashSet};

use document::write_text;

/// An element that is not closed yet.
#[derive(Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    /// Its texts, one behind the other.
    pub(crate) text: String,
    /// What it has by key, in the order in which keys first stand.
    entries: Vec<Entry>,
    places: HashMap<String, usize>,
}

/// The values of one key, as JSON with commas between.
struct Entry {
    json: Vec<u8>,
    count: usize,
    attribute: bool,
}

/// White space of XML.
pub(crate) fn is_space(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\n' | '\r')
}

impl Element {
    pub(crate) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Whether it has neither attributes nor children.
    pub(crate) fn is_leaf(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds an attribute; false if its key stands already.
    pub(crate) fn attribute(&mut self, key: String, value: &str) -> bool {
        let entry = self.entry(key);
        entry.count += 1;
        entry.attribute = true;
        write_text(&mut entry.json, value);
        entry.count == 1
    }

    /// Adds a child; false if its name is the key of an attribute.
    pub(crate) fn child(&mut self, name: String, json: &[u8]) -> bool {
        let entry = self.entry(name);
        if entry.count > 0 {
            entry.json.push(b',');
        }
        entry.count += 1;
        entry.json.extend_from_slice(json);
        !entry.attribute
    }

    /// Appends its JSON; false if its text has the key of something else.
    pub(crate) fn write(&self, out: &mut Vec<u8>, text_key: &str, listed: &HashSet<&str>) -> bool {
        let text = self.text.trim_matches(is_space);
        if self.is_leaf() {
            write_text(out, text);
            return true;
        }
        let mut keys: Vec<(&String, &usize)> = self.places.iter().collect();
        keys.sort_unstable_by_key(|(_, place)| **place);
        for (index, ((key, _), entry)) in keys.into_iter().zip(&self.entries).enumerate() {
            out.push(if index == 0 { b'{' } else { b',' });
            write_text(out, key);
            let list = entry.count > 1 || !entry.attribute && listed.contains(key.as_str());
            out.extend_from_slice(if list { b":[" } else { b":" });
            out.extend_from_slice(&entry.json);
            out.extend_from_slice(if list { b"]" } else { b"" });
        }
        if !text.is_empty() {
            out.push(b',');
            write_text(out, text_key);
            out.push(b':');
            write_text(out, text);
        }
        out.push(b'}');
        text.is_empty() || !self.places.contains_key(text_key)
    }

    fn entry(&mut self, key: String) -> &mut Entry {
        let next = self.entries.len();
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.entries.push(Entry { json: Vec::new(), count: 0, attribute: false });
        }
        &mut self.entries[place]
    }
}
