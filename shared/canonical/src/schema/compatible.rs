//! Whether a new version of a type can take the place of an old one: whatever was right stays right and means the same.
//!
//! Allowed: a new optional field, a further word, a wider bound, a rule less. Refused: a field taken away or renamed, a
//! field newly required, a word less, a narrower form, another key or order. A version that must do so says in `breaking`
//! what its readers have to know. An unnamed field an old document may hold is not considered: nobody gave it a meaning.

use std::cmp::Ordering;

use document::number_cmp;
use fault::Finding;

use super::{Fields, Rule, Schema};

/// Everything in which the new version breaks what the old one promised, with pointers into the new schema.
#[must_use]
pub fn compatible(old: &Schema, new: &Schema) -> Vec<Finding> {
    let mut pair = Pair { old, new, findings: Vec::new() };
    if old.name != new.name {
        pair.tell("/x-pullpush/type", "another type is another schema");
    }
    if new.version <= old.version {
        pair.tell("/x-pullpush/version", "a later version has a larger number");
    }
    if old.key != new.key || old.key_parts != new.key_parts {
        pair.tell("/x-pullpush/key", "the key rule is not what it was: records would be told apart in another way");
    }
    if old.order != new.order {
        pair.tell("/x-pullpush/order", "the order rule is not what it was");
    }
    pair.rules(old.nodes.len() - 1, new.nodes.len() - 1, "");
    pair.findings
}

struct Pair<'s> {
    old: &'s Schema,
    new: &'s Schema,
    findings: Vec<Finding>,
}

impl Pair<'_> {
    fn tell(&mut self, pointer: &str, message: impl Into<String>) {
        self.findings.push(Finding::error("canonical_incompatible", pointer, message, "take it back, or say in `breaking` what readers of the older version have to do"));
    }

    fn rules(&mut self, old: usize, new: usize, at: &str) {
        let (old, new) = (&self.old.nodes[old], &self.new.nodes[new]);
        self.scalars(old, new, at);
        match (old.items, new.items) {
            (Some(old), Some(new)) => self.rules(old, new, &format!("{at}/items")),
            (None, Some(_)) => self.tell(&format!("{at}/items"), "elements have a form now, which they had not"),
            _ => {}
        }
        match (&old.fields, &new.fields) {
            (Some(old), Some(new)) => self.fields(old, new, at),
            (Some(_), None) => self.tell(&format!("{at}/properties"), "its fields are gone"),
            (None, Some(_)) => self.tell(&format!("{at}/properties"), "its fields have forms now, which they had not"),
            (None, None) => {}
        }
    }

    fn scalars(&mut self, old: &Rule, new: &Rule, at: &str) {
        if old.sorts.0 & !new.sorts.0 != 0 {
            self.tell(&format!("{at}/type"), "a sort of value that was right is not any more");
        }
        if let Some(words) = &new.words {
            match &old.words {
                None => self.tell(&format!("{at}/enum"), "the words are counted now, which they were not"),
                Some(before) => {
                    for word in before.iter().filter(|word| !words.contains(word)) {
                        self.tell(&format!("{at}/enum"), format!("the word `{word}` is gone"));
                    }
                }
            }
        }
        if new.format.is_some() && old.format != new.format {
            self.tell(&format!("{at}/format"), "the format is narrower or another");
        }
        if new.pattern.is_some() && old.pattern != new.pattern {
            self.tell(&format!("{at}/pattern"), "the pattern is new or another");
        }
        let narrower = |old: Option<usize>, new: Option<usize>, way: Ordering| new.is_some_and(|new| old.is_none_or(|old| new.cmp(&old) == way));
        let bound = |old: &Option<String>, new: &Option<String>, way: Ordering| new.as_ref().is_some_and(|new| old.as_ref().is_none_or(|old| number_cmp(new, old) == way));
        for (keyword, tighter) in [
            ("minLength", narrower(old.shortest, new.shortest, Ordering::Greater)), ("maxLength", narrower(old.longest, new.longest, Ordering::Less)),
            ("minimum", bound(&old.least, &new.least, Ordering::Greater)), ("maximum", bound(&old.most, &new.most, Ordering::Less)),
        ] {
            if tighter {
                self.tell(&format!("{at}/{keyword}"), "the bound is narrower");
            }
        }
    }

    fn fields(&mut self, old: &Fields, new: &Fields, at: &str) {
        let was = |name: &str| old.slots.find(name);
        let had = |bits: u64, name: &str| was(name).is_some_and(|bit| bits & (1 << bit) != 0);
        for field in &old.list {
            let pointer = format!("{at}/properties/{}", field.name);
            match new.slots.find(&field.name) {
                Some(bit) => self.rules(field.rule, new.list[bit].rule, &pointer),
                None => self.tell(&pointer, "the field is gone, or has another name"),
            }
        }
        for (bit, field) in new.list.iter().enumerate() {
            let name = &field.name;
            if new.required & (1 << bit) != 0 && !had(old.required, name) {
                self.tell(&format!("{at}/required"), format!("`{name}` is required now, which it was not"));
            }
            // A field that is new may need whatever it likes: nobody has it yet.
            let Some(before) = was(name) else { continue };
            let needed = new.dependent.iter().filter(|(who, _)| *who == 1 << bit).fold(0, |all, (_, what)| all | what);
            let needed_before = old.dependent.iter().filter(|(who, _)| *who == 1 << before).fold(0, |all, (_, what)| all | what);
            for (_, other) in new.list.iter().enumerate().filter(|(other, field)| needed & (1 << other) != 0 && !had(needed_before | old.required, &field.name)) {
                self.tell(&format!("{at}/dependentRequired/{name}"), format!("`{name}` needs `{}` now, which it did not", other.name));
            }
        }
    }
}
