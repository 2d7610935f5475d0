//! Where a definition uses which element: the definition and the declarations are walked side by side.

use connector::{ROOT, shape::{Element, Takes}};
use document::{Value, token};

/// One use of an element.
pub(crate) struct Use<'v> {
    pub(crate) element: &'static Element,
    pub(crate) value: &'v Value,
    /// JSON Pointer to it.
    pub(crate) at: String,
}

/// The uses in a definition.
pub(crate) fn of(definition: &Value) -> Vec<Use<'_>> {
    let mut found = Vec::new();
    walk(&Takes::Of(&ROOT), definition, "", &mut found);
    found
}

fn walk<'v>(takes: &Takes, value: &'v Value, at: &str, found: &mut Vec<Use<'v>>) {
    let below = |key: &str| format!("{at}/{}", token(key));
    match takes {
        Takes::Of(element) => {
            found.push(Use { element, value, at: at.to_owned() });
            for key in element.keys {
                value.get(key.name).into_iter().for_each(|value| walk(&key.takes, value, &below(key.name), found));
            }
        }
        Takes::Choice(key, elements) => {
            let word = value.get(key).and_then(Value::as_str);
            elements.iter().filter(|element| word == Some(element.name)).for_each(|element| walk(&Takes::Of(element), value, at, found));
        }
        Takes::List(of) => value.items().unwrap_or_default().iter().enumerate().for_each(|(index, item)| walk(of, item, &below(&index.to_string()), found)),
        Takes::Map(of) => value.entries().unwrap_or_default().iter().for_each(|(name, entry)| walk(of, entry, &below(name), found)),
        Takes::Either(several) => several.iter().find(|takes| fits(takes, value)).into_iter().for_each(|takes| walk(takes, value, at, found)),
        _ => {}
    }
}

/// Whether it is this of several that is meant: an object has its keys, and no other.
fn fits(takes: &Takes, value: &Value) -> bool {
    match takes {
        Takes::Of(element) => value.entries().is_some_and(|entries| entries.iter().all(|(name, _)| element.keys.iter().any(|key| key.name == name)) && element.keys.iter().all(|key| !key.required || value.get(key.name).is_some())),
        Takes::Choice(key, _) => value.get(key).is_some(),
        Takes::List(_) => value.items().is_some(),
        Takes::Map(_) => value.entries().is_some(),
        _ => value.entries().is_none() && value.items().is_none(),
    }
}
