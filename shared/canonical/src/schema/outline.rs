//! A schema as rows for people: every field with what it is called, what it means and what it must be.
//!
//! The reference of the canonical model is made of these.

use super::Schema;

/// One field of a type, or of an object in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it is: names joined by dots, `[]` behind a list, such as `lineItems[].sku`.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// What it is, and in which unit.
    pub description: String,
    /// What it must be, as a phrase.
    pub form: String,
    /// Whether its object needs it.
    pub required: bool,
    /// The fields it needs beside it.
    pub needs: Vec<String>,
}

impl Schema {
    /// Every field, those of inner objects behind their own.
    #[must_use]
    pub fn outline(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        self.rows(self.nodes.len() - 1, "", &mut entries);
        entries
    }

    fn rows(&self, rule: usize, above: &str, entries: &mut Vec<Entry>) {
        let rule = &self.nodes[rule];
        if let Some(items) = rule.items {
            return self.rows(items, &format!("{}[].", above.trim_end_matches('.')), entries);
        }
        let Some(fields) = &rule.fields else { return };
        for (bit, field) in fields.list.iter().enumerate() {
            let path = format!("{above}{}", field.name);
            let needed = fields.dependent.iter().filter(|(who, _)| *who == 1 << bit).fold(0, |all, (_, what)| all | what);
            let needs = fields.list.iter().enumerate().filter(|(bit, _)| needed & (1 << bit) != 0).map(|(_, field)| field.name.clone()).collect();
            entries.push(Entry { path: path.clone(), title: field.title.clone(), description: field.description.clone(), form: self.expected(field.rule), required: fields.required & (1 << bit) != 0, needs });
            self.rows(field.rule, &format!("{path}."), entries);
        }
    }
}
