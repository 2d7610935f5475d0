//! `derive` of a configuration value: one that is made of others, and given by nobody.

use std::sync::Arc;

use expr::Template;

use super::config::ConfigEntry;
use crate::{check::{Check, Node}, template::template_at};

/// What a value is made of. Equal when written the same.
#[derive(Debug, Clone)]
pub struct Derive(Arc<Template>);

impl Derive {
    /// The expression.
    #[must_use]
    pub fn template(&self) -> &Template {
        &self.0
    }

    /// The names of the values it is made of, as often as they stand.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.names().into_iter().filter_map(|(_, steps)| steps.first().map(|name| &**name))
    }
}

impl PartialEq for Derive {
    fn eq(&self, other: &Self) -> bool {
        self.0.source() == other.0.source()
    }
}

impl Eq for Derive {}

/// The names a value may be made of.
pub(crate) const SEEN: &[&str] = &["config"];
/// Values of one definition that are made of others: they are made before each call.
const MOST: usize = 32;
/// Functions that give another value the next time: values of a connection are the same whenever they are looked at.
const CHANGING: &[&str] = &["now", "today", "uuid"];

/// Reads what values are made of, once all names are known.
pub(crate) fn read(cx: &mut Check, config: &Node<'_>, entries: &mut [ConfigEntry]) {
    let written = config.value.entries().unwrap_or_default().iter().map(|(name, value)| config.child(name, value));
    let made: Vec<Node<'_>> = written.filter(|node| node.value.get("derive").is_some()).collect();
    if let Some(surplus) = made.get(MOST) {
        cx.error("definition_unknown_value", &surplus.at, format!("more than {MOST} values are made of others"), "write the expression where it is used");
        return;
    }
    for node in made {
        let (Some(entry), Some(derive)) = (entries.iter_mut().find(|entry| entry.name == node.name()), node.get("derive")) else { continue };
        entry.derive = one(cx, &node, &derive).map(|template| Derive(Arc::new(template)));
    }
    circles(cx, entries);
    secrets(entries);
}

fn one(cx: &mut Check, entry: &Node<'_>, node: &Node<'_>) -> Option<Template> {
    if let Some(default) = entry.get("default") {
        cx.error("definition_unknown_key", &default.at, "a value that is made of others has no default", "remove it, or write `default(…)` in `derive`");
    }
    let text = node.text(cx)?;
    let template = template_at(cx, node, text, SEEN)?;
    if template.names().is_empty() {
        cx.error("definition_unknown_value", &node.at, "no other value is in it, so it is always the same", "write it as `default`, or name a value as `{{ config.NAME }}`");
        return None;
    }
    if let Some(changing) = template.calls().into_iter().find(|name| CHANGING.contains(name)) {
        cx.error("definition_unknown_value", &node.at, format!("`{changing}()` gives another value each time, and a value of a connection is the same whenever it is looked at"), "write the expression where it is used");
        return None;
    }
    Some(template)
}

/// No value is made of itself.
fn circles(cx: &mut Check, entries: &[ConfigEntry]) {
    for entry in entries.iter().filter(|entry| entry.derive.is_some()) {
        let mut way = Vec::new();
        if reaches(entries, entry, &entry.name, &mut way) {
            let hint = if way.is_empty() { "name other values".to_owned() } else { format!("it comes back by {}: make one of them of other values", way.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")) };
            cx.error("definition_unknown_value", &format!("/config/{}/derive", document::token(&entry.name)), format!("`{}` is made of itself", entry.name), hint);
        }
    }
}

/// Whether a value is made of the one of this name; `way` has those that were looked at, each once.
fn reaches<'e>(entries: &'e [ConfigEntry], from: &'e ConfigEntry, name: &str, way: &mut Vec<&'e str>) -> bool {
    from.derive.iter().flat_map(Derive::names).any(|next| {
        if next == name {
            return true;
        }
        let Some(entry) = entries.iter().find(|entry| entry.name == next && entry.derive.is_some() && !way.contains(&entry.name.as_str())) else { return false };
        way.push(&entry.name);
        reaches(entries, entry, name, way)
    })
}

/// What is made of a secret is one.
fn secrets(entries: &mut [ConfigEntry]) {
    for _ in 0..MOST {
        let secret: Vec<String> = entries.iter().filter(|entry| entry.secret).map(|entry| entry.name.clone()).collect();
        for entry in entries.iter_mut() {
            entry.secret |= entry.derive.iter().flat_map(Derive::names).any(|name| secret.iter().any(|secret| secret == name));
        }
    }
}
