//! Definitions and the shape of the language side by side: which element stands where.

use connector::{ROOT, shape::{Element, Takes}};
use document::{Value, token};

/// An object of the language in a definition.
pub(crate) struct Object {
    /// JSON Pointer to it.
    pub(crate) at: String,
    /// What it is.
    pub(crate) element: &'static Element,
    keys: Vec<String>,
}

impl Object {
    /// Whether a key stands in it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known == key)
    }
}

/// Every object of the language in a definition; what an author names freely is passed through.
pub(crate) fn closed(definition: &Value) -> Vec<Object> {
    let mut found = Vec::new();
    walk(&Takes::Of(&ROOT), definition, String::new(), &mut found);
    found
}

fn walk(takes: &Takes, value: &Value, at: String, found: &mut Vec<Object>) {
    match (takes, value) {
        (Takes::Of(element), Value::Object(entries)) => object(element, entries, &at, found),
        (Takes::Choice(key, elements), Value::Object(entries)) => {
            let word = value.get(key).and_then(Value::as_str);
            if let Some(element) = elements.iter().find(|element| Some(element.name) == word) {
                object(element, entries, &at, found);
            }
        }
        (Takes::List(inner), Value::Array(items)) => items.iter().enumerate().for_each(|(index, item)| walk(inner, item, format!("{at}/{index}"), found)),
        (Takes::Map(inner), Value::Object(entries)) => entries.iter().for_each(|(name, entry)| walk(inner, entry, format!("{at}/{}", token(name)), found)),
        (Takes::Either(ways), _) => {
            if let Some(way) = ways.iter().find(|way| is(way, value)) {
                walk(way, value, at, found);
            }
        }
        _ => {}
    }
}

fn object(element: &'static Element, entries: &[(String, Value)], at: &str, found: &mut Vec<Object>) {
    found.push(Object { at: at.to_owned(), element, keys: entries.iter().map(|(name, _)| name.clone()).collect() });
    for (name, entry) in entries {
        if let Some(key) = element.keys.iter().find(|key| key.name == name) {
            walk(&key.takes, entry, format!("{at}/{}", token(name)), found);
        }
    }
}

/// Whether a value that is right is this one of several kinds: an object by its keys, anything else by its type.
fn is(takes: &Takes, value: &Value) -> bool {
    match (takes, value) {
        (Takes::Of(element), Value::Object(entries)) => element.keys.iter().all(|key| !key.required || value.get(key.name).is_some()) && entries.iter().all(|(name, _)| element.keys.iter().any(|key| key.name == name)),
        (Takes::Choice(key, _), Value::Object(_)) => value.get(key).is_some(),
        (Takes::List(inner), Value::Array(items)) => items.iter().all(|item| is(inner, item)),
        (Takes::Map(inner), Value::Object(entries)) => entries.iter().all(|(_, entry)| is(inner, entry)),
        _ => fits(takes, value),
    }
}

/// Whether a value has the type a key takes, so that nothing can be said against it by its type alone.
pub(crate) fn fits(takes: &Takes, value: &Value) -> bool {
    match takes {
        Takes::Any | Takes::Tree => true,
        Takes::Text | Takes::Template | Takes::Path { .. } | Takes::Duration | Takes::Words(_) | Takes::Word(_) => value.as_str().is_some(),
        Takes::Values => !matches!(value, Value::Object(_) | Value::Null) && value.items().is_none_or(|items| items.iter().all(|item| item.plain().is_some())),
        Takes::Boolean => value.as_bool().is_some(),
        Takes::Integer | Takes::Count => value.as_i64().is_some(),
        Takes::Decimal => matches!(value, Value::Number(_)),
        Takes::Of(_) | Takes::Choice(..) => false,
        Takes::List(inner) => value.items().is_some_and(|items| items.iter().all(|item| fits(inner, item))),
        Takes::Map(inner) => value.entries().is_some_and(|entries| entries.iter().all(|(_, entry)| fits(inner, entry))),
        Takes::Either(ways) => ways.iter().any(|way| fits(way, value)),
    }
}

/// The definition with a part of it changed.
pub(crate) fn with(definition: &Value, at: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = definition.clone();
    let mut part = &mut changed;
    for word in at.split('/').skip(1) {
        part = step(part, word).expect("the place is there");
    }
    change(part);
    changed
}

fn step<'v>(value: &'v mut Value, word: &str) -> Option<&'v mut Value> {
    let name = word.replace("~1", "/").replace("~0", "~");
    match value {
        Value::Object(entries) => entries.iter_mut().find(|(key, _)| *key == name).map(|(_, value)| value),
        Value::Array(items) => items.get_mut(word.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Whether a pointer leads to something of the definition, or to a member something there does not have.
pub(crate) fn stands(definition: &Value, at: &str) -> bool {
    let mut part = definition.clone();
    let words: Vec<&str> = at.split('/').skip(1).collect();
    words.iter().enumerate().all(|(index, word)| match step(&mut part, word).cloned() {
        Some(inner) => {
            part = inner;
            true
        }
        None => index + 1 == words.len() && part.entries().is_some(),
    })
}
